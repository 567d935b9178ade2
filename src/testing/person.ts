import type { Principal } from "../index.ts";
import { type BrowserRequest, browserFetch } from "./browser-fetch.ts";
import { CookieJar } from "./cookie-jar.ts";

/** What a person may bring along; everything has a default. */
export interface PersonOptions {
  /** The browser's cookies. Default none. */
  readonly jar?: CookieJar;
  /** Where Postern lives. Default `/auth`. */
  readonly mountPath?: string;
}

/**
 * Somebody at a browser without a screen: follows redirects by hand, so that tests see every step.
 * @example
 * const ada = new Person("http://localhost:3000");
 * await ada.signIn("rehearsal", "ada");
 * await ada.request("/admin");
 */
export class Person {
  readonly jar: CookieJar;
  readonly #site: string;
  readonly #mountPath: string;

  constructor(site: string, { jar = new CookieJar(), mountPath = "/auth" }: PersonOptions = {}) {
    this.#site = site;
    this.#mountPath = mountPath;
    this.jar = jar;
  }

  /** One request to the back office, as a page navigation unless told otherwise. Redirects are not followed. */
  async request(path: string, init: BrowserRequest & { readonly api?: boolean } = {}): Promise<Response> {
    const { api = false, headers, ...rest } = init;
    const response = await browserFetch(new URL(path, this.#site), {
      ...rest,
      headers: { ...(api ? API : PAGE), cookie: this.jar.header(), ...headers },
    });
    this.jar.take(response);
    return response;
  }

  /** Presses a button of one of our forms. */
  post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const origin = new URL(this.#site).origin;
    return this.request(path, {
      method: "POST",
      body: new URLSearchParams(fields).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded", origin, ...headers },
    });
  }

  /** Presses a provider's button; answers the address of the provider. */
  async start(provider: string, returnTo = "/"): Promise<URL> {
    const response = await this.post(`${this.#mountPath}/sign-in/${provider}`, { return_to: returnTo });
    if (response.status !== 303)
      throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
    return new URL(response.headers.get("location") ?? "");
  }

  /** Picks a person at the rehearsal provider; answers the callback's path and query. */
  async pick(authorize: URL, persona: string, extra: Record<string, string> = {}): Promise<string> {
    const page = await (await fetch(authorize)).text();
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? authorize.href;
    const fields = new URLSearchParams({ persona, ...extra });
    for (const [, name = "", value = ""] of page.matchAll(
      /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
    )) {
      fields.append(name, value.replaceAll("&amp;", "&").replaceAll("&quot;", '"'));
    }
    const response = await fetch(new URL(action, authorize), {
      method: "POST",
      body: fields,
      redirect: "manual",
    });
    const location = response.headers.get("location");
    if (location === null)
      throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    const callback = new URL(location);
    return callback.pathname + callback.search;
  }

  /** A whole sign-in; answers the response of the callback. */
  async signIn(
    provider: string,
    persona: string,
    options: { returnTo?: string; misbehave?: string } = {},
  ): Promise<Response> {
    const authorize = await this.start(provider, options.returnTo);
    const extra = options.misbehave === undefined ? {} : { misbehave: options.misbehave };
    return this.request(await this.pick(authorize, persona, extra));
  }

  /** What the session door says: the person, or `null`. */
  async session(): Promise<Principal | null> {
    const response = await this.request(`${this.#mountPath}/session`, { api: true });
    return response.status === 200 ? ((await response.json()) as Principal) : null;
  }
}

const API = {
  accept: "application/json",
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "empty",
  "sec-fetch-site": "same-origin",
};
const PAGE = {
  accept: "text/html",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-site": "same-origin",
};
