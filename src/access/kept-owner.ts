import type { RoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import type { AccessDecision } from "./decide-access.ts";
import { isLastOwner } from "./last-owner.ts";

/**
 * The door never shuts behind the last owner, whatever the rules have become: nobody else could open it again from
 * inside. True only for somebody whom they would keep out.
 */
export async function isKeptOwner(
  { settings }: Pick<Runtime, "settings">,
  tx: StoreTransaction,
  grants: readonly RoleGrant[],
  decided: AccessDecision,
): Promise<boolean> {
  const owner = grants.find(({ role }) => role === "owner");
  const isIn = decided.outcome === "allow" && (decided.roles.length > 0 || owner?.source === "direct");
  return owner !== undefined && !isIn && (await isLastOwner(tx, settings, owner.userId));
}
