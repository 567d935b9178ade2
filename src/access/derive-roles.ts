import { newEvent } from "../audit/new-event.ts";
import type { RoleGrant, RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { DerivedRole } from "./decide-access.ts";
import { isLastOwner } from "./last-owner.ts";
import type { ConfiguredPolicy } from "./live-policy.ts";

/**
 * Brings the derived grants of a user in line with what has just been decided; grants made by hand are not touched.
 * The last owner keeps the role even when nothing derives it any more. Answers the roles held afterwards.
 */
export async function deriveRoles(
  tx: Pick<StoreTransaction, "grants" | "users" | "identities" | "policy" | "audit">,
  settings: ConfiguredPolicy,
  now: number,
  userId: string,
  derived: readonly DerivedRole[],
): Promise<readonly RoleName[]> {
  const held = await tx.grants.ofUser(userId);
  const byHand = held.filter(({ source }) => source === "direct");
  const roles = new Set(byHand.map(({ role }) => role));
  // Until some day only is not enough for the last owner.
  const staysOwner =
    byHand.some(({ role, expiresAt }) => role === "owner" && expiresAt === null) ||
    derived.some(({ role }) => role === "owner");

  for (const { role, source } of derived) {
    roles.add(role);
    // It stays: whoever takes grants away locks their user, or the policy, first.
    if (held.some((grant) => isSame(grant, { role, source }))) continue;
    if (!(await tx.grants.insert({ userId, role, source, createdAt: now }))) continue;
    await tx.audit.insert(
      newEvent(now, { action: "role.granted", actor: "system", target: userId, detail: { role, source } }),
    );
  }
  for (const grant of held) {
    if (grant.source === "direct") continue;
    if (derived.some((one) => isSame(one, grant))) continue;
    if (grant.role === "owner" && !staysOwner && (await isLastOwner(tx, settings, userId))) {
      roles.add("owner");
      continue;
    }
    await tx.grants.delete(grant);
    await tx.audit.insert(
      newEvent(now, {
        action: "role.revoked",
        actor: "system",
        target: userId,
        detail: { role: grant.role, source: grant.source },
      }),
    );
  }
  return [...roles].sort();
}

function isSame(one: Pick<RoleGrant, "role" | "source">, other: Pick<RoleGrant, "role" | "source">): boolean {
  return one.role === other.role && one.source === other.source;
}
