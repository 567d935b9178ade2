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

/** The roles that count for a guard: those held and those that they include. */
export function effectiveRoles(held: Iterable<RoleName>): ReadonlySet<RoleName> {
  const roles = new Set<RoleName>();
  for (const role of held) {
    roles.add(role);
    for (const junior of JUNIORS[role as BuiltInRole] ?? []) roles.add(junior);
  }
  return roles;
}

export interface RoleGrantReader {
  ofUser(userId: string): Promise<readonly RoleGrant[]>;
  /** How many active users hold the role directly. */
  countActiveHolders(role: RoleName): Promise<number>;
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
