import { crc32 } from "node:zlib";
import { toBase62 } from "../crypto/base62.ts";
import { randomBase62 } from "../crypto/random.ts";

/** What every key begins with: secret scanners look for it. */
const PREFIX = "pst_";
/** 256 bits: 62^43 is the first power of 62 that holds them. */
const SECRET_CHARACTERS = 43;
/** 62^6 is the first power of 62 that holds 32 bits. */
const CHECKSUM_CHARACTERS = 6;
const SHAPE = /^pst_[0-9a-hjkmnp-tv-z]{26}_[0-9A-Za-z]{49}$/;

/**
 * A new key, of the id `key_01k…`: `pst_01k…_<secret><checksum>`. The id is in it so that whoever finds a key can tell
 * which one to revoke; the checksum tells a typing error, or a text that only looks like a key, without asking the store.
 */
export function newKeyText(id: string): string {
  const text = `${PREFIX}${id.slice("key_".length)}_${randomBase62(SECRET_CHARACTERS)}`;
  return text + checksum(text);
}

/** Whether the text can be a key of ours at all. Says nothing about whether there is such a key. */
export function isKeyText(text: string): boolean {
  return SHAPE.test(text) && text.endsWith(checksum(text.slice(0, -CHECKSUM_CHARACTERS)));
}

/** CRC-32: against mistakes, not against attackers. */
function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return toBase62(bytes, CHECKSUM_CHARACTERS);
}
