import { randomFillSync } from "node:crypto";
import { BASE62 } from "./base62.ts";

/** Crockford's base32 in lower case: its characters stand in ASCII order, so text sorts as the number does. */
const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
/** What people can read out over the telephone: no 0 O, no 1 I L, no U. */
const READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const LATEST = 2 ** 48 - 1;

/**
 * Taken from the system for many at once, since one call costs as much for 32 bytes as for thousands: a sign-in needs a
 * dozen. Node's own `randomUUID` does the same.
 */
const STOCK = Buffer.alloc(4096);
let taken = STOCK.length;

/** So many random bytes, which are kept nowhere else. */
export function randomBytes(count: number): Buffer {
  if (count > STOCK.length) return randomFillSync(Buffer.alloc(count));
  if (taken + count > STOCK.length) {
    randomFillSync(STOCK);
    taken = 0;
  }
  const bytes = Buffer.alloc(count);
  STOCK.copy(bytes, 0, taken, taken + count);
  STOCK.fill(0, taken, taken + count);
  taken += count;
  return bytes;
}

/** A secret of so many random bytes, as base64url. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** So many random letters and digits, each as likely as any other (5.95 bits each). */
export function randomBase62(length: number): string {
  return randomText(BASE62, length);
}

/**
 * An id such as `usr_01k…`, after the prefix `usr_`: the time (milliseconds since the epoch, 48 bits), then 80 random
 * bits, so that ids sort by time. Not a secret: it tells when it was made. @throws TypeError for a time outside 48 bits.
 */
export function newId(prefix: `${string}_`, now: number): string {
  if (!Number.isInteger(now) || now < 0 || now > LATEST) throw new TypeError(`Not a time: ${now}`);
  return `${prefix}${timeText(now)}${randomText(CROCKFORD, RANDOM_CHARACTERS)}`;
}

/** What every id of that moment or later sorts behind, and every earlier one before. @throws TypeError as `newId` does */
export function idFloor(prefix: `${string}_`, time: number): string {
  if (!Number.isInteger(time) || time < 0 || time > LATEST) throw new TypeError(`Not a time: ${time}`);
  return prefix + timeText(time);
}

/** A short code for people, such as `K7Q2-9FMX` (39 bits): it finds an event, it opens nothing. */
export function newReference(): string {
  const text = randomText(READABLE, 8);
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

function timeText(now: number): string {
  let text = "";
  for (let rest = now; text.length < TIME_CHARACTERS; rest = Math.floor(rest / 32)) {
    text = CROCKFORD.charAt(rest % 32) + text;
  }
  return text;
}

/** Bytes above the last whole multiple of the alphabet are thrown away; a plain modulo would favour its start. */
function randomText(alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < limit) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
