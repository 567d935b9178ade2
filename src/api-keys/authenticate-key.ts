import { sha256 } from "../crypto/hash.ts";
import { type ApiKeySnapshot, apiKeyState } from "../model/api-key.ts";
import type { KeyPrincipal } from "../model/principal.ts";
import type { RoleCatalogue } from "../model/role-catalogue.ts";
import type { Runtime } from "../runtime.ts";
import { isKeyText } from "./key-text.ts";

type Uses = Pick<Runtime, "store" | "policy" | "providers" | "lastSeen" | "now">;

/**
 * Whose key this is, and what it may do now; `null` = no key, for whatever reason. What cannot be a key costs no look at
 * the store. A key is looked up at every request: one that is revoked is refused from the next one on, everywhere.
 * @throws PosternError `store_unavailable`
 */
export async function authenticateKey(runtime: Uses, text: string): Promise<KeyPrincipal | null> {
  if (!isKeyText(text)) return null;
  const snapshot = await runtime.store.apiKeys.findBySecretHash(sha256(text));
  if (snapshot === null) return null;
  const { apiKey, user, policyVersion } = snapshot;
  const now = runtime.now();
  if (apiKeyState(apiKey, now) !== "active" || user.status !== "active") return null;
  if (!isVouchedFor(runtime, snapshot)) return null;
  const { roles } = await runtime.policy.since(policyVersion);
  runtime.lastSeen.noteKey(apiKey.id, apiKey.lastUsedAt, now);
  return principalOf(roles, snapshot);
}

/**
 * Whether its person could sign in at all, by an account at a provider that is configured. As with sessions nothing is
 * ended: when the provider is back, so is the key. Whoever has no account never had a session either.
 */
function isVouchedFor(
  { providers }: Pick<Uses, "providers">,
  { providers: theirs }: Pick<ApiKeySnapshot, "providers">,
): boolean {
  return theirs.some((id) => providers.has(id));
}

/** What the key is for and its person may do, both: nothing that either lacks. Roles are for people. */
function principalOf(catalogue: RoleCatalogue, { apiKey, user, roles }: ApiKeySnapshot): KeyPrincipal {
  const allowed = catalogue.rightsOf(roles).permissions;
  return {
    user: {
      id: user.id,
      name: user.name,
      email: user.email,
      picture: user.picture,
      roles: [],
      permissions: apiKey.permissions.filter((permission) => allowed.includes(permission)),
    },
    apiKey: { id: apiKey.id, name: apiKey.name, expiresAt: new Date(apiKey.expiresAt).toISOString() },
  };
}
