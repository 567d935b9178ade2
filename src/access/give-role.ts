import { newEvent } from "../audit/new-event.ts";
import { lastsLonger, type NewRoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import { endExpiredGrants } from "./end-expired-grants.ts";

/** Who gives a role, for the audit log, and what else it tells. */
export interface GivenBy {
  readonly actor: string;
  readonly address?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Gives a role as part of a larger change, with its event. Held from the same source already it becomes what is given:
 * `exactly`, when somebody says so, or else only when that lasts longer: what comes along with something else takes
 * nothing away. One whose end has come is carried out before. Answers false when nothing changed.
 */
export async function giveRole(
  tx: Pick<StoreTransaction, "grants" | "audit">,
  now: number,
  gift: NewRoleGrant,
  { actor, address = null, detail = {} }: GivenBy,
  how: "exactly" | "at-least" = "at-least",
): Promise<boolean> {
  const { userId, role, source, reason = null, expiresAt = null } = gift;
  await endExpiredGrants(tx, now, userId);
  const held = await tx.grants.ofUser(userId);
  const before = held.find((grant) => grant.role === role && grant.source === source);
  const told = { role, source, ...(reason !== null && { reason }), ...detail };
  if (before === undefined) {
    await tx.grants.insert(gift);
    const end = expiresAt === null ? {} : { expiresAt };
    const event = { action: "role.granted", actor, target: userId, address } as const;
    await tx.audit.insert(newEvent(now, { ...event, detail: { ...told, ...end } }));
    return true;
  }
  const isOther = how === "exactly" ? before.expiresAt !== expiresAt : lastsLonger({ expiresAt }, before);
  if (!isOther) return false;
  await tx.grants.change(gift, { reason, expiresAt });
  const change = { before: { expiresAt: before.expiresAt }, after: { expiresAt } };
  const event = { action: "grant.changed", actor, target: userId, address } as const;
  await tx.audit.insert(newEvent(now, { ...event, detail: { ...told, ...change } }));
  return true;
}
