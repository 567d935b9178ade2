import type { RegisteredPermission } from "../model/permission.ts";
import type { Permission, RoleGrant, RoleName } from "../model/role.ts";
import type { StoredRole } from "../model/stored-role.ts";
import type { Runtime } from "../runtime.ts";
import {
  type CreatedRole,
  changeRole,
  createRole,
  type RemovedRole,
  type RoleWish,
  removeRole,
} from "./change-roles.ts";
import type { RoleChangeTerms, RoleCreationTerms } from "./changing-roles.ts";
import { describeRole, describeRoles, type RoleDescription } from "./describe-roles.ts";
import { explainPermissions, type PermissionExplanation } from "./explain-permissions.ts";

/**
 * What can be asked and done about roles. Only roles of the database can be changed; those that are built in or stand in
 * the configuration are locked. An actor who is a user must be an owner, or an administrator who hands out nothing that
 * no role gives yet.
 */
export interface RoleVerbs {
  /** Every role: built in, of the configuration, of the database. */
  list(): Promise<readonly RoleDescription[]>;
  /** `null` = there is none of that name. */
  get(name: RoleName): Promise<RoleDescription | null>;
  /** Who holds a role, by user; `limit` 1–1000 grants, default 100. */
  holders(name: RoleName, limit?: number): Promise<readonly RoleGrant[]>;
  /** Every permission that the code asks for, by key. */
  permissions(): readonly RegisteredPermission[];
  /**
   * Makes a role, which nobody has yet unless `adopt` is said.
   * @throws PosternError `role_invalid`, `role_exists`, `role_locked`, `role_in_use`, `unknown_permission`, `permission_denied`
   */
  create(wish: RoleWish, terms: RoleCreationTerms): Promise<CreatedRole>;
  /** Another title, other permissions. @throws PosternError `unknown_role`, `role_invalid`, `role_locked`, `unknown_permission`, `permission_denied` */
  change(
    name: RoleName,
    change: Partial<Omit<RoleWish, "name">>,
    terms: RoleChangeTerms,
  ): Promise<{ readonly role: StoredRole; readonly changed: boolean }>;
  /** Removes a role and takes it from everybody. @throws PosternError `unknown_role`, `role_locked`, `role_in_use`, `permission_denied` */
  remove(name: RoleName, terms: RoleChangeTerms): Promise<RemovedRole>;
  /** By which grants somebody has each permission, or one. @throws PosternError `user_not_found`, `unknown_permission` */
  explain(userId: string, permission?: Permission): Promise<readonly PermissionExplanation[]>;
}

/** Binds the verbs about roles to a runtime. */
export function roleVerbs(runtime: Runtime): RoleVerbs {
  const { policy, settings, store } = runtime;
  return {
    list: async () => describeRoles(runtime, await policy.latest()),
    get: async (name) => describeRole(runtime, await policy.latest(), name),
    holders: (name, limit = 100) => store.grants.ofRole(name, Math.min(Math.max(limit, 1), 1000)),
    permissions: () => settings.permissions,
    create: (wish, terms) => createRole(runtime, wish, terms),
    change: (name, change, terms) => changeRole(runtime, name, change, terms),
    remove: (name, terms) => removeRole(runtime, name, terms),
    explain: (userId, permission) => explainPermissions(runtime, userId, permission),
  };
}
