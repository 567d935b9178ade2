import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Counts of limits, and what is needed to find what has had its time. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_limit_counts")
    .addColumn("id", ddl.key, (column) => column.notNull())
    .addColumn("instance", ddl.key, (column) => column.notNull())
    .addColumn("count", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("postern_limit_counts_key", ["id", "instance"])
    .modifyEnd(ddl.keyed)
    .execute();
  await ddl.index(db, { table: "postern_limit_counts", columns: ["expires_at"] });

  await db.schema
    .createTable("postern_leases")
    .addColumn("name", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("owner", ddl.key, (column) => column.notNull())
    .addColumn("held_until", "bigint", (column) => column.notNull())
    .addColumn("done", "bigint", (column) => column.notNull())
    .modifyEnd(ddl.keyed)
    .execute();

  await ddl.index(db, { table: "postern_sessions", columns: ["expires_at"] });
  await ddl.index(db, { table: "postern_sessions", columns: ["last_seen_at"] });
  await ddl.index(db, { table: "postern_pending_grants", columns: ["expires_at"] });
  await ddl.index(db, { table: "postern_access_requests", columns: ["status", "decided_at"] });
  await ddl.index(db, { table: "postern_invitations", columns: ["expires_at"] });
  await ddl.index(db, { table: "postern_owner_links", columns: ["expires_at"] });
  await ddl.index(db, { table: "postern_webhook_deliveries", columns: ["finished_at"] });
  await ddl.index(db, { table: "postern_webhook_deliveries", columns: ["created_at"] });
}
