import type { Runtime } from "../runtime.ts";
import { clearCookie, setCookie } from "../web/cookie-names.ts";
import { readCookie } from "../web/cookies.ts";
import type { FrontEndUrl } from "../web/return-target.ts";

type Uses = Pick<Runtime, "sealer" | "settings" | "now">;

/** How far the last sign-out of this browser has come at the provider. */
export interface SignOutUnderWay {
  /** Provider instance id. */
  readonly provider: string;
  /**
   * `leave` = the browser is to go there at once; `offer` = when the person wants it; `left` = it has gone there and
   * nobody knows what became of it; `done` = they have been signed out there; `here` = only here.
   */
  readonly stage: "leave" | "offer" | "left" | "done" | "here";
  /** What it will bring back from there; `null` = nothing, coming back is all. */
  readonly state: string | null;
  /** Whether every other device has been signed out, too. Default false. */
  readonly everywhere?: boolean;
  /** The front end on another origin that asked for it. */
  readonly frontEnd?: FrontEndUrl;
}

/** How long somebody may take for it, in milliseconds; and how long the page after signing out knows of it. */
export const SIGN_OUT_LIFETIME = 10 * 60_000;

/** The `Set-Cookie` value that keeps it in this browser, sealed. */
export function keepSignOut({ sealer, settings: { cookies }, now }: Uses, underWay: SignOutUnderWay): string {
  const expiresAt = now() + SIGN_OUT_LIFETIME;
  const value = sealer.seal("sign-out", { ...underWay, expiresAt }, "cookie");
  return setCookie(cookies, { name: cookies.signOut, value, maxAge: SIGN_OUT_LIFETIME / 1000 });
}

/** What this browser has kept; `null` = nothing, or it is too old. */
export function findSignOut(
  { sealer, settings: { cookies }, now }: Uses,
  header: string | null,
): SignOutUnderWay | null {
  const value = readCookie(header, cookies.signOut);
  if (value === null) return null;
  // What the seal opens, we sealed ourselves: its shape needs no second check.
  const kept = sealer.open("sign-out", value, "cookie") as
    | (SignOutUnderWay & { readonly expiresAt: number })
    | null;
  return kept !== null && now() < kept.expiresAt ? kept : null;
}

/** The `Set-Cookie` value that makes it forget. */
export function dropSignOut({ settings: { cookies } }: Pick<Uses, "settings">): string {
  return clearCookie(cookies, cookies.signOut);
}
