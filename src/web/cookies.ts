/** Node's own limit for all headers of a request; a longer one is refused whole, since what is cut off could hide a double. */
const MAX_LENGTH = 16 * 1024;

const SEMICOLON = 0x3b;
const SPACE = 0x20;
const EQUALS = 0x3d;

/** RFC 6265 §4.1.1: a token for the name, cookie-octets for the value; the path without what would end it. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const PATH = /^\/[\x21-\x3a\x3c-\x7e]*$/;

/** A cookie to set. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 deletes the cookie. Not given: until the browser is closed. */
  readonly maxAge?: number | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: "Lax" | "None" | "Strict";
  readonly path: string;
}

/**
 * The value of one cookie, taken literally; `null` when it is absent, or there twice: then somebody planted the other.
 * Called on every request, so it searches for the name instead of taking the header apart.
 */
export function readCookie(header: string | null, name: string): string | null {
  if (header === null || header.length > MAX_LENGTH || name === "") return null;
  let value: string | null = null;
  let from = 0;
  for (;;) {
    const start = header.indexOf(name, from);
    if (start === -1) return value;
    from = start + name.length;
    if (header.charCodeAt(from) !== EQUALS || !startsPair(header, start)) continue;
    if (value !== null) return null;
    const end = header.indexOf(";", from);
    value = end === -1 ? header.slice(from + 1) : header.slice(from + 1, end);
  }
}

/** Every cookie whose name begins so, in the order sent; names that are there twice are left out. */
export function cookiesWithPrefix(
  header: string | null,
  prefix: string,
): Array<{ name: string; value: string }> {
  if (header === null || header.length > MAX_LENGTH) return [];
  const values = new Map<string, string | null>();
  for (const [index, part] of header.split(";").entries()) {
    const pair = index > 0 && part.startsWith(" ") ? part.slice(1) : part;
    const equals = pair.indexOf("=");
    if (equals < 1 || !pair.startsWith(prefix)) continue;
    const name = pair.slice(0, equals);
    if (name.startsWith(prefix)) values.set(name, values.has(name) ? null : pair.slice(equals + 1));
  }
  return [...values].flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

/** A `Set-Cookie` value. @throws TypeError for characters that do not belong and for what a browser would refuse. */
export function serializeCookie(cookie: Cookie): string {
  check(cookie);
  const parts = [`${cookie.name}=${cookie.value}`, `Path=${cookie.path}`];
  if (cookie.maxAge !== undefined) parts.push(`Max-Age=${cookie.maxAge}`);
  if (cookie.httpOnly) parts.push("HttpOnly");
  if (cookie.secure) parts.push("Secure");
  parts.push(`SameSite=${cookie.sameSite}`);
  return parts.join("; ");
}

/** A pair stands at the very start or behind `;` and at most one space: browsers write no other (RFC 6265 §4.2.1). */
function startsPair(header: string, start: number): boolean {
  if (start === 0) return true;
  const before = header.charCodeAt(start - 1);
  return before === SEMICOLON || (before === SPACE && header.charCodeAt(start - 2) === SEMICOLON);
}

function check({ name, value, maxAge, secure, sameSite, path }: Cookie): void {
  if (!NAME.test(name)) throw new TypeError("The cookie's name has a character that does not belong");
  if (!VALUE.test(value))
    throw new TypeError(`The value of cookie ${name} has a character that does not belong`);
  if (!PATH.test(path))
    throw new TypeError(`The path of cookie ${name} has a character that does not belong`);
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0)) {
    throw new TypeError(`The age of cookie ${name} is not a whole number of seconds`);
  }
  if (sameSite === "None" && !secure) throw new TypeError(`Cookie ${name} with SameSite=None must be Secure`);
  if (name.startsWith("__Host-") && !(secure && path === "/")) {
    throw new TypeError(`Cookie ${name} must be Secure with the path /`);
  }
}
