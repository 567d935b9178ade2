import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { indexUsers } from "../../src/housekeeping/index-users.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { Store } from "../../src/model/store.ts";
import type { UserListQuery } from "../../src/model/user.ts";
import { MIGRATIONS } from "../../src/storage/migrations/index.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

/** What the version had that knew nothing of an index of people. */
const EARLIER = MIGRATIONS.filter(({ name }) => name < "0015");

/** As that version writes it, which goes on while the new one is rolled out. */
const insertUser = (id: string, name: string, email: string, status: string) => `
  insert into postern_users (id, name, name_folded, email, email_folded, picture, status, created_at, last_sign_in_at)
  values ('${id}', '${name}', '${name.toLowerCase()}', '${email}', '${email}', null, '${status}', 1, 1)`;
const insertGrant = (id: string, role: string) => `
  insert into postern_grants (user_id, role, source, created_at, reason, expires_at)
  values ('${id}', '${role}', 'rule', 1, null, null)`;

describe.each(["sqlite", "postgres"])("people whom an earlier version writes on %s are found", (engine) => {
  let folder: ScratchFolder;
  let raw: RawDatabase;
  let store: Store;

  beforeEach(async () => {
    folder = scratchFolder();
    const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    const parts = { now: Date.now, log: SILENT_LOG };
    const earlier = await openStore(database, { ...parts, migrations: EARLIER });
    await earlier.migrate();
    await earlier.close();
    raw = await openRawDatabase(database);
    await run(
      insertUser("usr_1", "Ada Marsh", "ada@x.example", "active"),
      insertUser("usr_2", "Bo Marsh", "bo@x.example", "active"),
      insertUser("usr_3", "Cy Lake", "cy@x.example", "suspended"),
      ...["usr_1", "usr_2", "usr_3"].map((id) => insertGrant(id, "lead")),
    );
    store = await openStore(database, parts);
    expect(await store.migrate()).toContain("0015-user-search");
  });
  afterEach(async () => {
    await raw.close();
    await store.close();
    folder.remove();
  });

  async function run(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await raw.rows(statement);
  }
  const found = async (query: Omit<UserListQuery, "limit">) => {
    const ids = (await store.users.list({ ...query, limit: 50 })).map(({ id }) => id);
    expect(await store.users.count(query)).toBe(ids.length);
    return ids;
  };
  const index = () => indexUsers({ store }, async () => true);

  test("who were there before, at once and when they are indexed", async () => {
    for (const people of [3, 0]) {
      expect(await found({ text: "marsh" })).toEqual(["usr_1", "usr_2"]);
      expect(await found({ text: "cy@x" })).toEqual(["usr_3"]);
      expect(await found({ role: "lead", status: "active" })).toEqual(["usr_1", "usr_2"]);
      expect(await found({ role: "lead", status: "suspended", text: "lake" })).toEqual(["usr_3"]);
      expect(await index()).toBe(people);
    }
  });

  test("who come, change and leave meanwhile, at once and when they are indexed", async () => {
    await index();
    await run(
      insertUser("usr_4", "Dan Marsh", "dan@x.example", "active"),
      insertUser("usr_5", "Eve Hill", "eve@x.example", "active"),
      insertGrant("usr_5", "auditor"),
      `update postern_users set name = 'Ada Lake', name_folded = 'ada lake', email = 'lake@x.example',
        email_folded = 'lake@x.example', picture = null, last_sign_in_at = 2 where id = 'usr_1'`,
      `update postern_users set status = 'suspended' where id = 'usr_2'`,
      `update postern_users set status = 'active' where id = 'usr_3'`,
    );
    expect(await found({ text: "marsh" })).toEqual(["usr_2", "usr_4"]);
    expect(await found({ role: "lead", status: "active" })).toEqual(["usr_1", "usr_3"]);
    expect(await index()).toBe(5);
    await run(
      // Who has not changed else.
      insertGrant("usr_5", "lead"),
      `delete from postern_grants where user_id = 'usr_5' and role = 'auditor'`,
      // And back again, before anybody has looked.
      `update postern_users set status = 'suspended' where id = 'usr_3'`,
      `update postern_users set status = 'active' where id = 'usr_3'`,
    );
    for (const people of [1, 0]) {
      expect(await found({ text: "marsh" })).toEqual(["usr_2", "usr_4"]);
      expect(await found({ text: "lake" })).toEqual(["usr_1", "usr_3"]);
      expect(await found({ text: "ada@x" })).toEqual([]);
      expect(await found({ role: "lead", status: "active" })).toEqual(["usr_1", "usr_3", "usr_5"]);
      expect(await found({ role: "lead", status: "suspended" })).toEqual(["usr_2"]);
      expect(await found({ role: "auditor", status: "active" })).toEqual([]);
      expect(await found({ status: "suspended" })).toEqual(["usr_2"]);
      expect(await index()).toBe(people);
    }
    await run(
      `update postern_users set status = 'suspended' where id = 'usr_1'`,
      `delete from postern_users where id = 'usr_4'`,
    );
    for (const people of [1, 0]) {
      expect(await found({ text: "marsh" })).toEqual(["usr_2"]);
      expect(await found({ text: "lake", status: "active" })).toEqual(["usr_3"]);
      expect(await found({ role: "lead", status: "suspended" })).toEqual(["usr_1", "usr_2"]);
      expect(await index()).toBe(people);
    }
  });
});

describe.each(["sqlite", "postgres"])("what an earlier version writes of rechecks on %s", (engine) => {
  let folder: ScratchFolder;
  let raw: RawDatabase;
  let store: Store;

  beforeEach(async () => {
    folder = scratchFolder();
    const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    store = await openStore(database, { now: Date.now, log: SILENT_LOG });
    await store.migrate();
    raw = await openRawDatabase(database);
  });
  afterEach(async () => {
    await raw.close();
    await store.close();
    folder.remove();
  });

  test("counts: whom it has signed in last derives roles, and nobody was refused", async () => {
    await raw.rows(insertUser("usr_1", "Ada Marsh", "ada@x.example", "active"));
    for (const [n, usedAt] of [1, 3, 2].entries())
      await raw.rows(`
        insert into postern_identities
          (id, user_id, provider, issuer, subject, handle, email, email_verified, created_at, last_used_at)
        values ('idn_${n}', 'usr_1', 'corp', 'https://corp.example', '${n}', null, null, null, 1, ${usedAt})`);
    expect(await store.identities.lastDerived("usr_1")).toBe("idn_1");
    await raw.rows(`
      insert into postern_tokens (identity_id, sealed, key_id, version) values ('idn_0', 'v1.key.x', 'key', 1)`);
    await raw.rows(`
      insert into postern_rechecks (identity_id, due_at, confirmed_at, failures) values ('idn_0', 5, 4, 3)`);
    expect(await store.rechecks.get("idn_0")).toEqual({
      ...{ identityId: "idn_0", dueAt: 5, confirmedAt: 4, failures: 3, refusals: 0 },
    });
  });
});
