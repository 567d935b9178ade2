import { type Kysely, sql } from "kysely";
import { type Ddl, indexName } from "./ddl.ts";

/** How many characters of a long text an index looks at; the engine compares the rest itself. */
const PREFIX = 191;

/**
 * The words of MySQL and MariaDB. A text cannot be a key, so keys are short; the collation compares bytes and does not
 * fill up with spaces, which each of the two calls by another name.
 */
export function mysqlDdl(flavor: "mysql" | "mariadb"): Ddl {
  const collation = flavor === "mariadb" ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
  const bytewise = sql`character set utf8mb4 collate ${sql.raw(collation)}`;
  return {
    engine: "mysql",
    text: sql`mediumtext ${bytewise}`,
    key: sql`varchar(255) ${bytewise}`,
    // InnoDB keeps every row in the tree of its primary key.
    keyed: sql`engine = InnoDB`,
    index: async (db, { table, columns, long = [] }) => {
      const keyParts = columns.map((column) =>
        long.includes(column) ? sql`${sql.ref(column)}(${sql.lit(PREFIX)})` : sql.ref(column),
      );
      await createIndex(db, sql`index ${sql.ref(indexName(table, columns))}`, table, keyParts);
    },
    unique: async (db, name, table, columns) => {
      // Too long for a key as they are. Each is hashed, so that no two rows run together into the same text.
      const hashed = sql.join(columns.map((column) => sql`sha2(${sql.ref(column)}, 256)`));
      const column = `${name}_hash`;
      await sql`alter table ${sql.table(table)} add column ${sql.ref(column)} char(64) character set ascii
        collate ascii_bin generated always as (sha2(concat(${hashed}), 256)) stored`.execute(db);
      await createIndex(db, sql`unique index ${sql.ref(name)}`, table, [sql.ref(column)]);
    },
  };
}

async function createIndex(
  db: Kysely<unknown>,
  what: ReturnType<typeof sql>,
  table: string,
  keyParts: readonly ReturnType<typeof sql>[],
): Promise<void> {
  await sql`create ${what} on ${sql.table(table)} (${sql.join(keyParts)})`.execute(db);
}
