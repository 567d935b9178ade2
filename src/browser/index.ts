import type { Principal } from "../model/principal.ts";

export type { Principal } from "../model/principal.ts";

/** Where a front end finds Postern, and who else takes its tokens. */
export interface FrontEndOptions {
  /** The doors of the back office: `https://admin.example.com/auth`. */
  readonly url: string;
  /** Other services by origin, each with its audience: `{ "https://api.example.com": "orders-api" }`. Default none. */
  readonly services?: Readonly<Record<string, string>> | undefined;
}

/** Where to sign in, and what to come back to. */
export interface SignInOptions {
  /** Id of a provider, to go straight there. Default: people choose on the sign-in page. */
  readonly provider?: string | undefined;
  /** An address of this front end. Default: the page that is shown. */
  readonly returnTo?: string | URL | undefined;
}

/** Postern as a front end sees it. It keeps nothing in storage, and leaves the page only when it is told to. */
export interface FrontEnd {
  /** Who is signed in, asked once and then remembered; `null` = nobody. `fresh` asks again. @throws FrontEndError */
  session(options?: { readonly fresh?: boolean }): Promise<Principal | null>;
  /** Leaves the page to sign in. */
  signIn(options?: SignInOptions): void;
  /** The address that `signIn` goes to, for a link. */
  signInUrl(options?: SignInOptions): string;
  /** Ends the session, in all tabs. Answers where the provider would end its own; `null` = nowhere. @throws FrontEndError */
  signOut(): Promise<string | null>;
  /** A token for another service, used again until shortly before it expires. @throws FrontEndError */
  token(audience: string): Promise<string>;
  /**
   * `fetch` that looks where it goes: the back office gets the session cookie, a service its token (after a 401 once more,
   * with a fresh one), and everybody else what they would have got anyway. @throws FrontEndError
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Calls the listener whenever somebody else, or nobody any more, is signed in, whichever tab it was. Answers how to stop. */
  onChange(listener: Listener): () => void;
}

type Listener = (principal: Principal | null) => void;

/** The back office has said no. */
export class FrontEndError extends Error {
  /** As in the answer: `authentication_required`, `audience_not_allowed` …; `unknown` where it was no problem of ours. */
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "FrontEndError";
    this.status = status;
    this.code = code;
  }
}

/** What there is in a browser. A server that renders pages ahead has no document, and hears of no other tabs. */
declare const location: { readonly href: string; assign(url: string): void };
declare const document: {
  readonly visibilityState: string;
  addEventListener(name: string, listener: () => void): void;
};

/**
 * Connects a front end to its back office.
 *
 * @example
 * const door = postern({ url: "https://admin.example.com/auth", services: { "https://api.example.com": "orders-api" } });
 * if ((await door.session()) === null) door.signIn();
 * const orders = await door.fetch("https://api.example.com/orders");
 */
export function postern({ url, services = {} }: FrontEndOptions): FrontEnd {
  const doors = url.replace(/\/$/, "");
  const office = new URL(doors).origin;
  const audiences = new Map(Object.entries(services).map(([at, audience]) => [new URL(at).origin, audience]));
  const people = watchPeople(doors);
  const tokens = keepTokens(doors, people);

  const signInUrl = ({ provider, returnTo = location.href }: SignInOptions = {}) => {
    const target = new URL(returnTo, location.href);
    const back = target.origin === office ? target.href.slice(office.length) : target.href;
    const at = provider === undefined ? "" : `/${encodeURIComponent(provider)}`;
    return `${doors}/sign-in${at}?return_to=${encodeURIComponent(back)}`;
  };

  return {
    session: people.session,
    onChange: people.onChange,
    token: tokens.token,
    signInUrl,
    signIn: (options) => location.assign(signInUrl(options)),
    async signOut() {
      const response = await post(`${doors}/sign-out`);
      // An answer that is a redirect cannot be looked into from here; it has signed out all the same.
      if (!response.ok && response.type !== "opaqueredirect") throw await refusal(response);
      people.leave();
      if (!response.ok) return null;
      const { endSessionUrl = null } = (await response.json()) as { endSessionUrl?: string | null };
      return endSessionUrl;
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const { origin } = new URL(request.url);
      const audience = audiences.get(origin);
      if (audience !== undefined) return tokens.fetch(request, audience);
      if (origin !== office) return fetch(request);
      const own = new Request(request, { credentials: "include" });
      // No form and no image can send it, and from another origin the browser asks first.
      if (own.method !== "GET" && own.method !== "HEAD") own.headers.set("x-postern-request", "1");
      const response = await fetch(own);
      if (response.status === 401) people.look();
      return response;
    },
  };
}

/** Knows who is signed in, and hears of it from the other tabs of this front end. */
function watchPeople(doors: string) {
  const listeners = new Set<Listener>();
  /** `undefined` = not asked yet. */
  let known: Principal | null | undefined;
  let asking: Promise<Principal | null> | undefined;
  /** Goes up whenever somebody else is signed in: what was asked for before that is not theirs. */
  let turn = 0;

  const settle = (principal: Principal | null) => {
    const before = known;
    known = principal;
    if (before !== undefined && describe(before) === describe(principal)) return;
    if (before !== undefined) turn++;
    tabs?.postMessage(principal?.session.id);
    for (const listener of listeners) listener(principal);
  };
  const ask = async (): Promise<Principal | null> => {
    for (;;) {
      const mine = turn;
      const response = await fetch(`${doors}/session`, { credentials: "include" });
      if (!response.ok && response.status !== 401) throw await refusal(response);
      const principal = response.ok ? ((await response.json()) as Principal) : null;
      if (mine !== turn) continue;
      settle(principal);
      return principal;
    }
  };
  const session: FrontEnd["session"] = async ({ fresh = false } = {}) => {
    if (known !== undefined && !fresh) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const look = () => {
    // Nobody here asks who it is; tokens that were asked for may be somebody else's by now.
    if (known === undefined) turn++;
    else session({ fresh: true }).catch(() => {});
  };
  const tabs = openTabs(doors, look, (message) => {
    if (known !== undefined && message === known?.session.id) return;
    turn++;
    if (message === SIGNED_OUT) settle(null);
    else look();
  });
  return {
    session,
    look,
    turn: () => turn,
    leave() {
      turn++;
      tabs?.postMessage(SIGNED_OUT);
      settle(null);
    },
    onChange(listener: Listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What tabs tell each other is the id of the session that they know, none for nobody, or this: then nobody need ask. */
const SIGNED_OUT = "signed out";

/** Joins the tabs of this front end; whoever comes back to one may have signed in or out at the back office meanwhile. */
function openTabs(doors: string, look: () => void, hear: (message: unknown) => void) {
  if (typeof document === "undefined") return undefined;
  const tabs = new BroadcastChannel(`postern ${doors}`);
  tabs.onmessage = ({ data }) => hear(data);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  return tabs;
}

/** A token, or the wait for it. */
interface Kept {
  readonly turn: number;
  /** When it is used no more, by the clock of this browser; Infinity while it is on its way. */
  until: number;
  value: Promise<string>;
}

/** Keeps tokens in memory alone: a page that is gone has none. */
function keepTokens(doors: string, people: ReturnType<typeof watchPeople>) {
  const kept = new Map<string, Kept>();

  const ask = async (audience: string, mine: Kept): Promise<string> => {
    const since = Date.now();
    const response = await post(`${doors}/token`, { audience });
    if (response.status === 401) people.look();
    if (!response.ok) throw await refusal(response);
    const { token: value } = (await response.json()) as { token: string };
    if (mine.turn !== people.turn()) return token(audience);
    mine.until = since + lifetimeOf(value) * 0.9;
    return value;
  };
  const token = (audience: string): Promise<string> => {
    const before = kept.get(audience);
    if (before?.turn === people.turn() && Date.now() < before.until) return before.value;
    const mine = { turn: people.turn(), until: Number.POSITIVE_INFINITY } as Kept;
    kept.set(audience, mine);
    mine.value = ask(audience, mine);
    mine.value.catch(() => {
      mine.until = 0;
    });
    return mine.value;
  };
  return {
    token,
    async fetch(request: Request, audience: string) {
      const value = token(audience);
      const response = await fetch(bearing(request.clone(), await value));
      if (response.status !== 401) return response;
      // Of several that are refused at once, one asks for the next.
      const refused = kept.get(audience);
      if (refused?.value === value) refused.until = 0;
      return fetch(bearing(request, await token(audience)));
    },
  };
}

function bearing(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

/** In milliseconds. By what the token says of itself (RFC 7519 §4.1), since the clock of this browser may be wrong. */
function lifetimeOf(token: string): number {
  const [, payload = ""] = token.split(".");
  const { iat, exp } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  return (exp - iat) * 1000;
}

/** What a change is measured by: not when somebody was seen last. */
function describe(principal: Principal | null): string {
  return JSON.stringify([principal?.user, principal?.session.id]);
}

function post(url: string, body?: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    credentials: "include",
    redirect: "manual",
    headers: {
      accept: "application/json",
      "x-postern-request": "1",
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function refusal(response: Response): Promise<FrontEndError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const { code = "unknown", detail = `The back office answered ${response.status}.` } = problem;
  return new FrontEndError(response.status, code, detail);
}
