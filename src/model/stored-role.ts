import type { Permission, RoleName } from "./role.ts";
import type { Title } from "./title.ts";

/** A role that administrators have made, kept in the database. Times are milliseconds since the epoch. */
export interface StoredRole {
  readonly name: RoleName;
  /** `null` = its name. */
  readonly title: Title | null;
  /** Sorted, without doubles. */
  readonly permissions: readonly Permission[];
  readonly createdAt: number;
  /** As the audit log names them. */
  readonly createdBy: string;
  readonly changedAt: number;
}

export interface StoredRoleWriter {
  /** Answers false when there is one of that name. */
  insert(role: StoredRole): Promise<boolean>;
  /** Answers false when there is none of that name. */
  change(name: RoleName, change: Pick<StoredRole, "title" | "permissions" | "changedAt">): Promise<boolean>;
  /** Answers false when there was none. */
  delete(name: RoleName): Promise<boolean>;
}
