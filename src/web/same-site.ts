/** Under these two-part suffixes everybody can have a name, so that what ends in one and no more is not one site. */
const SHARED_SECOND_LEVELS = new Set("ac co com edu go gob gov ltd mil ne net or org plc sch".split(" "));
const HOSTERS = new Set(
  (
    "azurewebsites.net cloudfront.net fly.dev github.io gitlab.io herokuapp.com netlify.app onrender.com pages.dev " +
    "run.app vercel.app web.app workers.dev"
  ).split(" "),
);

/**
 * Whether browsers take two origins for one site, so that a `SameSite=Lax` cookie goes from one to the other: the same
 * scheme, and the same host or hosts under one registrable domain (HTML §7.1.2). What is registrable stands in a list
 * that browsers bring along and we do not: two labels in common count, but for the suffixes known here. Good enough to
 * warn by, not to decide by.
 */
export function isProbablySameSite(one: URL, other: URL): boolean {
  if (one.protocol !== other.protocol) return false;
  if (one.hostname === other.hostname) return true;
  if (isAddress(one.hostname) || isAddress(other.hostname)) return false;
  const common = commonLabels(one.hostname, other.hostname);
  return common.length > 2 || (common.length === 2 && !isShared(common));
}

/** Numbers and brackets: an address has no domain above it. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

/** What the names end in alike, label by label. */
function commonLabels(one: string, other: string): readonly string[] {
  const [left, right] = [one.split(".").reverse(), other.split(".").reverse()];
  const end = left.findIndex((label, index) => label !== right[index]);
  return left.slice(0, end === -1 ? left.length : end).reverse();
}

function isShared([second = "", top = ""]: readonly string[]): boolean {
  return HOSTERS.has(`${second}.${top}`) || (top.length === 2 && SHARED_SECOND_LEVELS.has(second));
}
