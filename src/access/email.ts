import { domainToASCII } from "node:url";

/**
 * The form in which e-mail addresses are compared: NFC, lower case, the domain in ASCII. `null` when it is none, and
 * for characters that would only become ASCII on the way: a look-alike must not turn into the real one. A second `@` is
 * none either, quoted or not: readers do not agree on which one counts.
 */
export function foldEmail(email: string | null): string | null {
  if (email === null) return null;
  const at = email.indexOf("@");
  if (at < 1 || at !== email.lastIndexOf("@") || at === email.length - 1 || /[\s\p{Cc}]/u.test(email))
    return null;
  const local = email.slice(0, at);
  const domain = foldDomain(email.slice(at + 1));
  if (domain === null || [...local].some(becomesAscii)) return null;
  return `${local.normalize("NFC").toLowerCase()}@${domain}`;
}

/** The part after the `@` of a folded address. */
export function emailDomain(folded: string): string {
  return folded.slice(folded.lastIndexOf("@") + 1);
}

/**
 * The form in which domains are compared: lower case, in ASCII; `null` when it is none. Label by label, because the conversion also resolves escapes (`%2e`), other full stops and fullwidth letters.
 */
export function foldDomain(domain: string): string | null {
  const labels = domain.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()).split(".");
  const ascii = domainToASCII(domain).split(".");
  const same = labels.every((label, index) => {
    const converted = ascii[index] ?? "";
    return /^[!-~]*$/.test(label) ? converted === label : converted.startsWith("xn--");
  });
  return same && labels.length === ascii.length && !ascii.includes("") ? ascii.join(".") : null;
}

/** The Kelvin sign, which normalises to K, and its like. */
function becomesAscii(character: string): boolean {
  return character > "\x7f" && /[\0-\x7f]/.test(character.normalize("NFC"));
}
