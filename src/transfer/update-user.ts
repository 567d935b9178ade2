import { mayActOn, rankOf } from "../access/actor-rights.ts";
import { giveRole } from "../access/give-role.ts";
import { newEvent } from "../audit/new-event.ts";
import type { RoleName } from "../model/role.ts";
import type { User } from "../model/user.ts";
import { stillToCome } from "./check-roles.ts";
import type { ImportContext, Outcome } from "./import-context.ts";
import type { CarriedRole, CarriedUser } from "./transfer-record.ts";

/**
 * Brings somebody who is here up to what the file says: name, e-mail, picture, and roles that they lack. Takes nothing
 * away and lets nobody in again or out: no owner can be lost by it. What an owner is called, and by which e-mail they are
 * found, only an owner changes.
 */
export async function updateUser(
  context: ImportContext,
  userId: string,
  record: CarriedUser,
): Promise<Outcome> {
  const { tx, now, actor, importId, wish } = context;
  const user = await tx.users.lock(userId);
  if (user === null) return { action: "failed", problem: { code: "deleted" } };
  const change = changeOf(user, record);
  const changed = Object.keys(change) as readonly (keyof typeof change)[];
  if (changed.length > 0) {
    if (!(await mayActOn(tx, await rankOf(tx, actor), userId)))
      return { action: "failed", problem: { code: "owner_protected" } };
    await tx.users.update(userId, change);
    await tx.audit.insert(
      newEvent(now, {
        action: "user.updated",
        actor,
        target: userId,
        detail: {
          import: importId,
          before: Object.fromEntries(changed.map((name) => [name, user[name]])),
          after: change,
          ...(wish.reason !== undefined && { reason: wish.reason }),
        },
      }),
    );
  }
  const roles = await addRoles(context, userId, record.roles);
  return changed.length + roles.length === 0
    ? { action: "skipped", userId }
    : { action: "updated", userId, roles };
}

/** Gives the roles that are not held by hand yet, or not as long; answers which. */
export async function addRoles(
  { tx, now, actor, importId, wish }: ImportContext,
  userId: string,
  wanted: readonly CarriedRole[],
): Promise<readonly RoleName[]> {
  const given: RoleName[] = [];
  for (const { role, createdAt, expiresAt = null, reason = null } of stillToCome(wanted, now)) {
    const terms = { createdAt: createdAt ?? now, expiresAt, reason };
    const gift = { userId, role, source: "direct", ...terms } as const;
    const detail = { import: importId, ...(wish.reason !== undefined && { reason: wish.reason }) };
    if (await giveRole(tx, now, gift, { actor, detail })) given.push(role);
  }
  return given;
}

/** What the file does not tell stays. */
function changeOf(user: User, record: CarriedUser): Partial<Pick<User, "name" | "email" | "picture">> {
  const differs = (name: "name" | "email" | "picture") =>
    record[name] !== null && record[name] !== user[name];
  return {
    ...(differs("name") && { name: record.name }),
    ...(differs("email") && { email: record.email }),
    ...(differs("picture") && { picture: record.picture }),
  };
}
