import { type Kysely, sql } from "kysely";
import type { Ddl } from "../ddl.ts";
import { searchWords } from "../search-words.ts";

interface Tables {
  readonly postern_users: { id: string; name: string | null; email: string | null };
  readonly postern_user_words: { user_id: string; word: string };
}

/** Users whose words are written at once. */
const BATCH = 500;

/**
 * What people are found by, and the status of a person beside their roles. Frozen: a later change is a later migration.
 * It takes the words from today's code, and not from a copy: an index is worth nothing that whoever reads it does not know.
 */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  // MySQL keeps what a migration that was cut off had made.
  await sql`drop table if exists postern_user_words`.execute(db);
  await db.schema
    .createTable("postern_user_words")
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("word", ddl.key, (column) => column.notNull())
    .addPrimaryKeyConstraint("postern_user_words_key", ["user_id", "word"])
    .modifyEnd(ddl.keyed)
    .execute();
  await writeWords(db as Kysely<Tables>);
  // Afterwards: an index of what is there already is made faster than row by row.
  await ddl.index(db, { table: "postern_user_words", columns: ["word", "user_id"] });

  await db.schema.alterTable("postern_grants").addColumn("user_status", ddl.key).execute();
  await sql`update postern_grants set user_status =
    (select status from postern_users where postern_users.id = postern_grants.user_id)`.execute(db);
  await ddl.index(db, { table: "postern_grants", columns: ["role", "user_status", "user_id"] });
}

async function writeWords(db: Kysely<Tables>): Promise<void> {
  for (let after = ""; ; ) {
    const users = await db
      .selectFrom("postern_users")
      .where("id", ">", after)
      .select(["id", "name", "email"])
      .orderBy("id")
      .limit(BATCH)
      .execute();
    const rows = users.flatMap(({ id, name, email }) =>
      searchWords(name, email).map((word) => ({ user_id: id, word })),
    );
    if (rows.length > 0) await db.insertInto("postern_user_words").values(rows).execute();
    const last = users.at(-1);
    if (last === undefined || users.length < BATCH) return;
    after = last.id;
  }
}
