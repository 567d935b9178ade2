import { createSealer } from "../../src/crypto/seal.ts";
import type { LoginTransaction } from "../../src/model/login-transaction.ts";

/** Secrets by what they are, so that a find can be told without printing it. */
export type Canaries = Readonly<Record<string, string>>;

/** What no secret of any sign-in may look like anywhere: the rehearsal provider's tokens, as far as they can be told. */
const TOKEN_SHAPES: Readonly<Record<string, RegExp>> = {
  "a token of the OpenID provider": /rehearsal-[ar]t-[\w-]{20}/,
  "a token of the GitHub look-alike": /gho_[0-9a-f]{20}/,
  "a token of another look-alike": /(?:FE04|88E4|authusrB|eyJ-rehearsal-|ticket-)[\w-]{20}/,
  "a signed token": /eyJ[\w-]{10,}\.[\w-]{10,}\./,
};

/** Every secret that stands in any of the texts, as `place: secret`. */
export function findCanaries(
  places: Readonly<Record<string, string>>,
  canaries: Canaries,
): readonly string[] {
  return canarySearch(canaries)(places);
}

/**
 * Makes the search for these secrets: for 16 bytes of one in a row (23 where it is very long), whatever stands before and after them; plain,
 * percent-encoded, in base64 or base64url, in hexadecimal digits, and for what is base64url also the bytes it stands for.
 */
export function canarySearch(
  canaries: Canaries,
): (places: Readonly<Record<string, string>>) => readonly string[] {
  const pieces = piecesOf(canaries);
  return (places) =>
    Object.entries(places).flatMap(([place, text]) => {
      const found = namesIn(text, pieces);
      for (const [name, shape] of Object.entries(TOKEN_SHAPES)) if (shape.test(text)) found.add(name);
      return [...found].map((name) => `${place}: ${name}`);
    });
}

/** Pieces of one length and whose they are. */
interface Pieces {
  readonly length: number;
  readonly owners: Map<string, string>;
  /** A bit for the sum of each piece: most of what is looked at needs no second look. */
  readonly sums: Uint8Array;
}

/** Of a token of hundreds of characters every eighth piece is looked for: 23 of its bytes in a row hold one. */
const LONG = 200;
const EVERY = 8;

function piecesOf(canaries: Canaries): readonly Pieces[] {
  const byLength = new Map<number, Pieces>();
  for (const [name, secret] of Object.entries(canaries)) {
    for (const { text, piece } of secretParts(secret).flatMap(spellings)) {
      const length = Math.min(piece, text.length);
      const pieces = byLength.get(length) ?? { length, owners: new Map(), sums: new Uint8Array(2 ** 20) };
      byLength.set(length, pieces);
      const step = text.length > LONG ? EVERY : 1;
      forEachStretch(text, length, (at, sum) => {
        if (at % step !== 0) return;
        pieces.owners.set(text.slice(at, at + length), name);
        pieces.sums[sum >>> 3] = (pieces.sums[sum >>> 3] ?? 0) | (1 << (sum & 7));
      });
    }
  }
  return [...byLength.values()];
}

function namesIn(text: string, all: readonly Pieces[]): Set<string> {
  const names = new Set<string>();
  for (const { length, owners, sums } of all) {
    forEachStretch(text, length, (at, sum) => {
      if (((sums[sum >>> 3] ?? 0) & (1 << (sum & 7))) === 0) return;
      const name = owners.get(text.slice(at, at + length));
      if (name !== undefined) names.add(name);
    });
  }
  return names;
}

const BASE = 0x01000193;

/** Tells of each stretch of so many characters a sum of 23 bits (Rabin and Karp): texts have millions of them. */
function forEachStretch(text: string, length: number, tell: (at: number, sum: number) => void): void {
  let first = 1;
  for (let n = 0; n < length; n++) first = Math.imul(first, BASE);
  let sum = 0;
  for (let end = 0; end < text.length; end++) {
    sum = Math.imul(sum, BASE) + text.charCodeAt(end);
    if (end >= length) sum -= Math.imul(first, text.charCodeAt(end - length));
    if (end >= length - 1) tell(end - length + 1, (sum | 0) >>> 9);
  }
}

/** Without what is the same in many: the header of a signed token, version and key id of a seal. */
function secretParts(secret: string): readonly string[] {
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(secret)) return secret.split(".").slice(1);
  if (/^v1\.[\w-]+\.[\w-]+$/.test(secret)) return secret.split(".").slice(2);
  return [secret];
}

/** How a secret may be written, and how long a piece of that says 16 of its bytes. */
interface Spelling {
  readonly text: string;
  readonly piece: number;
}

/** Every way that a secret may be written; the first is as it is. */
export function spellings(secret: string): readonly Spelling[] {
  const bytes = Buffer.from(secret);
  const decoded = Buffer.from(secret, "base64url");
  const isEncoded = decoded.length >= 16 && decoded.toString("base64url") === secret;
  return [
    { text: secret, piece: 16 },
    { text: encodeURIComponent(secret), piece: 16 },
    ...inHexadecimal(bytes),
    ...[0, 1, 2].flatMap((shift) => inBase64(bytes, shift)),
    // Claims are told by whoever may tell them; what nobody may tell is random.
    ...(isEncoded && !secret.startsWith("eyJ")
      ? [{ text: decoded.toString("latin1"), piece: 16 }, ...inHexadecimal(decoded), ...inBase64(decoded, 0)]
      : []),
  ];
}

function inHexadecimal(bytes: Buffer): readonly Spelling[] {
  const text = bytes.toString("hex");
  return [text, text.toUpperCase()].map((text) => ({ text, piece: 32 }));
}

/** As it looks inside of something longer, after so many bytes more than a multiple of three. */
function inBase64(bytes: Buffer, shift: number): readonly Spelling[] {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  const own = text.slice(shift === 0 ? 0 : shift + 1, text.endsWith("=") ? text.indexOf("=") - 1 : undefined);
  return [own, own.replaceAll("+", "-").replaceAll("/", "_")].map((text) => ({ text, piece: 22 }));
}

/** What a code is called in a callback; with OAuth 1.0a it has two parts. */
const CODES = ["code", "authCode", "auth_code", "oauth_token", "oauth_verifier"];

/** What an attempt keeps secret: what its sealed cookie holds, and the code in its callback. */
export function canariesOfAttempt(secret: string, transactionCookie: string, callback: string): Canaries {
  const transaction = createSealer([secret]).open("login-transaction", transactionCookie);
  if (transaction === null) throw new Error("The cookie holds no transaction that this secret opens.");
  const { state, nonce, codeVerifier, extra = {} } = transaction as LoginTransaction;
  const told = new URL(callback, "http://localhost").searchParams;
  const codes = CODES.flatMap((name) => {
    const value = told.get(name);
    return value === null ? [] : [[`the ${name}`, value]];
  });
  return {
    "the session secret of the server": secret,
    "the client secret": "rehearsal-secret",
    "the sealed transaction": transactionCookie,
    "the state": state,
    "the nonce": nonce,
    "the code verifier": codeVerifier,
    ...Object.fromEntries(codes),
    ...extra,
  };
}

/** Head and body of an answer as one text; without the cookies that it sets, whose place that is. */
export function textOfAnswer(response: Response, body: string): string {
  const lines = [...response.headers].filter(([name]) => name !== "set-cookie");
  return [...lines.map(([name, value]) => `${name}: ${value}`), "", body].join("\n");
}
