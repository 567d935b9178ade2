import type { CryptoKey } from "jose";
import { importJWK } from "jose/key/import";
import { receiveJson } from "./receive-json.ts";
import { TokenError } from "./token-error.ts";

/** The issuer's public keys, by their ids. */
export interface RemoteKeys {
  /** `null` = the issuer publishes no such key. @throws TokenError `keys_unavailable` */
  find(keyId: string): Promise<CryptoKey | null>;
}

export interface RemoteKeysOptions {
  readonly url: URL;
  readonly fetch: typeof fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How long keys are believed without asking again, in milliseconds. */
const FRESH_FOR = 5 * 60_000;
/** How long they are still believed when the issuer does not answer: it may be down, its tokens are not. */
const USABLE_FOR = 60 * 60_000;
/** How soon they may be asked for again: whoever sends made-up key ids must not make us knock all the time. */
const PAUSE_AFTER_SUCCESS = 30_000;
const PAUSE_AFTER_FAILURE = 5_000;
/** More than any issuer of ours has. */
const MOST_KEYS = 50;

type Keys = ReadonlyMap<string, CryptoKey>;

/** Fetches the keys when they are first needed, and again when they grow old or a token names one that is new. */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const { now } = options;
  let known: { readonly keys: Keys; readonly at: number } | null = null;
  let failed: { readonly error: unknown; readonly at: number } | null = null;
  let pending: Promise<void> | null = null;

  /** A clock that was put back must not keep old keys alive. */
  const within = (at: number, milliseconds: number) => now() >= at && now() - at < milliseconds;

  const mayAsk = () =>
    !(failed !== null && within(failed.at, PAUSE_AFTER_FAILURE)) &&
    !(known !== null && within(known.at, PAUSE_AFTER_SUCCESS));

  /** One request for all who wait. */
  function refresh(): Promise<void> {
    pending ??= fetchKeys(options)
      .then(
        (keys) => {
          known = { keys, at: now() };
          failed = null;
        },
        (error: unknown) => {
          failed = { error, at: now() };
        },
      )
      .finally(() => {
        pending = null;
      });
    return pending;
  }

  return {
    async find(keyId) {
      if (known === null || !within(known.at, FRESH_FOR)) if (mayAsk()) await refresh();
      if (known?.keys.has(keyId) !== true && mayAsk()) await refresh();
      if (known === null || !within(known.at, USABLE_FOR))
        throw new TokenError("keys_unavailable", `No keys from ${options.url}`, failed?.error);
      return known.keys.get(keyId) ?? null;
    },
  };
}

/** @throws Error when there is no usable key in the answer, or no answer */
async function fetchKeys({ url, fetch }: RemoteKeysOptions): Promise<Keys> {
  const document = await receiveJson(url, fetch);
  const listed: readonly unknown[] = Array.isArray(document.keys) ? document.keys.slice(0, MOST_KEYS) : [];
  const keys = new Map<string, CryptoKey>();
  for (const jwk of listed) {
    const read = await readKey(jwk);
    if (read !== null) keys.set(...read);
  }
  if (keys.size === 0) throw new Error("The answer holds no key for ES256.");
  return keys;
}

/** A public key for ES256; `null` for any other, so that one of another kind does not cost the rest. */
async function readKey(jwk: unknown): Promise<[string, CryptoKey] | null> {
  if (typeof jwk !== "object" || jwk === null) return null;
  const { kid, kty, crv, alg, use, x, y } = jwk as Readonly<Record<string, unknown>>;
  if (typeof kid !== "string" || typeof x !== "string" || typeof y !== "string") return null;
  if (kty !== "EC" || crv !== "P-256" || alg !== "ES256" || use !== "sig") return null;
  try {
    // Only these members: whatever else stands in it has no say.
    return [kid, (await importJWK({ kty, crv, x, y }, "ES256")) as CryptoKey];
  } catch {
    return null;
  }
}
