import { domainToASCII } from "node:url";

/** The form in which e-mail addresses are compared: NFC, lower case, the domain in ASCII. `null` when it is none. */
export function foldEmail(email: string | null): string | null {
  if (email === null) return null;
  const at = email.lastIndexOf("@");
  if (at < 1 || at === email.length - 1 || /[\s\p{Cc}]/u.test(email)) return null;
  const domain = domainToASCII(email.slice(at + 1).toLowerCase());
  return domain === "" ? null : `${email.slice(0, at).normalize("NFC").toLowerCase()}@${domain}`;
}

/** The part after the `@` of a folded address. */
export function emailDomain(folded: string): string {
  return folded.slice(folded.lastIndexOf("@") + 1);
}
