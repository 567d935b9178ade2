/** A guarded route, and how a browser asks for it. */
export interface Route {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const BROWSER = {
  "user-agent":
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "en-GB,en;q=0.9,zh-CN;q=0.8",
  "sec-fetch-site": "same-origin",
};

export const ROUTES = {
  json: {
    path: "/api/orders",
    headers: { ...BROWSER, accept: "application/json", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" },
  },
  page: {
    path: "/orders",
    headers: {
      ...BROWSER,
      accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "upgrade-insecure-requests": "1",
    },
  },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof ROUTES;

/** The bytes of a GET request that carries these cookies; none when the header is empty. */
export function requestBytes({ path, headers }: Route, port: number, cookies: string): Buffer {
  const lines = Object.entries({
    host: `localhost:${port}`,
    connection: "keep-alive",
    ...headers,
    ...(cookies !== "" && { cookie: cookies }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
}
