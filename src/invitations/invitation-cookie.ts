import type { Invitation } from "../model/invitation.ts";
import type { Runtime } from "../runtime.ts";
import { clearCookie, setCookie } from "../web/cookie-names.ts";
import { readCookie } from "../web/cookies.ts";

type Uses = Pick<Runtime, "sealer" | "settings" | "now">;

/** What the browser keeps of an invitation between the button and the sign-in. Never its token. */
interface KeptInvitation {
  readonly secretHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long somebody who has pressed the button may take to begin the sign-in, in milliseconds. */
const KEPT_FOR = 30 * 60 * 1_000;

/** The `Set-Cookie` value that ties an accepted invitation to this browser. It counts at the next sign-in. */
export function keepInvitation(
  { sealer, settings: { cookies }, now }: Uses,
  { secretHash }: Pick<Invitation, "secretHash">,
): string {
  const kept: KeptInvitation = { secretHash, expiresAt: now() + KEPT_FOR };
  const value = sealer.seal("invitation", kept);
  return setCookie(cookies, { name: cookies.invitation, value, maxAge: KEPT_FOR / 1000 });
}

/** The hash of the token of the invitation that this browser has accepted; `null` = none. */
export function keptInvitation(
  { sealer, settings: { cookies }, now }: Uses,
  header: string | null,
): string | null {
  const value = readCookie(header, cookies.invitation);
  // What the seal opens, we sealed ourselves: its shape needs no second check.
  const kept = value === null ? null : (sealer.open("invitation", value) as KeptInvitation | null);
  return kept !== null && now() < kept.expiresAt ? kept.secretHash : null;
}

/** The `Set-Cookie` value that removes it. */
export function dropInvitation({ settings: { cookies } }: Pick<Uses, "settings">): string {
  return clearCookie(cookies, cookies.invitation);
}
