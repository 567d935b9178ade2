import type { PrincipalDocument } from "../index.ts";
import { type BrowserRequest, browserFetch } from "./browser-fetch.ts";
import { CookieJar } from "./cookie-jar.ts";

/** What a person may bring along; everything has a default. */
export interface PersonOptions {
  /** The browser's cookies. Default none. */
  readonly jar?: CookieJar;
  /** Where Postern lives. Default `/auth`. */
  readonly mountPath?: string;
}

/** How the provider sends somebody back: to an address, or to one that a form is posted to. */
export interface Callback {
  /** Path and query. */
  readonly path: string;
  /** `null` = a redirect; otherwise the fields of the form (`response_mode=form_post`). */
  readonly fields: Readonly<Record<string, string>> | null;
}

/** What somebody does at the rehearsal provider beside saying who they are. */
export interface SignInOptions {
  /** Default `/`. */
  readonly returnTo?: string;
  /** Rehearses a failure in this attempt alone. */
  readonly misbehave?: string;
  /** Presses Cancel instead. Default false. */
  readonly cancel?: boolean;
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
    const { path, fields } = await this.choose(authorize, persona, extra);
    if (fields !== null) throw new Error("the provider sends people back by a form: use choose and comeBack");
    return path;
  }

  /** Picks a person at the rehearsal provider; answers how it sends the browser back, be it by a form. */
  async choose(authorize: URL, persona: string, extra: Record<string, string> = {}): Promise<Callback> {
    const picker = readForm(await (await fetch(authorize)).text());
    const body = new URLSearchParams({ persona, ...extra });
    for (const [name, value] of Object.entries(picker?.fields ?? {})) body.append(name, value);
    const action = new URL(picker?.action ?? authorize.href, authorize);
    const response = await fetch(action, { method: "POST", body, redirect: "manual" });
    const answer = await response.text();
    const location = response.headers.get("location");
    const form = location === null ? readForm(answer) : null;
    const target = location ?? form?.action;
    if (target === undefined) throw new Error(`the provider answered ${response.status}: ${answer}`);
    const callback = new URL(target, action);
    return { path: callback.pathname + callback.search, fields: form?.fields ?? null };
  }

  /** Comes back as the provider says; a form is posted from its site, not from ours. */
  comeBack({ path, fields }: Callback): Promise<Response> {
    return fields === null ? this.request(path) : this.post(path, fields, FROM_ELSEWHERE);
  }

  /** A whole sign-in; answers the response of the callback. */
  async signIn(provider: string, persona: string, options: SignInOptions = {}): Promise<Response> {
    const { returnTo, misbehave, cancel = false } = options;
    const authorize = await this.start(provider, returnTo);
    const extra = {
      ...(misbehave === undefined ? {} : { misbehave }),
      ...(cancel ? { decision: "cancel" } : {}),
    };
    return this.comeBack(await this.choose(authorize, persona, extra));
  }

  /** What the session door says: the person, or `null`. */
  async session(): Promise<PrincipalDocument | null> {
    const response = await this.request(`${this.#mountPath}/session`, { api: true });
    return response.status === 200 ? ((await response.json()) as PrincipalDocument) : null;
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
/** What a browser says of a form that another site posts to us; its origin is hidden by the usual referrer policies. */
const FROM_ELSEWHERE = { origin: "null", "sec-fetch-site": "cross-site" };

/** The first form of a page: where it goes, and what is hidden in it; `null` = there is none. */
function readForm(markup: string): { action: string; fields: Record<string, string> } | null {
  const action = /<form[^>]*action="([^"]*)"/.exec(markup)?.[1];
  if (action === undefined) return null;
  const hidden = markup.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const fields = [...hidden].map(([, name = "", value = ""]) => [decode(name), decode(value)]);
  return { action: decode(action), fields: Object.fromEntries(fields) };
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
