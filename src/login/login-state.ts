import { randomBase62, randomToken } from "../crypto/random.ts";
import type { Sealer } from "../crypto/seal.ts";
import { readCookie } from "../web/cookies.ts";

/**
 * The `state` of an authorization request (RFC 6749 §4.1.1): letters and digits only, since some providers allow no
 * more. It begins with how often the sign-in has been restarted and ends with a signature over the browser's mark, so
 * that a state which has lost its transaction can still be told from one that was never issued to this browser.
 */
export interface IssuedState {
  readonly state: string;
  readonly restarted: boolean;
}

const RANDOM_LENGTH = 26; // 154 bits
const SHAPE = /^([fr])([0-9A-Za-z]{26})([0-9A-Za-z]{22})$/;

/** A new state for this browser. */
export function issueState(sealer: Pick<Sealer, "sign">, browser: string, restarted: boolean): string {
  const body = (restarted ? "r" : "f") + randomBase62(RANDOM_LENGTH);
  return body + sealer.sign("login-state", `${body} ${browser}`);
}

/** The state when it was issued to this browser, otherwise `null`. */
export function readState(
  sealer: Pick<Sealer, "verify">,
  browser: string | null,
  state: string,
): IssuedState | null {
  const match = SHAPE.exec(state);
  if (match === null || browser === null) return null;
  const [, flag = "", random = "", signature = ""] = match;
  if (!sealer.verify("login-state", `${flag}${random} ${browser}`, signature)) return null;
  return { state, restarted: flag === "r" };
}

/** The browser's mark from its cookies, or a new one. */
export function browserMark(
  cookies: string | null,
  cookieName: string,
): { readonly mark: string; readonly isNew: boolean } {
  const mark = readCookie(cookies, cookieName);
  return mark !== null && /^[\w-]{22}$/.test(mark)
    ? { mark, isNew: false }
    : { mark: randomToken(16), isNew: true };
}
