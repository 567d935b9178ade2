import { randomBase62, randomToken } from "../crypto/random.ts";
import type { Sealer } from "../crypto/seal.ts";
import { readCookie } from "../web/cookies.ts";

const RANDOM_LENGTH = 26; // 154 bits
const SHAPE = /^([fr][0-9A-Za-z]{26})([0-9A-Za-z]{22})$/;

/**
 * A new `state` of an authorization request (RFC 6749 §4.1.1): letters and digits only, since some providers allow no
 * more. It begins with whether the sign-in has been restarted and ends with a signature over the browser's mark, so
 * that a state which has lost its transaction can still be told from one that was never issued to this browser.
 */
export function issueState(sealer: Pick<Sealer, "sign">, browser: string, restarted: boolean): string {
  const body = (restarted ? "r" : "f") + randomBase62(RANDOM_LENGTH);
  return body + sealer.sign("login-state", `${body} ${browser}`);
}

/** Whether the state was issued to the browser of this mark; `null` = it has none. */
export function wasIssuedTo(sealer: Pick<Sealer, "verify">, browser: string | null, state: string): boolean {
  const [, body, signature] = SHAPE.exec(state) ?? [];
  if (browser === null || body === undefined || signature === undefined) return false;
  return sealer.verify("login-state", `${body} ${browser}`, signature);
}

/** Whether the state belongs to the second try of a sign-in. Only for one that is known to be ours. */
export function isRestart(state: string): boolean {
  return state.startsWith("r");
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
