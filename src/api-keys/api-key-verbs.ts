import type { ApiKey, ApiKeyQuery } from "../model/api-key.ts";
import type { Permission } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { type ApiKeyWish, checkApiKey, createApiKey, type IssuedApiKey } from "./create-api-key.ts";
import { revokeApiKey } from "./revoke-api-key.ts";

/** An API key as it may be shown: the hash of its secret stays inside. */
export type ShownApiKey = Omit<ApiKey, "secretHash">;

/**
 * What can be asked and done about the keys of machines. `actor` is who does it, for the audit log: a user id, or
 * `job:nightly`; `reason` is why, in their own words.
 */
export interface ApiKeyVerbs<Allowed extends Permission = Permission> {
  /**
   * Makes a key; its secret is answered this once. A user id as actor makes keys for themselves only.
   * @throws PosternError `user_not_found`, `suspended`, `not_allowed`, `unknown_permission`, `permission_denied`; RangeError
   */
  create(wish: ApiKeyWish<Allowed>, actor: string, reason?: string): Promise<IssuedApiKey>;
  /** What `create` would make, or refuse, without making it. */
  check(wish: ApiKeyWish<Allowed>, actor: string): Promise<ShownApiKey>;
  get(id: string): Promise<ShownApiKey | null>;
  /** A page of keys, newest first; of everybody, or of one person. `limit` 1–200, default 50. */
  list(query?: Partial<ApiKeyQuery>): Promise<readonly ShownApiKey[]>;
  /** Ends a key, at once and everywhere; false = it was revoked already. @throws PosternError `api_key_not_found`, `permission_denied` */
  revoke(id: string, actor: string, reason?: string): Promise<boolean>;
}

/** Binds the verbs about API keys to a runtime. */
export function apiKeyVerbs(runtime: Runtime): ApiKeyVerbs {
  const { apiKeys } = runtime.store;
  return {
    create: (wish, actor, reason) => createApiKey(runtime, wish, actor, reason),
    check: (wish, actor) => checkApiKey(runtime, wish, actor),
    async get(id) {
      const key = await apiKeys.get(id);
      return key === null ? null : shown(key);
    },
    async list(query = {}) {
      const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
      return (await apiKeys.list({ ...query, limit })).map(shown);
    },
    revoke: (id, actor, reason) => revokeApiKey(runtime, id, actor, reason),
  };
}

function shown({ secretHash: _, ...key }: ApiKey): ShownApiKey {
  return key;
}
