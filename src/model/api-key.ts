import type { Permission } from "./role.ts";
import type { User } from "./user.ts";

/** How long an API key is good when nobody says otherwise, and at most; milliseconds. */
export const API_KEY_LIFETIME = 90 * 24 * 60 * 60 * 1000;
export const LONGEST_API_KEY = 365 * 24 * 60 * 60 * 1000;

/** What a machine shows instead of a session. It belongs to a person and can do no more than they can. Times are milliseconds since the epoch. */
export interface ApiKey {
  /** `key_…`: safe to show; it opens nothing. */
  readonly id: string;
  /** Whose key it is. */
  readonly userId: string;
  readonly name: string;
  /** SHA-256 (base64url) of the whole key. */
  readonly secretHash: string;
  /** What it is for; what it can do is what its person may do of that, at that moment. */
  readonly permissions: readonly Permission[];
  readonly createdAt: number;
  /** User id or `cli:…`. */
  readonly createdBy: string;
  readonly reason: string | null;
  readonly expiresAt: number;
  /** Exact to about a minute; `null` = never. */
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

export type ApiKeyState = "active" | "expired" | "revoked";

/** What has become of a key; whether its person may come in is another matter. */
export function apiKeyState(key: Pick<ApiKey, "expiresAt" | "revokedAt">, now: number): ApiKeyState {
  if (key.revokedAt !== null) return "revoked";
  return now >= key.expiresAt ? "expired" : "active";
}

/** What one lookup by secret answers, read together so that it cannot disagree. */
export interface ApiKeySnapshot {
  readonly apiKey: ApiKey;
  readonly user: User;
  /** Names of the roles the user holds, without doubles. */
  readonly roles: readonly string[];
  /** The providers at which the user has accounts, without doubles; they need not be configured. */
  readonly providers: readonly string[];
  /** What these roles give must not be told by an older policy. */
  readonly policyVersion: number;
}

export interface ApiKeyQuery {
  /** Default: everybody's. */
  readonly userId?: string;
  /** The id of the last one of the page before. */
  readonly after?: string;
  /** 1–200. */
  readonly limit: number;
}

export interface ApiKeyReader {
  get(id: string): Promise<ApiKey | null>;
  findBySecretHash(secretHash: string): Promise<ApiKeySnapshot | null>;
  /** Newest first. */
  list(query: ApiKeyQuery): Promise<readonly ApiKey[]>;
}

export interface ApiKeyWriter extends ApiKeyReader {
  insert(key: ApiKey): Promise<void>;
  /** Answers false when it was revoked already. */
  revoke(id: string, actor: string, now: number): Promise<boolean>;
  /** Never moves time backwards. */
  touch(id: string, lastUsedAt: number): Promise<void>;
}
