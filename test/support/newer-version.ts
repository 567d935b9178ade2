import { expect } from "vitest";
import type { Store } from "../../src/model/store.ts";

/** How a store of this version behaves on a database where a newer one has been. `run` takes SQL, past the store. */
export async function expectWorkBesideNewer(
  store: Store,
  run: (sql: string) => unknown | Promise<unknown>,
): Promise<void> {
  const names = (await store.migrations()).map(({ name }) => name);
  await run("insert into postern_migrations values ('9998-added', 1)");
  expect(await store.migrate()).toEqual([]);
  const states = await store.migrations();
  expect(states.map(({ name }) => name)).toEqual([...names, "9998-added"]);
  expect(states.filter(({ isNewer }) => isNewer).map(({ name }) => name)).toEqual(["9998-added"]);
  expect(states.every(({ appliedAt }) => appliedAt !== null)).toBe(true);

  // What is missing would run after what came later.
  await run(`delete from postern_migrations where name = '${names.at(-1)}'`);
  await expectRefusal(store);
  await run(`insert into postern_migrations values ('${names.at(-1)}', 1)`);
  expect(await store.migrate()).toEqual([]);

  await run("insert into postern_migrations values ('9999-taken-away-breaking', 1)");
  await expectRefusal(store);
}

async function expectRefusal(store: Store): Promise<void> {
  const newer = { code: "migrations_pending", reason: "database_newer" };
  await expect(store.migrate()).rejects.toMatchObject(newer);
  await expect(store.migrations()).rejects.toMatchObject(newer);
}
