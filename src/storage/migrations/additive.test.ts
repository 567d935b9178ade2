import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { expect, test } from "vitest";
import { plainDdl } from "../ddl.ts";
import { MIGRATIONS, type Migration } from "./index.ts";

/**
 * While a new version is rolled out, instances of the one before serve people on the tables of the new one. So a
 * migration may only add, and nothing that the older version's writing would run into.
 */
const ENGINES = ["postgres", "sqlite"] as const;

test.each(ENGINES)(
  "what each migration does on %s, instances of the version before can live with",
  async (engine) => {
    for (const migration of MIGRATIONS) {
      const refused = await unbearable(await statementsOf(migration, engine));
      expect(
        refused,
        `${migration.name} must only add, or be named "…-breaking" (see CONTRIBUTING.md)`,
      ).toEqual(migration.name.endsWith("-breaking") ? expect.anything() : []);
    }
  },
);

test.each([
  `create table "a" ("id" text not null)`,
  `create index "a_by_b" on "a" ("b")`,
  `create unique index "new_key" on "new" ("b")`,
  `insert into new (id) values (1)`,
  `insert into "new" ("id") values (1)`,
  `alter table "a" add column "b" text collate "C"`,
  `alter table "a" add column "b" bigint default 0 not null`,
  `alter table "new" add column "b" bigint not null`,
])("can be lived with: %s", (statement) => {
  expect(unbearable([`create table "new" ("id" text)`, statement])).toEqual([]);
});

test.each([
  `drop table "a"`,
  `drop index "a_by_b"`,
  `alter table "a" drop column "b"`,
  `alter table "a" rename to "b"`,
  `alter table "a" rename column "b" to "c"`,
  `alter table "a" alter column "b" type bigint`,
  `alter table "a" alter column "b" set not null`,
  `alter table "a" add column "b" text not null`,
  `alter table "a" add column "b" text unique`,
  `alter table "a" add column "b" text check (b <> '')`,
  `alter table "a" add column "b" text, drop column "c"`,
  `alter table "a" add constraint "c" check (b > 0)`,
  `create unique index "a_key" on "a" ("b")`,
  `create trigger "t" before insert on "a" execute function f()`,
  `insert into "a" ("id") values (1)`,
  `update "a" set "b" = 1`,
  `delete from "a"`,
  `truncate "a"`,
])("cannot be lived with: %s", (statement) => {
  expect(unbearable([`create table "new" ("id" text)`, statement])).toEqual([statement]);
});

/** Those that the version before would notice. Closed: what is not known to be harmless is refused. */
function unbearable(statements: readonly string[]): readonly string[] {
  const made = new Set<string>();
  return statements.filter((statement) => {
    const said = statement.toLowerCase().replace(/\s+/g, " ").trim();
    const created = /^create table (?:if not exists )?"?(\w+)/.exec(said)?.[1];
    if (created !== undefined) {
      made.add(created);
      return false;
    }
    if (/^create index /.test(said)) return false;
    const table = /^(?:create unique index "?\w+"? on|insert into|alter table) "?(\w+)/.exec(said)?.[1];
    // Nobody uses yet what has just been made.
    if (table !== undefined && made.has(table)) return false;
    return !/^alter table "\w+" add column "\w+" \w+(?: collate "c")?(?: default [\w']+ not null| default [\w']+)?$/.test(
      said,
    );
  });
}

/** What a migration would say to the engine, in order. */
async function statementsOf({ up }: Migration, engine: (typeof ENGINES)[number]): Promise<readonly string[]> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => (engine === "postgres" ? new PostgresAdapter() : new SqliteAdapter()),
      createQueryCompiler: () =>
        engine === "postgres" ? new PostgresQueryCompiler() : new SqliteQueryCompiler(),
      createIntrospector: (any) =>
        engine === "postgres" ? new PostgresIntrospector(any) : new SqliteIntrospector(any),
    },
    log: ({ query }) => void statements.push(query.sql),
  });
  await up(db, plainDdl(engine));
  return statements;
}
