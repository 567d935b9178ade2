import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** How people sign in at a target: the first request, as its page or its client library sends it. */
export interface SignInForm {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  /** Asked first, for a `csrfToken` that goes with the form. */
  readonly csrf?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true });

/** One whole sign-in, as a browser goes through it; answers the cookies that the person then has, as one header. */
export async function signIn(url: string, form: SignInForm, person: number): Promise<string> {
  const jar = new Map<string, string>();
  const visit = async (address: string, send: Partial<SignInForm> & { csrfToken?: string } = {}) => {
    const answer = await ask(address, send, cookieHeader(jar), new URL(url).origin);
    keepCookies(jar, answer.headers["set-cookie"] ?? []);
    return answer;
  };
  const csrfToken =
    form.csrf === undefined ? undefined : JSON.parse((await visit(url + form.csrf)).text).csrfToken;
  const begun = await visit(url + form.path, { ...form, csrfToken });
  const authorize = new URL(begun.headers.location ?? addressIn(begun));
  authorize.searchParams.set("person", String(person));
  const led = await ask(authorize.href, {}, "", "");
  const callback = new URL(led.headers.location ?? "");
  if (callback.origin !== new URL(url).origin) throw new Error(`The provider leads to ${callback.origin}.`);
  const finished = await visit(callback.href);
  if (finished.status >= 400) throw new Error(`The callback answered ${finished.status}: ${finished.text}`);
  return cookieHeader(jar);
}

/** So many people, from `first` on, `atOnce` at the same time; answers the cookies of each. */
export async function signInMany(
  url: string,
  form: SignInForm,
  { first, count, atOnce = 8 }: { readonly first: number; readonly count: number; readonly atOnce?: number },
): Promise<readonly string[]> {
  const cookies: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) cookies.push(await signIn(url, form, first + next++));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return cookies;
}

/** An answer in JSON says where to go instead of leading there. */
function addressIn({ status, text }: Answer): string {
  try {
    return JSON.parse(text).url;
  } catch {
    throw new Error(`The sign-in began with ${status}: ${text}`);
  }
}

function ask(
  address: string,
  send: Partial<SignInForm> & { csrfToken?: string | undefined },
  cookie: string,
  origin: string,
): Promise<Answer> {
  const { method = "GET", form, json, csrfToken } = send;
  const body =
    json !== undefined
      ? JSON.stringify(json)
      : form !== undefined
        ? new URLSearchParams({ ...form, ...(csrfToken !== undefined && { csrfToken }) }).toString()
        : "";
  const { hostname, port, host, pathname, search } = new URL(address);
  const headers = {
    host,
    accept: "text/html,application/json;q=0.9",
    ...(cookie !== "" && { cookie }),
    ...(method === "POST" && {
      origin,
      "content-type": json === undefined ? "application/x-www-form-urlencoded" : "application/json",
      "content-length": Buffer.byteLength(body),
    }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { agent, method, port, headers, path: pathname + search };
  const sent = request(
    { ...options, host: hostname === "localhost" ? "127.0.0.1" : hostname },
    (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on("error", reject);
    },
  );
  // The server may let go of a kept connection in the very moment in which it is used again.
  sent.on("error", (error) =>
    sent.reusedSocket ? resolve(ask(address, send, cookie, origin)) : reject(error),
  );
  sent.end(body);
  return promise;
}

function keepCookies(jar: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = "", ...attributes] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    const value = pair.slice(pair.indexOf("=") + 1);
    if (isOver(attributes) || value === "") jar.delete(name);
    else jar.set(name, value);
  }
}

function isOver(attributes: readonly string[]): boolean {
  const read = (name: string) =>
    attributes
      .map((part) => part.trim())
      .find((part) => part.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const maxAge = read("max-age");
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = read("expires");
  return expires !== undefined && Date.parse(expires) < Date.now();
}

function cookieHeader(jar: ReadonlyMap<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}
