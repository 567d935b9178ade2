import { isLastOwner } from "../access/last-owner.ts";
import { type DeletedUser, RESTORABLE_FOR } from "../model/deleted-user.ts";
import type { Identity } from "../model/identity.ts";
import type { PendingGrant } from "../model/pending-grant.ts";
import type { RoleGrant, RoleName } from "../model/role.ts";
import type { User, UserListQuery } from "../model/user.ts";
import type { Runtime } from "../runtime.ts";
import { deleteUser } from "./delete-user.ts";
import { readExpectedPerson } from "./expected-person.ts";
import { findUsers } from "./find-users.ts";
import { grantRole, revokeRole } from "./grant-role.ts";
import { type Merge, mergeUsers, previewMerge } from "./merge-users.ts";
import { grantBeforeSignIn, type PromisedRole, revokePendingGrant } from "./pending-grant.ts";
import { purgeDeletedUsers } from "./purge-deleted-users.ts";
import { type Restoration, restoreUser } from "./restore-user.ts";
import { reactivateUser, type Suspension, suspendUser } from "./suspend-user.ts";
import { unlinkIdentity } from "./unlink-identity.ts";

/**
 * What can be asked and done about people. `actor` is who does it, for the audit log: a user id, or `job:nightly`;
 * `reason` is why, in their own words. A user needs the right to it, otherwise PosternError `permission_denied`: everything
 * that changes something is for administrators, and only owners do it to an owner; `unlink` everybody may do to themselves.
 */
export interface UserVerbs<Role extends RoleName = RoleName> {
  get(id: string): Promise<User | null>;
  /**
   * By id or e-mail, or with `provider:` in front by handle, subject or e-mail there. May be several: an e-mail is no key,
   * and neither is a handle, which people choose: before somebody gets anything by it, look whom it has found.
   */
  find(who: string): Promise<readonly User[]>;
  /** A page of users, in the order they came. `limit` 1–200, default 50. */
  list(query?: Partial<UserListQuery>): Promise<readonly User[]>;
  count(query?: Omit<UserListQuery, "limit" | "after">): Promise<number>;
  identitiesOf(userId: string): Promise<readonly Identity[]>;
  grantsOf(userId: string): Promise<readonly RoleGrant[]>;
  /**
   * Gives a role by hand, for good or until a moment (milliseconds since the epoch); false = held so already.
   * @throws PosternError `unknown_role`, `user_not_found`, `permission_denied`, `last_owner`; RangeError
   */
  grant(userId: string, role: Role, actor: string, reason?: string, until?: number): Promise<boolean>;
  /** Takes a role away; effective everywhere within a second. @throws PosternError `user_not_found`, `last_owner` */
  revoke(
    userId: string,
    role: RoleName,
    actor: string,
    reason?: string,
  ): Promise<{ readonly revoked: boolean; readonly stillDerived: boolean }>;
  /** Promises a role to somebody who has never signed in; promised already it gets the new end. @throws PosternError `unknown_role`, `user_not_found` */
  grantBeforeSignIn(
    who: string,
    role: Role,
    actor: string,
    reason?: string,
    until?: number,
  ): Promise<PromisedRole>;
  /** The roles that wait for somebody, oldest first; all of them, or those of one person. */
  pendingGrants(who?: string): Promise<readonly PendingGrant[]>;
  /** Takes such a promise back; false = it is not waiting any more. */
  revokePendingGrant(
    grant: Pick<PendingGrant, "id" | "provider" | "who">,
    actor: string,
    reason?: string,
  ): Promise<boolean>;
  /** Shuts somebody out and ends their sessions. @throws PosternError `user_not_found`, `last_owner` */
  suspend(userId: string, actor: string, reason?: string): Promise<Suspension>;
  /** Lets them in again; false = they were not suspended. @throws PosternError `user_not_found` */
  reactivate(userId: string, actor: string, reason?: string): Promise<boolean>;
  /** Takes an account away as a way to sign in; answers how many sessions ended. @throws PosternError `user_not_found`, `identity_not_found`, `last_identity` */
  unlink(userId: string, identityId: string, actor: string, reason?: string): Promise<number>;
  /** What `merge` would do; nothing changes. @throws PosternError as `merge` does */
  previewMerge(fromId: string, intoId: string, actor: string): Promise<Merge>;
  /** Makes one person of two: accounts and roles of the first become the second's, and the first is no more. @throws PosternError `user_not_found`, `merge_refused`, `permission_denied` */
  merge(fromId: string, intoId: string, actor: string, reason?: string): Promise<Merge>;
  /** Deletes somebody; answers how many sessions ended. @throws PosternError `user_not_found`, `last_owner` */
  delete(userId: string, actor: string, reason?: string): Promise<number>;
  /** Brings back somebody who was deleted less than 30 days ago. @throws PosternError `user_not_found` */
  restore(userId: string, actor: string, reason?: string): Promise<Restoration>;
  /** Who can be restored, last deleted first. `limit` 1–200, default 50. */
  deleted(query?: { readonly limit?: number }): Promise<readonly DeletedUser[]>;
  /** By id or e-mail, among those who can be restored. */
  findDeleted(who: string): Promise<readonly DeletedUser[]>;
  /** Forgets for good whoever was deleted 30 days ago or earlier; answers how many. */
  purge(actor: string, options?: { readonly dryRun?: boolean }): Promise<number>;
  /** Whether this is the only owner who can come in: then nothing may take that away. */
  isLastOwner(userId: string): Promise<boolean>;
}

/** Binds the verbs about people to a runtime. */
export function userVerbs(runtime: Runtime): UserVerbs {
  const { store } = runtime;
  return {
    get: (id) => store.users.get(id),
    find: (who) => findUsers(store, who),
    list: (query = {}) =>
      store.users.list({ ...query, limit: Math.min(Math.max(query.limit ?? 50, 1), 200) }),
    count: (query = {}) => store.users.count(query),
    identitiesOf: (userId) => store.identities.ofUser(userId),
    grantsOf: (userId) => store.grants.ofUser(userId),
    grant: (userId, role, actor, reason, until) => grantRole(runtime, userId, role, actor, reason, until),
    revoke: (userId, role, actor, reason) => revokeRole(runtime, userId, role, actor, reason),
    grantBeforeSignIn: (who, role, actor, reason, until) =>
      grantBeforeSignIn(runtime, who, role, actor, reason, until),
    pendingGrants: (who) => findPending(runtime, who),
    revokePendingGrant: (grant, actor, reason) => revokePendingGrant(runtime, grant, actor, reason),
    suspend: (userId, actor, reason) => suspendUser(runtime, userId, actor, reason),
    reactivate: (userId, actor, reason) => reactivateUser(runtime, userId, actor, reason),
    unlink: (userId, identityId, actor, remark) =>
      unlinkIdentity(runtime, userId, identityId, { actor, address: null, remark }),
    previewMerge: (fromId, intoId, actor) => previewMerge(runtime, fromId, intoId, actor),
    merge: (fromId, intoId, actor, reason) => mergeUsers(runtime, fromId, intoId, actor, reason),
    delete: (userId, actor, reason) => deleteUser(runtime, userId, actor, reason),
    restore: (userId, actor, reason) => restoreUser(runtime, userId, actor, reason),
    deleted: ({ limit = 50 } = {}) =>
      store.deletedUsers.list({ since: restorableSince(runtime), limit: Math.min(Math.max(limit, 1), 200) }),
    async findDeleted(who) {
      const found = await store.deletedUsers.find(who);
      return found.filter(({ deletedAt }) => deletedAt > restorableSince(runtime));
    },
    purge: (actor, { dryRun = false } = {}) => purgeDeletedUsers(runtime, actor, dryRun),
    isLastOwner: (userId) => store.transaction((tx) => isLastOwner(tx, runtime.settings, userId)),
  };
}

function restorableSince({ now }: Pick<Runtime, "now">): number {
  return now() - RESTORABLE_FOR;
}

async function findPending(
  { store, settings }: Pick<Runtime, "store" | "settings">,
  who: string | undefined,
): Promise<readonly PendingGrant[]> {
  if (who === undefined) return store.pendingGrants.list();
  const person = readExpectedPerson(who, settings);
  return person === null ? [] : store.pendingGrants.findFor([person]);
}
