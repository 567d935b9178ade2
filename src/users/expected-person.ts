import { foldEmail } from "../access/email.ts";
import type { ExpectedPerson } from "../model/pending-grant.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Settings } from "../options.ts";

/**
 * Reads whom somebody means who has never been here, as `owners` of the configuration are written: an e-mail,
 * `provider:e-mail` or `provider:subject`. `null` = nobody could ever be recognised by that.
 */
export function readExpectedPerson(
  who: string,
  { providers }: Pick<Settings, "providers">,
): ExpectedPerson | null {
  const colon = who.indexOf(":");
  const provider = colon === -1 ? null : who.slice(0, colon).trim();
  const name = who.slice(colon + 1).trim();
  if (provider !== null && !providers.some(({ id }) => id === provider)) return null;
  if (name.includes("@")) {
    const email = foldEmail(name);
    return email === null ? null : { provider, who: email };
  }
  return provider === null || name === "" ? null : { provider, who: name };
}

/** Everything that somebody who arrives may be expected as. An e-mail counts only when it is verified. */
export function expectationsOf(
  provider: string,
  { subject, email, emailVerified }: Pick<UserInfo, "subject" | "email" | "emailVerified">,
): readonly ExpectedPerson[] {
  const folded = emailVerified === true ? foldEmail(email) : null;
  // Some places let people choose their subject: one that looks like an address must not pass for it.
  const bySubject = subject.includes("@") ? [] : [{ provider, who: subject }];
  if (folded === null) return bySubject;
  return [...bySubject, { provider, who: folded }, { provider: null, who: folded }];
}
