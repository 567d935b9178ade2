import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { scratchFolder } from "../../../test/support/scratch-folder.ts";
import { below, seeded } from "../../../test/support/seeded.ts";
import { createMutex } from "../mutex.ts";
import { nodeSqliteDialect } from "../node-sqlite-dialect.ts";
import { DEFAULT_PATIENCE } from "../retry-while-busy.ts";
import type { Schema } from "../schema.ts";
import { openSqlite } from "../sqlite.ts";
import { findPage, type SearchEffort } from "./user-search.ts";

const NOW = 1_800_000_000_000;
const PEOPLE = 120;
const NAMES = ["Ada Berg", "Ada Thal", "Bo Berg", "Bo Berger"];

/** Which way is taken depends on how many there are; these take each of them among a hundred people. */
const EFFORTS: Readonly<Record<string, SearchEffort>> = {
  "all that are found": { few: 1_000, steps: [], rest: 0 },
  "people by their ids": { few: 0, steps: Array(1_000).fill(3), rest: 0 },
  "the rest of a standing": { few: 0, steps: [3, 4], rest: 1_000 },
  "the words": { few: 0, steps: [3, 4], rest: 1 },
  "the words alone": { few: 0, steps: [], rest: 1 },
};

test.each(Object.entries(EFFORTS))("a page is the same by way of %s", async (_, effort) => {
  const { db, people } = await populated();
  for (const word of ["ada", "be", "bo berg", "thal", "nobody"]) {
    for (const role of [undefined, "lead", "none"]) {
      for (const status of [undefined, "active", "suspended"] as const) {
        const standing = { ...(role !== undefined && { role }), ...(status !== undefined && { status }) };
        const expected = people
          .filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${word}`))
          .filter((one) => role === undefined || (role === "lead" && one.lead))
          .filter((one) => status === undefined || one.status === status)
          .map(({ id }) => id);
        for (const after of ["", people[60]?.id ?? ""]) {
          const page = await findPage(
            { db, engine: "sqlite", now: NOW, standing, word, text: word, effort },
            after,
            7,
          );
          expect(page, JSON.stringify({ word, standing, after })).toEqual(
            expected.filter((id) => id > after).slice(0, 7),
          );
        }
      }
    }
  }
});

async function populated() {
  const random = seeded(7);
  const people = Array.from({ length: PEOPLE }, (_, n) => ({
    id: `usr_${String(n).padStart(4, "0")}`,
    // The last name comes late: nobody is met on the first steps.
    name: n < 90 ? (NAMES[below(random, 2) * 2] ?? "") : (NAMES[below(random, NAMES.length)] ?? ""),
    status: below(random, 3) === 0 ? ("suspended" as const) : ("active" as const),
    lead: below(random, 4) === 0,
  }));
  const folder = scratchFolder();
  const file = folder.database("search.db").slice("file:".length);
  const store = await openSqlite(file, { now: () => NOW });
  await store.migrate();
  await store.transaction(async (tx) => {
    for (const { id, name, status, lead } of people) {
      const rest = {
        email: `${name.replace(" ", ".")}@x.org`,
        picture: null,
        createdAt: NOW,
        lastSignInAt: null,
      };
      await tx.users.insert({ id, name, status, ...rest });
      const sources = lead ? (["direct", "rule"] as const) : [];
      for (const source of sources)
        await tx.grants.insert({ userId: id, role: "lead", source, createdAt: NOW });
    }
    expect(await tx.users.index(PEOPLE + 1)).toBe(PEOPLE);
  });
  await store.close();
  const database = new DatabaseSync(file);
  const mutex = createMutex(1_000);
  const dialect = nodeSqliteDialect({
    database,
    mutex,
    patience: DEFAULT_PATIENCE,
    beforeTransaction: () => {},
  });
  onTestFinished(() => {
    database.close();
    folder.remove();
  });
  return { db: new Kysely<Schema>({ dialect }), people };
}
