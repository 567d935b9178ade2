import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId } from "../crypto/random.ts";
import { API_KEY_LIFETIME, type ApiKey, LONGEST_API_KEY } from "../model/api-key.ts";
import type { Permission } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { requireMayMakeKey } from "./key-rights.ts";
import { newKeyText } from "./key-text.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "now">;

export interface ApiKeyWish<Allowed extends Permission = Permission> {
  /** Whose key it is to be: `usr_…`. */
  readonly userId: string;
  /** What the machine is called: 1 to 100 characters. */
  readonly name: string;
  /** At least one, and none that the person does not have. */
  readonly permissions: readonly Allowed[];
  /** How long it is good, in milliseconds: 1 minute to 365 days. Default 90 days. */
  readonly lifetime?: number;
}

/** An API key and the only copy of its secret. */
export interface IssuedApiKey {
  readonly apiKey: Omit<ApiKey, "secretHash">;
  /** `pst_…`: to be handed on, and kept nowhere: only its hash is stored. */
  readonly secret: string;
}

/**
 * Makes a key for a machine. `actor` is a user id, who makes keys for themselves only, or names who does it for the audit
 * log; `reason` is their own words.
 * @throws PosternError `user_not_found`, `suspended`, `not_allowed` when they have no account at a provider that is
 * configured, `unknown_permission`, `permission_denied` when the person may not do that themselves or somebody makes a key
 * for another; RangeError for a name or lifetime out of bounds, or no permission
 */
export async function createApiKey(
  runtime: Uses,
  wish: ApiKeyWish,
  actor: string,
  reason?: string,
): Promise<IssuedApiKey> {
  const { secret, apiKey } = draft(runtime, wish, actor, reason);
  await runtime.store.transaction(async (tx) => {
    await requireMayMakeKey(tx, runtime, apiKey, actor);
    await tx.apiKeys.insert(apiKey);
    await tx.audit.insert(created(apiKey));
  });
  const { secretHash: _, ...shown } = apiKey;
  return { apiKey: shown, secret };
}

/** Everything that `createApiKey` would refuse, without making a key. @throws as it does */
export async function checkApiKey(
  runtime: Uses,
  wish: ApiKeyWish,
  actor: string,
): Promise<Omit<ApiKey, "secretHash">> {
  const { secretHash: _, ...shown } = draft(runtime, wish, actor, undefined).apiKey;
  await runtime.store.transaction((tx) => requireMayMakeKey(tx, runtime, shown, actor));
  return shown;
}

function draft({ now }: Pick<Uses, "now">, wish: ApiKeyWish, actor: string, reason: string | undefined) {
  const { userId, lifetime = API_KEY_LIFETIME } = wish;
  const name = wish.name.trim();
  const permissions = [...new Set(wish.permissions)].sort();
  if (name === "" || name.length > 100 || /\p{Cc}/u.test(name))
    throw new RangeError("The name of an API key is 1 to 100 characters on one line.");
  if (permissions.length === 0) throw new RangeError("An API key has at least one permission.");
  if (!Number.isInteger(lifetime) || lifetime < 60_000 || lifetime > LONGEST_API_KEY)
    throw new RangeError("An API key lives for 1 minute to 365 days.");
  const at = now();
  const id = newId("key_", at);
  const secret = newKeyText(id);
  const apiKey: ApiKey = {
    id,
    userId,
    name,
    secretHash: sha256(secret),
    permissions,
    createdAt: at,
    createdBy: actor,
    reason: reason ?? null,
    expiresAt: at + lifetime,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
  };
  return { secret, apiKey };
}

function created({ id, userId, name, permissions, createdAt, createdBy, expiresAt, reason }: ApiKey) {
  return newEvent(createdAt, {
    action: "api_key.created",
    actor: createdBy,
    target: id,
    detail: { userId, name, permissions, expiresAt, ...(reason !== null && { reason }) },
  });
}
