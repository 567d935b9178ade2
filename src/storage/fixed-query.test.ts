import { DatabaseSync } from "node:sqlite";
import { Kysely, sql, type Transaction } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { byShape, columns, fixedQuery, type Value, withConnection } from "./fixed-query.ts";
import { createMutex } from "./mutex.ts";
import { nodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { DEFAULT_PATIENCE } from "./retry-while-busy.ts";
import type { Schema } from "./schema.ts";

type Row = Schema["postern_login_transactions"];

let built = 0;
const INSERT = fixedQuery((db, value: Value<Row>) => {
  built++;
  return db.insertInto("postern_login_transactions").values(columns(value, ["state_hash", "expires_at"]));
});
const FIND = fixedQuery((db, value: Value<{ readonly until: number }>) =>
  db
    .selectFrom("postern_login_transactions")
    .selectAll()
    .where("expires_at", "<=", value("until"))
    .where("state_hash", "!=", "never")
    .orderBy("state_hash"),
);

const BROKEN = fixedQuery((db) =>
  db.selectFrom("postern_login_transactions").select(sql<string>`no_such_thing`.as("nothing")),
);

test("is built once for a database and its transactions, and says each time what it is given", async () => {
  const [one, other] = [opened(), opened()];
  built = 0;
  expect(await INSERT.run(one, { state_hash: "b", expires_at: 2 })).toBe(1);
  expect(await INSERT.run(one, { state_hash: "never", expires_at: 2 })).toBe(1);
  await one.transaction().execute((tx) => INSERT.run(tx, { state_hash: "a", expires_at: 1 }));
  expect(built).toBe(1);
  await INSERT.run(other, { state_hash: "c", expires_at: 1 });
  expect(built).toBe(2);

  expect(await FIND.all(one, { until: 2 })).toStrictEqual([
    { state_hash: "a", expires_at: 1 },
    { state_hash: "b", expires_at: 2 },
  ]);
  expect(await FIND.first(one, { until: 1 })).toStrictEqual({ state_hash: "a", expires_at: 1 });
  expect(await FIND.first(one, { until: 0 })).toBeNull();
  expect(await FIND.all(other, { until: 2 })).toStrictEqual([{ state_hash: "c", expires_at: 1 }]);
});

test("goes straight to the connection of its transaction, and what is asked after its end is refused", async () => {
  const db = opened();
  let late: Transaction<Schema> | null = null;
  await db.transaction().execute((begun) =>
    withConnection(begun, async (tx) => {
      late = tx;
      expect(await INSERT.run(tx, { state_hash: "a", expires_at: 1 })).toBe(1);
      expect(await FIND.all(tx, { until: 1 })).toHaveLength(1);
    }),
  );
  const ended = late as unknown as Transaction<Schema>;
  await expect(INSERT.run(ended, { state_hash: "b", expires_at: 1 })).rejects.toThrow("committed");
  expect(await FIND.all(db, { until: 1 })).toHaveLength(1);
});

test("one that fails undoes its transaction, also when somebody caught the error", async () => {
  const db = opened();
  const work = (tx: Transaction<Schema>) =>
    withConnection(tx, async () => {
      await INSERT.run(tx, { state_hash: "a", expires_at: 1 });
      await BROKEN.all(tx, {}).catch(() => {});
    });
  await expect(db.transaction().execute(work)).rejects.toThrow("no such column");
  expect(await FIND.all(db, { until: 1 })).toEqual([]);
});

test("is made once for each shape", () => {
  const shapes: number[] = [];
  const query = byShape((names: number) => {
    shapes.push(names);
    return { names };
  });
  expect(query(2)).toBe(query(2));
  expect(query(3)).toStrictEqual({ names: 3 });
  expect(shapes).toEqual([2, 3]);
});

function opened(): Kysely<Schema> {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  database.exec("create table postern_login_transactions (state_hash text, expires_at integer)");
  const mutex = createMutex(1_000);
  const options = { database, mutex, patience: DEFAULT_PATIENCE, beforeTransaction: () => {} };
  return new Kysely<Schema>({ dialect: nodeSqliteDialect(options) });
}
