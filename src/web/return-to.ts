declare const brand: unique symbol;

/** A path on our own origin, proven so: the only thing that a redirect of ours to the application may hold. */
export type LocalPath = string & { readonly [brand]: true };

/** Where people go when nothing better is known. */
export const HOME = "/" as LocalPath;

const MAX_LENGTH = 2048;

/** A path may be encoded so many times over; nobody needs more, and each round costs a pass over it. */
const MAX_ENCODINGS = 4;

/** Visible ASCII without `\` (a browser reads it as `/`) and without `"`, `<` and `>` (a browser always encodes them). */
const ALLOWED = /^\/[!#-;=?-[\]-~]*$/;
/** A segment of dots would make what follows the start. What stands behind a `;` is a mere parameter to some servers. */
const DOTS = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;
/** An empty first segment makes the second one a host. */
const EMPTY_START = /^\/(?:;|\/)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /[\x00-\x1f\x7f\\]/;

/**
 * The value itself when it is a path, with query and fragment, that cannot lead away from our origin, however often
 * a server or a browser decodes it; otherwise `null`. It is never changed: what was checked is what is sent.
 */
export function localPath(value: unknown): LocalPath | null {
  if (typeof value !== "string" || value.length > MAX_LENGTH || !ALLOWED.test(value)) return null;
  let path = pathOf(value);
  if (!isWellFormed(path)) return null;
  for (let round = 0; round <= MAX_ENCODINGS; round++) {
    if (leadsAway(path)) return null;
    const decoded = decodeAscii(path);
    if (decoded === path) return value as LocalPath;
    path = decoded;
  }
  return null;
}

/** As `localPath`, with the start page for what leads away. */
export function localPathOrHome(value: unknown): LocalPath {
  return localPath(value) ?? HOME;
}

/**
 * Whether some server could take a path for the mount path or one below it: encoded, or in other case, as some routers
 * read it. Whether it plainly is one, `isUnderPath` says. Returning to such a page after signing in could go round in circles or sign out again.
 */
export function couldBeUnder(path: LocalPath, mountPath: string): boolean {
  let plain = pathOf(path);
  for (let decoded = decodeAscii(plain); decoded !== plain; decoded = decodeAscii(plain)) plain = decoded;
  const mount = mountPath.replace(/\/$/, "").toLowerCase();
  plain = plain.toLowerCase();
  return plain === mount || plain.startsWith(`${mount}/`) || plain.startsWith(`${mount};`);
}

function pathOf(value: string): string {
  const end = value.search(/[?#]/);
  return end === -1 ? value : value.slice(0, end);
}

/** Whether the escapes are complete and spell UTF-8: overlong forms such as `%c0%af` are slashes to lax decoders. */
function isWellFormed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function leadsAway(path: string): boolean {
  return UNSAFE.test(path) || EMPTY_START.test(path) || DOTS.test(path);
}

/** Takes off one layer of escapes that spell ASCII; the rest is text, and harmless. */
function decodeAscii(path: string): string {
  return path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
