import type { EmailVerified, IdentityKey } from "../model/identity.ts";
import type { Permission, RoleName } from "../model/role.ts";
import type { Title } from "../model/title.ts";
import type { UserStatus } from "../model/user.ts";

/** An identity on its way from one database to another. Times are milliseconds since the epoch; `null` = not told. */
export interface CarriedIdentity extends IdentityKey {
  readonly handle: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  readonly createdAt: number | null;
  readonly lastUsedAt: number | null;
}

/** A role given by hand. */
export interface CarriedRole {
  readonly role: RoleName;
  readonly createdAt: number | null;
  /** When it ends; default never. */
  readonly expiresAt?: number | null;
  /** In the words of whoever gave it; default none. */
  readonly reason?: string | null;
}

/** A role that administrators have made, which is kept in the database. */
export interface CarriedDefinition {
  readonly kind: "role";
  readonly name: RoleName;
  /** `null` = its name. */
  readonly title: Title | null;
  readonly permissions: readonly Permission[];
  readonly createdAt: number | null;
}

/** A person with everything that belongs to them here. */
export interface CarriedUser {
  readonly kind: "user";
  /** `usr_…`; `null` = they get a new one. */
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly picture: string | null;
  readonly status: UserStatus;
  readonly createdAt: number | null;
  readonly lastSignInAt: number | null;
  readonly identities: readonly CarriedIdentity[];
  readonly roles: readonly CarriedRole[];
  /** Roles that rules and the configuration give: told for people to read, and never taken over. */
  readonly derivedRoles: readonly RoleName[];
}

/** A role that waits for somebody's first sign-in, who is written as in `postern users grant`. */
export interface CarriedGrant {
  readonly kind: "waiting";
  /** An e-mail, `provider:e-mail` or `provider:subject`. */
  readonly who: string;
  readonly roles: readonly CarriedRole[];
  readonly reason: string | null;
}

export type TransferRecord = CarriedDefinition | CarriedUser | CarriedGrant;

/** What is wrong with a line, in a word; its text is in the words of the command line. */
export const ROW_PROBLEMS = [
  "not_json",
  "not_a_record",
  "too_long",
  "unknown_field",
  "invalid",
  "too_few_cells",
  "role_unknown",
  "owner_forbidden",
  "owner_protected",
  "owner_to_come",
  "permission_unknown",
  "permission_forbidden",
  "role_in_use",
  "identity_elsewhere",
  "identity_not_linked",
  "identity_twice",
  "deleted",
  "not_recognisable",
  "no_role",
  "unsure",
  "exists",
] as const;

/** Why a line cannot be taken over. */
export interface RowProblem {
  readonly code: (typeof ROW_PROBLEMS)[number];
  /** The field or the name that it is about. */
  readonly about?: string;
  /** The nearest name that there is. */
  readonly guess?: string | null;
}

/** One line of a file: what it says, or why that cannot be told. */
export type TransferRow =
  | { readonly line: number; readonly record: TransferRecord }
  | { readonly line: number; readonly problem: RowProblem };
