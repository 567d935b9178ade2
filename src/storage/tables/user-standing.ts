import { type RawBuilder, sql } from "kysely";
import type { UserListQuery } from "../../model/user.ts";

/** What is asked of people besides what they are called. */
export type Standing = Pick<UserListQuery, "role" | "status">;

/** People of one standing, as an index has them in the order of their ids. */
export interface StandingSql {
  readonly table: RawBuilder<unknown>;
  /** Qualified. Whoever holds a role from two sources is there twice. */
  readonly id: RawBuilder<string>;
  readonly condition: RawBuilder<boolean>;
  /** The same, but for roles that are over: all that the index tells by itself, so that no row has to be read for it. */
  readonly inIndex: RawBuilder<boolean>;
}

/** Where to find those who hold the role and have the status. `now` is in milliseconds since the epoch. */
export function standingSql({ role, status }: Standing, now: number): StandingSql {
  if (role === undefined) {
    const condition: RawBuilder<boolean> =
      status === undefined ? sql`1 = 1` : sql`postern_users.status = ${status}`;
    return { table: sql`postern_users`, id: sql`postern_users.id`, condition, inIndex: condition };
  }
  // By the role: from the users' side, a million members would all be looked up for the first fifty.
  const hasStatus = status === undefined ? sql`` : sql` and postern_grants.user_status = ${status}`;
  return {
    table: sql`postern_grants`,
    id: sql`postern_grants.user_id`,
    condition: sql`${isHeld(sql`postern_grants`, role, now)}${hasStatus}`,
    inIndex: sql`postern_grants.role = ${role}${hasStatus}`,
  };
}

/** Whether what is in `standingSql` must be looked at twice: only there it stands on what is written afterwards. */
export function isDerived({ role, status }: Standing): boolean {
  return role !== undefined && status !== undefined;
}

/** True for a row of `grants` that gives the role at this moment. */
export function isHeld(grants: RawBuilder<unknown>, role: string, now: number): RawBuilder<boolean> {
  return sql`${grants}.role = ${role} and (${grants}.expires_at is null or ${grants}.expires_at > ${now})`;
}
