import type { Identity } from "../model/identity.ts";
import type { RoleGrant, RoleName } from "../model/role.ts";
import type { Store } from "../model/store.ts";
import type { User, UserListQuery } from "../model/user.ts";
import type { Runtime } from "../runtime.ts";
import { grantRole, revokeRole } from "./grant-role.ts";

/**
 * What can be asked and done about people. `actor` is who does it, for the audit log: a user id, or `job:nightly`;
 * `reason` is why, in their own words.
 */
export interface UserVerbs {
  get(id: string): Promise<User | null>;
  /** By id or e-mail, or with `provider:` in front by handle, subject or e-mail there. May be several: an e-mail is no key. */
  find(who: string): Promise<readonly User[]>;
  /** A page of users, in the order they came. `limit` 1–200, default 50. */
  list(query?: Partial<UserListQuery>): Promise<readonly User[]>;
  count(query?: Omit<UserListQuery, "limit" | "after">): Promise<number>;
  identitiesOf(userId: string): Promise<readonly Identity[]>;
  grantsOf(userId: string): Promise<readonly RoleGrant[]>;
  /** Gives a role by hand; false = held by hand already. @throws PosternError `unknown_role`, `user_not_found` */
  grant(userId: string, role: RoleName, actor: string, reason?: string): Promise<boolean>;
  /** Takes a role away; effective everywhere within a second. @throws PosternError `user_not_found`, `last_owner` */
  revoke(
    userId: string,
    role: RoleName,
    actor: string,
    reason?: string,
  ): Promise<{ readonly revoked: boolean; readonly stillDerived: boolean }>;
}

/** Binds the verbs about people to a runtime. */
export function userVerbs(runtime: Runtime): UserVerbs {
  const { store } = runtime;
  return {
    get: (id) => store.users.get(id),
    find: (who) => findUsers(runtime, who),
    list: (query = {}) =>
      store.users.list({ ...query, limit: Math.min(Math.max(query.limit ?? 50, 1), 200) }),
    count: (query = {}) => store.users.count(query),
    identitiesOf: (userId) => store.identities.ofUser(userId),
    grantsOf: (userId) => store.grants.ofUser(userId),
    grant: (userId, role, actor, reason) => grantRole(runtime, userId, role, actor, reason),
    revoke: (userId, role, actor, reason) => revokeRole(runtime, userId, role, actor, reason),
  };
}

async function findUsers({ store }: Pick<Runtime, "store">, who: string): Promise<readonly User[]> {
  const direct = await store.users.find(who);
  const colon = who.indexOf(":");
  if (direct.length > 0 || colon === -1) return direct;
  const [provider, name] = [who.slice(0, colon), who.slice(colon + 1)];
  const identities = await store.identities.findByHandle(provider, name);
  if (identities.length === 0 && name.includes("@")) return findByEmailAt(store, provider, name);
  const ids = [...new Set(identities.map(({ userId }) => userId))];
  return (await Promise.all(ids.map((id) => store.users.get(id)))).filter((user) => user !== null);
}

/** As `owners` of the configuration names people: tells apart those who have the same e-mail at different providers. */
async function findByEmailAt(store: Store, provider: string, email: string): Promise<readonly User[]> {
  const found: User[] = [];
  for (const user of await store.users.find(email)) {
    const identities = await store.identities.ofUser(user.id);
    if (identities.some((identity) => identity.provider === provider)) found.push(user);
  }
  return found;
}
