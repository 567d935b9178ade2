/** What a role or a permission is called: `owner`, `orders.refund`. */
export type RoleName = string;
export type Permission = string;

/** Lower-case letters, digits and hyphens, starting with a letter; 64 characters at most. */
export function isRoleName(name: unknown): name is RoleName {
  return typeof name === "string" && /^[a-z][a-z0-9-]{0,63}$/.test(name);
}

/** Words with dots. */
export function isPermissionKey(key: unknown): key is Permission {
  return typeof key === "string" && /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(key);
}

/** Why somebody holds a role. Only `direct` grants outlive a sign-in that no longer derives them. */
export type GrantSource = "rule" | "provider" | "direct" | "config";

/** A role held by a user. The same role may be held for several reasons. Times are milliseconds since the epoch. */
export interface RoleGrant {
  readonly userId: string;
  readonly role: RoleName;
  readonly source: GrantSource;
  readonly createdAt: number;
  /** In the words of whoever gave it. */
  readonly reason: string | null;
  /** From this moment on it counts for nothing; `null` = it has no end. */
  readonly expiresAt: number | null;
}

/** As it is given: without reason and without end unless something else is said. */
export type NewRoleGrant = Omit<RoleGrant, "reason" | "expiresAt"> &
  Partial<Pick<RoleGrant, "reason" | "expiresAt">>;

/** Whether one that ends then outlives the other; `null` = it has no end. */
export function lastsLonger(
  { expiresAt: one }: Pick<RoleGrant, "expiresAt">,
  { expiresAt: other }: Pick<RoleGrant, "expiresAt">,
): boolean {
  return other !== null && (one === null || one > other);
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

/** Nothing that is read tells of a grant whose end has come. */
export interface RoleGrantReader {
  ofUser(userId: string): Promise<readonly RoleGrant[]>;
  /** Of all of these users, 500 at most. */
  ofUsers(userIds: readonly string[]): Promise<readonly RoleGrant[]>;
  /** Everybody who holds the role by a grant, by user. At most `limit`. */
  ofRole(role: RoleName, limit: number): Promise<readonly RoleGrant[]>;
  /** How many users hold the role. */
  countHolders(role: RoleName): Promise<number>;
  /**
   * How many users hold the role and can come in: active, with an identity at one of these providers. `except` is not
   * counted, nor is whoever holds it until some day only.
   */
  countUsableHolders(role: RoleName, providers: readonly string[], except?: string): Promise<number>;
  /** How many are over and have not been carried out yet. */
  countExpired(): Promise<number>;
}

export interface RoleGrantWriter extends RoleGrantReader {
  /** Answers false when it is held from that source already; one whose end has come gives way. */
  insert(grant: NewRoleGrant): Promise<boolean>;
  /** Another reason and another end. Answers false when it was not held from that source. */
  change(
    grant: Pick<RoleGrant, "userId" | "role" | "source">,
    change: Pick<RoleGrant, "reason" | "expiresAt">,
  ): Promise<boolean>;
  /** Answers false when it was not held from that source. */
  delete(grant: Pick<RoleGrant, "userId" | "role" | "source">): Promise<boolean>;
  /** Ends every grant of a role at once. Answers those that were there, over or not. */
  deleteOfRole(role: RoleName): Promise<readonly RoleGrant[]>;
  /** Carries out those whose end has come, of one user or of some users. Answers them, each of them once and for all. */
  takeExpired(of: { readonly userId: string } | { readonly limit: number }): Promise<readonly RoleGrant[]>;
  /**
   * Takes the lock that every change which could cost the last owner must hold until its transaction ends,
   * so that two administrators cannot remove each other at once.
   */
  lockOwners(): Promise<void>;
}
