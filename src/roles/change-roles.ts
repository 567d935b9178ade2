import type { Policy } from "../access/live-policy.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import { isRoleName, type Permission, type RoleGrant, type RoleName } from "../model/role.ts";
import type { StoredRole } from "../model/stored-role.ts";
import { readTitle, type Title, type TitleOption } from "../model/title.ts";
import {
  type ChangingRuntime,
  changingRoles,
  type RoleChangeTerms,
  type RoleCreationTerms,
  type RoleImportTerms,
} from "./changing-roles.ts";
import { requireMayShapeRoles } from "./may-shape-roles.ts";
import { MOST_NAMED, referencesTo, remainsOf, requireNothingLeft } from "./role-references.ts";
import { requireFree, requireUnlocked } from "./role-source.ts";

/** A role that is to be. */
export interface RoleWish {
  /** Lower-case letters, digits and hyphens, starting with a letter; it stays what it is. */
  readonly name: RoleName;
  /** What people read: one text, or one for each language. Default its name. */
  readonly title?: TitleOption | null | undefined;
  /** Registered ones only. */
  readonly permissions: readonly Permission[];
}

/** A role that was made. */
export interface CreatedRole extends StoredRole {
  /** How many people had it at once, since they held an earlier one of its name. */
  readonly holders: number;
}

/** What is to become of a role; what is not told stays. */
interface RoleChange extends Partial<Omit<RoleWish, "name">> {
  /** Beside those that it has when it is changed, which stay, registered or not. Not together with `permissions`. */
  readonly addedPermissions?: readonly Permission[];
}

/** What became of a role that was removed. */
export interface RemovedRole {
  readonly role: StoredRole;
  /** How many people held it. */
  readonly holders: number;
}

/**
 * Makes a role that is kept in the database. Nobody has it yet, unless the terms say that whatever an earlier one of its
 * name has left counts for it.
 * @throws PosternError `role_invalid`, `role_exists`, `role_locked`, `unknown_permission`, `permission_denied`,
 * `role_in_use` (its reason says what is left)
 */
export async function createRole(
  runtime: ChangingRuntime,
  wish: RoleWish,
  terms: RoleImportTerms & RoleCreationTerms,
): Promise<CreatedRole> {
  const { name } = wish;
  if (!isRoleName(name))
    throw invalid(`"${name}" is not a role name: use lower-case letters, digits and hyphens.`);
  const title = titleIn(wish.title ?? null);
  return changingRoles(runtime, terms, async (tx, roles, before) => {
    requireFree(runtime.settings, before, name);
    const permissions = known(before, wish.permissions);
    await requireMayShapeRoles(tx, terms.actor, before, permissions);
    const { adopt = false } = terms;
    const remains = await remainsOf(runtime, tx, before, name);
    if (!adopt) requireNothingLeft(name, remains);
    const now = runtime.now();
    // As old as where it comes from: whoever held it there and is deleted here gets it back when they are restored.
    const createdAt = Math.min(terms.imported?.createdAt ?? now, now);
    const role = { name, title, permissions, createdAt, createdBy: terms.actor, changedAt: now };
    await roles.insert(role);
    await tx.audit.insert(
      newEvent(now, {
        action: "role.created",
        actor: terms.actor,
        target: name,
        detail: { role: name, before: null, after: shape(role), ...(adopt && remains), ...remark(terms) },
      }),
    );
    return { ...role, holders: remains.holders };
  });
}

/**
 * Gives a role another title or other permissions; effective for everybody who holds it within a second. Answers the role
 * as it is then, and whether anything changed.
 * @throws PosternError `unknown_role`, `role_invalid`, `role_locked`, `unknown_permission`, `permission_denied`
 */
export async function changeRole(
  runtime: ChangingRuntime,
  name: RoleName,
  change: RoleChange,
  terms: RoleImportTerms,
): Promise<{ readonly role: StoredRole; readonly changed: boolean }> {
  const title = change.title === undefined ? undefined : titleIn(change.title);
  return changingRoles(runtime, terms, async (tx, roles, before) => {
    const role = requireUnlocked(runtime.settings, before, name);
    const { addedPermissions: more = [] } = change;
    const permissions =
      change.permissions === undefined
        ? [...new Set([...role.permissions, ...known(before, more)])].sort()
        : known(before, change.permissions);
    const added = permissions.filter((permission) => !role.permissions.includes(permission));
    await requireMayShapeRoles(tx, terms.actor, before, added);
    const now = runtime.now();
    const after = { ...role, permissions, title: title === undefined ? role.title : title, changedAt: now };
    if (JSON.stringify(shape(after)) === JSON.stringify(shape(role))) return { role, changed: false };
    await roles.change(name, after);
    await tx.audit.insert(
      newEvent(now, {
        action: "role.changed",
        actor: terms.actor,
        target: name,
        detail: { role: name, before: shape(role), after: shape(after), ...remark(terms) },
      }),
    );
    return { role: after, changed: true };
  });
}

/**
 * Removes a role, and takes it from everybody who holds it, in the same transaction. Refused while anything would still
 * give it: a rule, an invitation, a role that waits, a request that was approved.
 * @throws PosternError `unknown_role`, `role_locked`, `role_in_use` (its reason says what), `permission_denied`
 */
export async function removeRole(
  runtime: ChangingRuntime,
  name: RoleName,
  terms: RoleChangeTerms,
): Promise<RemovedRole> {
  return changingRoles(runtime, terms, async (tx, roles, before) => {
    const role = requireUnlocked(runtime.settings, before, name);
    await requireMayShapeRoles(tx, terms.actor, before, []);
    const references = await referencesTo(runtime, tx, before, name);
    if (references.length > 0) {
      const reason = references.join(", ");
      throw new PosternError("role_in_use", `The role "${name}" is still given by: ${reason}.`, { reason });
    }
    const ended = await tx.grants.deleteOfRole(name);
    await roles.delete(name);
    const people = peopleIn(ended);
    await tx.audit.insert(
      newEvent(runtime.now(), {
        action: "role.removed",
        actor: terms.actor,
        target: name,
        detail: {
          ...{ role: name, before: shape(role), after: null },
          ...{ holders: people.length, people: people.slice(0, MOST_NAMED) },
          ...remark(terms),
        },
      }),
    );
    return { role, holders: people.length };
  });
}

/** @throws PosternError `unknown_permission`, with the nearest name */
function known({ roles }: Policy, wanted: readonly Permission[]): readonly Permission[] {
  for (const permission of wanted) roles.requireKnownPermission(permission);
  return [...new Set(wanted)].sort();
}

function titleIn(option: TitleOption | null): Title | null {
  if (option === null) return null;
  const title = readTitle(option);
  if (title === null) throw invalid("A title is one line of 100 characters at most, in every language.");
  return title;
}

function invalid(message: string): PosternError {
  return new PosternError("role_invalid", message);
}

function peopleIn(grants: readonly RoleGrant[]): readonly string[] {
  return [...new Set(grants.map(({ userId }) => userId))].sort();
}

function shape({ title, permissions }: Pick<StoredRole, "title" | "permissions">) {
  return { title, permissions };
}

function remark({ reason, imported }: RoleImportTerms) {
  return { ...(imported !== undefined && { import: imported.id }), ...(reason !== undefined && { reason }) };
}
