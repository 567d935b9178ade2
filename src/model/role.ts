/** What a role or a permission is called: `owner`, `orders.refund`. */
export type RoleName = string;
export type Permission = string;

/** Why somebody holds a role. Only `direct` grants outlive a sign-in that no longer derives them. */
export type GrantSource = "rule" | "provider" | "direct" | "config";

/** A role held by a user. The same role may be held for several reasons. */
export interface RoleGrant {
  readonly userId: string;
  readonly role: RoleName;
  readonly source: GrantSource;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The roles that always exist. */
export const BUILT_IN_ROLES = ["owner", "admin", "auditor", "member"] as const;
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number];

/** Holding the role on the left is holding those on the right (NIST RBAC, hierarchical). */
const JUNIORS: Readonly<Record<BuiltInRole, readonly BuiltInRole[]>> = {
  owner: ["admin", "auditor", "member"],
  admin: ["member"],
  auditor: ["member"],
  member: [],
};

/** The roles that somebody has who holds these: themselves and those that they include. */
export function effectiveRoles(held: readonly RoleName[]): ReadonlySet<RoleName> {
  return new Set([...held, ...BUILT_IN_ROLES.filter((role) => held.some((one) => includes(one, role)))]);
}

/** The roles of which any one is enough where these are asked for: themselves and those that include them. */
export function sufficientRoles(wanted: readonly RoleName[]): ReadonlySet<RoleName> {
  return new Set([...wanted, ...BUILT_IN_ROLES.filter((role) => wanted.some((one) => includes(role, one)))]);
}

function includes(senior: RoleName, junior: RoleName): boolean {
  // By own key: an application may call a role `constructor`.
  return Object.hasOwn(JUNIORS, senior) && JUNIORS[senior as BuiltInRole].some((role) => role === junior);
}

export interface RoleGrantReader {
  ofUser(userId: string): Promise<readonly RoleGrant[]>;
  /** Of all of these users, 500 at most. */
  ofUsers(userIds: readonly string[]): Promise<readonly RoleGrant[]>;
  /**
   * How many users hold the role and can come in: active, with an identity at one of these providers. `except` is not
   * counted.
   */
  countUsableHolders(role: RoleName, providers: readonly string[], except?: string): Promise<number>;
}

export interface RoleGrantWriter extends RoleGrantReader {
  /** Answers false when it was held from that source already. */
  insert(grant: RoleGrant): Promise<boolean>;
  /** Answers false when it was not held from that source. */
  delete(grant: Pick<RoleGrant, "userId" | "role" | "source">): Promise<boolean>;
  /**
   * Takes the lock that every change which could cost the last owner must hold until its transaction ends,
   * so that two administrators cannot remove each other at once.
   */
  lockOwners(): Promise<void>;
}
