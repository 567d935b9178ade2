import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { requireMayRevokeKey } from "./key-rights.ts";

/**
 * Ends a key: it opens nothing any more, in any process, from the next request on. Answers false when it was revoked
 * already. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `api_key_not_found`, `permission_denied`
 */
export function revokeApiKey(
  { store, now }: Pick<Runtime, "store" | "now">,
  id: string,
  actor: string,
  reason?: string,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const key = await tx.apiKeys.get(id);
    if (key === null)
      throw new PosternError("api_key_not_found", `There is no API key ${JSON.stringify(id)}.`);
    await requireMayRevokeKey(tx, key, actor);
    const at = now();
    if (!(await tx.apiKeys.revoke(id, actor, at))) return false;
    const { userId, name, permissions, lastUsedAt } = key;
    await tx.audit.insert(
      newEvent(at, {
        action: "api_key.revoked",
        actor,
        target: id,
        detail: { userId, name, permissions, lastUsedAt, ...(reason !== undefined && { reason }) },
      }),
    );
    return true;
  });
}
