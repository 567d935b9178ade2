import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { toBase62 } from "./base62.ts";
import { deriveKey } from "./derive-key.ts";
import { constantTimeEqual } from "./hash.ts";
import { randomBytes } from "./random.ts";
import { deriveSigningKey, type SigningKey } from "./signing-key.ts";

/** What a value may be sealed for. Each purpose has its own key: a seal for one never opens for another. */
export type SealPurpose =
  | "login-transaction"
  | "invitation"
  | "token-vault"
  | "access-request"
  | "provider-session"
  | "sign-out"
  | "redis-count"
  | "redis-notice"
  | "redis-session";
/** What a text may be signed for. */
export type SignPurpose = "login-state" | "redis-key";

/** Keeps values secret and unchanged (AES-256-GCM) and signs texts (HMAC-SHA-256), with a key for each purpose. */
export interface Sealer {
  /** The id of the key that seals now; it stands in everything that it has sealed. */
  readonly keyId: string;
  /**
   * Answers `v1.<key id>.<base64url>`. The context, such as the name of the cookie or the id of the row, is not kept
   * in it but must be the same when it is opened. @throws TypeError for `null` and for what JSON cannot say.
   */
  seal(purpose: SealPurpose, value: unknown, context?: string): string;
  /** What was sealed; `null` when it is not ours, was changed, or was sealed for another purpose or context. */
  open(purpose: SealPurpose, sealed: string, context?: string): unknown;
  /** 22 letters and digits (128 bits), for places that allow nothing else. */
  sign(purpose: SignPurpose, text: string): string;
  /** Whether one of our secrets signed this text for this purpose. */
  verify(purpose: SignPurpose, text: string, signature: string): boolean;
  /** The keys for tokens that other services verify, newest secret first: the first one signs. At least one. */
  signingKeys(): readonly [SigningKey, ...SigningKey[]];
}

const VERSION = "v1";
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const KEY_ID_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 16;
/** 62^22 is the first power of 62 that holds 128 bits. */
const SIGNATURE_CHARACTERS = 22;

/**
 * The keys of one secret. All are derived at once, so that nothing is left to derive during a request; and they are key
 * objects, since Node makes one of raw bytes at every use: a seal costs 14 µs with them and 27 without.
 */
interface KeyRing {
  readonly id: string;
  readonly seal: Readonly<Record<SealPurpose, KeyObject>>;
  readonly sign: Readonly<Record<SignPurpose, KeyObject>>;
}

/** A sealer whose first secret seals and signs, and all of whose secrets open and verify. @throws TypeError without one. */
export function createSealer(secrets: readonly string[]): Sealer {
  const [first, ...older] = new Set(secrets);
  if (first === undefined) throw new TypeError("A sealer needs at least one secret");
  const newest = deriveKeyRing(first);
  const rings = [newest, ...older.map(deriveKeyRing)];
  let signingKeys: readonly [SigningKey, ...SigningKey[]] | undefined;
  return {
    keyId: newest.id,
    seal: (purpose, value, context) => seal(newest, purpose, value, context),
    open: (purpose, sealed, context) => open(rings, purpose, sealed, context),
    sign: (purpose, text) => sign(newest.sign[purpose], text),
    verify: (purpose, text, signature) =>
      rings.some((ring) => constantTimeEqual(sign(ring.sign[purpose], text), signature)),
    signingKeys() {
      // Only when somebody asks: most applications never hand out a token.
      signingKeys ??= [deriveSigningKey(first), ...older.map(deriveSigningKey)];
      return signingKeys;
    },
  };
}

function deriveKeyRing(secret: string): KeyRing {
  return {
    id: Buffer.from(deriveKey(secret, "key-id", KEY_ID_BYTES)).toString("base64url"),
    seal: {
      "login-transaction": secretKey(secret, "seal:login-transaction"),
      invitation: secretKey(secret, "seal:invitation"),
      "token-vault": secretKey(secret, "seal:token-vault"),
      "access-request": secretKey(secret, "seal:access-request"),
      "provider-session": secretKey(secret, "seal:provider-session"),
      "sign-out": secretKey(secret, "seal:sign-out"),
      "redis-count": secretKey(secret, "seal:redis-count"),
      "redis-notice": secretKey(secret, "seal:redis-notice"),
      "redis-session": secretKey(secret, "seal:redis-session"),
    },
    sign: {
      "login-state": secretKey(secret, "sign:login-state"),
      "redis-key": secretKey(secret, "sign:redis-key"),
    },
  };
}

function secretKey(secret: string, label: string): KeyObject {
  return createSecretKey(deriveKey(secret, label, KEY_BYTES));
}

function seal(ring: KeyRing, purpose: SealPurpose, value: unknown, context: string | undefined): string {
  const text = value === null ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError("Only a JSON value other than null can be sealed");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, ring.seal[purpose], nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(purpose, ring.id, context));
  const body = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${ring.id}.${body.toString("base64url")}`;
}

function open(
  rings: readonly KeyRing[],
  purpose: SealPurpose,
  sealed: string,
  context: string | undefined,
): unknown {
  const [version, id, text, ...rest] = sealed.split(".", 4);
  if (version !== VERSION || text === undefined || rest.length > 0) return null;
  const ring = rings.find((candidate) => candidate.id === id);
  const body = decodeExactly(text);
  if (ring === undefined || body === null || body.byteLength <= NONCE_BYTES + TAG_BYTES) return null;
  try {
    return JSON.parse(decrypt(ring.seal[purpose], body, associatedData(purpose, ring.id, context)));
  } catch {
    return null;
  }
}

/** Base64url with one spelling only: Node skips what it does not know, which would let a seal be changed unseen. */
function decodeExactly(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

/** @throws when the tag does not fit. */
function decrypt(key: KeyObject, body: Buffer, associated: Buffer): string {
  const nonce = body.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  const encrypted = body.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString("utf8");
}

/** JSON keeps the parts apart whatever they hold, and no context apart from an empty one. */
function associatedData(purpose: SealPurpose, keyId: string, context: string | undefined): Buffer {
  return Buffer.from(JSON.stringify([VERSION, purpose, keyId, context ?? null]));
}

function sign(key: KeyObject, text: string): string {
  const mac = createHmac("sha256", key).update(text).digest();
  return toBase62(mac.subarray(0, SIGNATURE_BYTES), SIGNATURE_CHARACTERS);
}
