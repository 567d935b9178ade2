/** What the headers depend on. */
export interface SecurityHeaderOptions {
  /** Whether people reach us by https. */
  readonly https: boolean;
  /** Origins that a form on the page may lead to, redirects included; ours always may. */
  readonly formAction: readonly string[];
}

const FIXED: ReadonlyArray<[string, string]> = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
  ["cache-control", "no-store"],
];

/** One year, this host only: whether its sub-domains are ready for https is not ours to say. */
const HSTS: [string, string] = ["strict-transport-security", "max-age=31536000"];

/** Host and port as a browser serialises them. The URL parser lets `;` and `,` into a host, which would end a directive. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d+)?$/;

/** The headers of every page of ours. @throws TypeError when a form action is not an http or https origin. */
export function securityHeaders(options: SecurityHeaderOptions): ReadonlyArray<[string, string]> {
  const headers: Array<[string, string]> = [
    ["content-security-policy", contentSecurityPolicy(options.formAction)],
    ...FIXED,
  ];
  if (options.https) headers.push(HSTS);
  return headers;
}

function contentSecurityPolicy(formAction: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["form-action 'self'", ...new Set(formAction.map(checkedOrigin))].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function checkedOrigin(text: string): string {
  if (!isPolicyOrigin(text)) throw new TypeError(`Not an origin: ${JSON.stringify(text)}`);
  return text;
}

/** True for an http or https origin that can stand in a content security policy: no wildcard, nothing that ends a directive. */
export function isPolicyOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.parse(text)?.origin === text;
}
