import type { Locale } from "../i18n/locale.ts";
import type { Principal } from "../model/principal.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import type { ReturnTarget } from "../web/return-target.ts";

/** What the connection tells and the request does not. */
export interface Connection {
  /** The address at the other end of the socket, before any proxy header is believed. */
  readonly remoteAddress?: string | undefined;
}

/** One request at one of our doors, read as far as every handler needs it. */
export interface Call {
  readonly runtime: Runtime;
  readonly request: Request;
  readonly url: URL;
  /** The named parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly visit: Visit;
  readonly locale: Locale;
  readonly theme: "system" | "light" | "dark";
  /** Where the person wanted to go; from `return_to` of the query. */
  readonly returnTo: ReturnTarget;
  /** Who is signed in, looked up when asked for; `null` = nobody. @throws PosternError `store_unavailable` */
  readonly principal: () => Promise<Principal | null>;
}

/** A call of somebody who is signed in: what rows with `who: "signed-in"` get. */
export interface SignedInCall extends Call {
  readonly self: Principal;
}
