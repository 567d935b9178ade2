import type { CryptoKey, JWK } from "jose";
import { importJWK } from "jose/key/import";
import { isOutage } from "./is-outage.ts";
import { asObject, type JsonObject, readJsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import type { Outbound } from "./outbound.ts";
import { maxAgeOf, remoteDocument } from "./remote-document.ts";
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from "./signature-algorithms.ts";

/** The keys of one provider (RFC 7517). */
export interface KeySet {
  /** The key for a signature. @throws OAuthFailure `unknown_key`, `weak_key`, or as fetching does */
  find(algorithm: SignatureAlgorithm, keyId: string | undefined): Promise<CryptoKey>;
  /** Fetches the keys again, at most every 30 seconds. Answers false when it is too early for that. */
  renew(): Promise<boolean>;
}

interface Key {
  readonly id: string | undefined;
  readonly jwk: JsonObject;
  readonly imported: Map<SignatureAlgorithm, Promise<CryptoKey>>;
}

const MAX_BYTES = 1024 * 1024;
const MAX_KEYS = 50;
const MINUTE = 60_000;
const LIFETIME = { usual: 10 * MINUTE, shortest: MINUTE, longest: 24 * 60 * MINUTE, stale: 60 * MINUTE };
// However many unknown keys come along, the provider is asked this often.
const RENEW_MILLISECONDS = 30_000;

/** Keeps a provider's keys: fetched once for everybody, again when they are old or one is unknown. */
export function createKeySet(
  jwksUri: string,
  deps: { readonly outbound: Outbound; readonly now: () => number },
): KeySet {
  const document = remoteDocument(() => fetchKeys(jwksUri, deps.outbound), LIFETIME, deps.now);
  let renewedAt = Number.NEGATIVE_INFINITY;
  let renewing: Promise<boolean> | null = null;

  return {
    async find(algorithm, keyId) {
      const key = choose(await document.get(), algorithm, keyId);
      const known = key.imported.get(algorithm);
      if (known !== undefined) return known;
      const importing = importKey(key.jwk, algorithm);
      key.imported.set(algorithm, importing);
      return importing;
    },
    renew() {
      if (renewing !== null) return renewing;
      if (Math.abs(deps.now() - renewedAt) < RENEW_MILLISECONDS) return Promise.resolve(false);
      renewedAt = deps.now();
      renewing = document
        .refresh()
        .then(() => true)
        .finally(() => {
          renewing = null;
        });
      return renewing;
    },
  };
}

async function fetchKeys(jwksUri: string, outbound: Outbound) {
  const response = await outbound.fetch(jwksUri, {
    headers: { accept: "application/json, application/jwk-set+json" },
    maxBytes: MAX_BYTES,
    endpoint: "jwks",
    idempotent: true,
  });
  if (response.status !== 200) {
    const code = isOutage(response.status) ? "provider_unavailable" : "provider_untrusted";
    throw new OAuthFailure(code, "jwks_status", { endpoint: "jwks", status: response.status });
  }
  const { keys } = await readJsonObject(response, "jwks");
  if (!Array.isArray(keys))
    throw new OAuthFailure("provider_untrusted", "jwks_malformed", { endpoint: "jwks" });
  if (keys.length > MAX_KEYS) {
    throw new OAuthFailure("provider_untrusted", "too_many_keys", { endpoint: "jwks", keys: keys.length });
  }
  return { value: keys.map(toKey).filter((key) => key !== null), maxAge: maxAgeOf(response) };
}

// A key that cannot be read is as good as absent: the others still count.
function toKey(value: unknown): Key | null {
  const jwk = asObject(value);
  if (jwk === null || typeof jwk.kty !== "string") return null;
  if (jwk.kid !== undefined && typeof jwk.kid !== "string") return null;
  return { id: jwk.kid, jwk, imported: new Map() };
}

function choose(keys: readonly Key[], algorithm: SignatureAlgorithm, keyId: string | undefined): Key {
  const fitting = keys.filter(({ id, jwk }) => (keyId === undefined || id === keyId) && fits(jwk, algorithm));
  const [only] = fitting;
  // Without a key id one key may be meant, several may not: trying them all is guessing.
  if (only === undefined || fitting.length > 1) {
    throw new OAuthFailure("provider_untrusted", "unknown_key", { fitting: fitting.length });
  }
  return only;
}

function fits(jwk: JsonObject, algorithm: SignatureAlgorithm): boolean {
  const { kty, crv } = SIGNATURE_ALGORITHMS[algorithm];
  return (
    jwk.kty === kty &&
    (crv === null || jwk.crv === crv) &&
    (jwk.alg === undefined || jwk.alg === algorithm) &&
    (jwk.use === undefined || jwk.use === "sig") &&
    (!Array.isArray(jwk.key_ops) || jwk.key_ops.includes("verify"))
  );
}

async function importKey(jwk: JsonObject, algorithm: SignatureAlgorithm): Promise<CryptoKey> {
  if (jwk.kty === "RSA" && isWeakRsa(jwk)) throw new OAuthFailure("provider_untrusted", "weak_key");
  try {
    // Only the public members, so that nothing else in the document has a say.
    const { kty, crv, x, y, n, e } = jwk;
    const key = await importJWK(defined({ kty, crv, x, y, n, e }), algorithm);
    if (!(key instanceof Uint8Array)) return key;
  } catch {
    // Said below: what a key library thinks of the provider's bytes helps nobody.
  }
  throw new OAuthFailure("provider_untrusted", "unknown_key", { unreadable: true });
}

function defined(members: JsonObject): JWK {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JWK;
}

function isWeakRsa({ n, e }: JsonObject): boolean {
  if (typeof n !== "string" || typeof e !== "string") return true;
  const modulus = BigInt(`0x0${Buffer.from(n, "base64url").toString("hex")}`);
  const exponent = BigInt(`0x0${Buffer.from(e, "base64url").toString("hex")}`);
  return modulus >> 2047n === 0n || exponent < 3n || exponent % 2n === 0n;
}
