import type { Kysely } from "kysely";
import type { StoredRole, StoredRoleWriter } from "../../model/stored-role.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "name",
  "title",
  "permissions",
  "created_at as createdAt",
  "created_by as createdBy",
  "changed_at as changedAt",
] as const;

/** Every role that administrators have made. */
export async function rolesByName(db: Kysely<Schema>): Promise<readonly StoredRole[]> {
  const rows = await db.selectFrom("postern_roles").select(COLUMNS).orderBy("name").execute();
  return rows.map(({ title, permissions, ...rest }) => ({
    ...rest,
    title: title === null ? null : JSON.parse(title),
    permissions: JSON.parse(permissions),
  }));
}

/** Writing them, inside a transaction that has changed the version of the policy. */
export function storedRoleWriter(tx: Kysely<Schema>): StoredRoleWriter {
  return {
    insert: async (role) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_roles")
        .values({
          ...toColumns(role),
          name: role.name,
          created_at: role.createdAt,
          created_by: role.createdBy,
        })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    change: async (name, change) => {
      const changed = tx.updateTable("postern_roles").set(toColumns(change)).where("name", "=", name);
      return (await changed.executeTakeFirst()).numUpdatedRows === 1n;
    },

    delete: async (name) => {
      const deleted = tx.deleteFrom("postern_roles").where("name", "=", name);
      return (await deleted.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}

function toColumns({
  title,
  permissions,
  changedAt,
}: Pick<StoredRole, "title" | "permissions" | "changedAt">) {
  return {
    title: title === null ? null : JSON.stringify(title),
    permissions: JSON.stringify(permissions),
    changed_at: changedAt,
  };
}
