import { randomBytes } from "node:crypto";
import { createExpiringMap } from "../expiring-map.ts";

const MINUTE = 60_000;

/** A token and the secret that requests with it are signed with, beside the application's own. */
export interface Oauth1Token {
  readonly token: string;
  readonly secret: string;
  readonly clientId: string;
}

/** A temporary token, which leads a person to the provider and back (RFC 5849 §2.1). */
export interface TemporaryToken extends Oauth1Token {
  readonly callback: string;
}

/** The tokens of OAuth 1.0a: temporary ones, and secrets of those that stay. */
export interface TemporaryCredentials {
  begin(clientId: string, callback: string): TemporaryToken;
  find(token: string): TemporaryToken | null;
  end(token: string): void;
  /** Keeps the secret of an access token. */
  keep(token: Oauth1Token): void;
  findKept(token: string): Oauth1Token | null;
  /** False = this nonce was used before (RFC 5849 §3.3). */
  useNonce(clientId: string, timestamp: string, nonce: string): boolean;
}

/** Keeps everything in memory. `now` in milliseconds. */
export function createTemporaryCredentials(now: () => number): TemporaryCredentials {
  const temporary = createExpiringMap<TemporaryToken>(now, 10 * MINUTE);
  const kept = new Map<string, Oauth1Token>();
  const nonces = createExpiringMap<true>(now, 15 * MINUTE);
  return {
    begin(clientId, callback) {
      const [token, secret] = [randomBytes(20).toString("base64url"), randomBytes(30).toString("base64url")];
      const entry = { token, secret, clientId, callback };
      temporary.set(token, entry);
      return entry;
    },
    find: (token) => temporary.get(token),
    end: (token) => temporary.delete(token),
    keep: (token) => void kept.set(token.token, token),
    findKept: (token) => kept.get(token) ?? null,
    useNonce(clientId, timestamp, nonce) {
      const key = JSON.stringify([clientId, timestamp, nonce]);
      const fresh = nonces.get(key) === null;
      nonces.set(key, true);
      return fresh;
    },
  };
}
