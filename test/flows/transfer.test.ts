import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../src/crypto/random.ts";
import { csvHeader, csvLine } from "../../src/transfer/csv-write.ts";
import { exportPeople } from "../../src/transfer/export-people.ts";
import type { ImportResult, ImportWish } from "../../src/transfer/import-context.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import { jsonlEnd, jsonlHeader, jsonlLine } from "../../src/transfer/jsonl.ts";
import { openTransfer } from "../../src/transfer/read-transfer.ts";
import type { CarriedUser, TransferRecord } from "../../src/transfer/transfer-record.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";

const START = Date.UTC(2030, 0, 1);
const ACTOR = "cli:root@host";
const GOOGLE = { provider: "google", issuer: "https://accounts.google.com" };
const OPTIONS = {
  roles: { support: ["orders.read"] },
  access: [
    { when: { emailDomain: "demo.example" }, then: "allow" },
    { when: { provider: "github" }, then: "allow" },
  ] as const,
};

let folder: ScratchFolder;
let count = 0;
const opened: VerbRuntime[] = [];
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(async () => {
  for (const runtime of opened.splice(0)) await runtime.store.close();
  folder.remove();
});

async function empty(engine = "sqlite"): Promise<VerbRuntime> {
  const database = engine === "postgres" ? await freshDatabase() : folder.database(`${count++}.db`);
  const runtime = await openVerbRuntime({ database, now: () => START, options: OPTIONS });
  opened.push(runtime);
  return runtime;
}

async function records(runtime: VerbRuntime): Promise<TransferRecord[]> {
  const all: TransferRecord[] = [];
  for await (const record of exportPeople(runtime, {}, ACTOR)) all.push(record);
  return all;
}

const asJsonl = (all: readonly TransferRecord[]) =>
  jsonlHeader(START, ["users"]) + all.map(jsonlLine).join("") + jsonlEnd(all.length);
const asCsv = (all: readonly TransferRecord[]) => csvHeader() + all.map(csvLine).join("");

async function importText(
  runtime: VerbRuntime,
  text: string,
  wish: ImportWish = {},
): Promise<ImportResult[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const { rows } = await openTransfer(bytes(), { format: null, encoding: null });
  const results: ImportResult[] = [];
  for await (const result of importPeople(runtime, rows, { mayMakeOwners: true, ...wish }, ACTOR))
    results.push(result);
  return results;
}

const importLine = async (runtime: VerbRuntime, document: object, wish: ImportWish = {}) =>
  (await importText(runtime, `${JSON.stringify(document)}\n`, wish))[0];

const events = async ({ store }: VerbRuntime) =>
  (await store.audit.list({ limit: 1000 })).map(({ action }) => action);

/** People as a sign-in could have left them. */
const time = fc.integer({ min: Date.UTC(2020), max: START });
const word = fc.stringMatching(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,20}$/u).filter((text) => text.isWellFormed());
const email = fc.constantFrom("ada@example.com", "=bo@example.com", "李@例子.example", "+x@y.example");
const person = (n: number) =>
  fc.record<CarriedUser>({
    kind: fc.constant("user"),
    id: time.map((at) => newId("usr_", at)),
    name: fc.option(word),
    email: fc.option(email),
    picture: fc.constantFrom(null, "https://pictures.example.com/a?b=%22,"),
    status: fc.constantFrom("active", "suspended"),
    createdAt: time,
    lastSignInAt: fc.option(time),
    identities: fc.array(
      fc.record({
        provider: fc.constantFrom("corp", "rehearsal"),
        issuer: fc.constantFrom("https://a.example", "https://b.example#tenant"),
        subject: fc.stringMatching(/^[\x20-\x7e]{1,12}$/).map((text) => `${n} ${text}`),
        handle: fc.option(word),
        email: fc.option(email),
        emailVerified: fc.constantFrom(true, false, null),
        createdAt: time,
        lastUsedAt: time,
      }),
      { minLength: 1, maxLength: 3 },
    ),
    roles: fc
      .subarray(["admin", "member", "owner", "support"])
      .chain((roles) =>
        fc.tuple(...roles.map((role) => fc.record({ role: fc.constant(role), createdAt: time }))),
      ),
    derivedRoles: fc.constant([]),
  });
const people = fc.tuple(...Array.from({ length: 6 }, (_, n) => person(n)));
const waiting = fc.uniqueArray(
  fc.record({
    kind: fc.constant("waiting" as const),
    who: fc.constantFrom("zoe@example.com", "rehearsal:zoe@example.com", "github:=583231"),
    roles: fc.tuple(fc.record({ role: fc.constantFrom("admin", "owner"), createdAt: time })),
    reason: fc.constantFrom(null, "=because", "two\nlines"),
  }),
  { selector: ({ who, roles }) => who + roles[0].role },
);

describe.each([
  ["sqlite", "sqlite", 12],
  ["sqlite", "postgres", 4],
  ["postgres", "sqlite", 4],
])("from %s to %s", (from, to, numRuns) => {
  test("what is exported and imported into an empty database is exported the same again", async () => {
    await fc.assert(
      fc.asyncProperty(people, waiting, async (users, grants) => {
        const [first, second] = [await empty(from), await empty(to)];
        const made = await importText(first, asJsonl([...users, ...grants]));
        expect(made.filter(({ problem }) => problem !== null)).toEqual([]);
        const exported = await records(first);
        expect(exported).toHaveLength(users.length + grants.length);
        expect(new Set(exported.map((one) => JSON.stringify(one))).size).toBe(exported.length);
        const again = await importText(second, asJsonl(exported));
        expect(again.map(({ action }) => action)).toEqual(
          exported.map(({ kind }) => (kind === "user" ? "created" : "waiting")),
        );
        expect(await records(second)).toEqual(exported);
        // Once more changes nothing, and writes no event but that of the export.
        const before = (await events(second)).length;
        const third = await importText(second, asJsonl(exported), { onConflict: "update" });
        expect(new Set(third.map(({ action }) => action))).toEqual(new Set(["skipped"]));
        expect((await events(second)).length).toBe(before);
        await first.store.close();
        await second.store.close();
      }),
      { numRuns },
    );
  });
});

test("CSV carries everything but when roles were given", async () => {
  await fc.assert(
    fc.asyncProperty(people, async (users) => {
      const [first, second] = [await empty(), await empty()];
      await importText(first, asJsonl(users));
      const exported = await records(first);
      await importText(second, asCsv(exported));
      const plain = (all: readonly TransferRecord[]) =>
        all.map((one) => ({ ...one, roles: one.roles.map(({ role }) => role) }));
      const trimmed = (all: readonly TransferRecord[]) =>
        plain(all).map((one) => ("name" in one ? { ...one, name: one.name || null } : one));
      expect(trimmed(await records(second))).toEqual(trimmed(exported));
      await first.store.close();
      await second.store.close();
    }),
    { numRuns: 10 },
  );
});

describe.each(["sqlite", "postgres"])("on %s", (engine) => {
  test("an export sees one moment, however long it takes and whatever happens meanwhile", async () => {
    const runtime = await empty(engine);
    const { store } = runtime;
    await importText(runtime, asJsonl(Array.from({ length: 1_200 }, (_, n) => plainUser(n))));
    const seen: TransferRecord[] = [];
    for await (const record of exportPeople(runtime, {}, ACTOR)) {
      seen.push(record);
      if (seen.length !== 1) continue;
      await importText(runtime, asJsonl([plainUser(5_000)]));
      await deleteUser(runtime, plainUser(1_100).id ?? "", ACTOR);
    }
    expect(seen).toHaveLength(1_200);
    expect(seen.filter((one) => one.kind === "user" && one.identities.length !== 1)).toEqual([]);
    expect(await store.users.count({})).toBe(1_200);
  });

  test("an export that is broken off lets go of its view", async () => {
    const runtime = await empty(engine);
    await importText(runtime, asJsonl([plainUser(1), plainUser(2)]));
    for await (const _ of exportPeople(runtime, {}, ACTOR)) break;
    expect(await records(runtime)).toHaveLength(2);
  });

  test("a batch is kept whole or not at all, and an import that broke off goes on where it was", async () => {
    const runtime = await empty(engine);
    const all = Array.from({ length: 450 }, (_, n) => plainUser(n));
    async function* brokenOff() {
      for (const [n, record] of all.entries()) {
        if (n === 430) throw new Error("the file is gone");
        yield { line: n + 1, record };
      }
    }
    const results: ImportResult[] = [];
    await expect(async () => {
      for await (const result of importPeople(runtime, brokenOff(), {}, ACTOR)) results.push(result);
    }).rejects.toThrow("the file is gone");
    expect(results).toHaveLength(400);
    expect(await runtime.store.users.count({})).toBe(400);
    const again = await importText(runtime, asJsonl(all));
    expect(again.filter(({ action }) => action === "created")).toHaveLength(50);
    expect(again.filter(({ action }) => action === "skipped")).toHaveLength(400);
    expect((await events(runtime)).filter((action) => action === "user.imported")).toHaveLength(450);
  });
});

test("a dry run says the same as the real one, also of lines that are there twice, and changes nothing", async () => {
  const runtime = await empty();
  const many = Array.from({ length: 250 }, (_, n) => plainUser(n));
  const text = asJsonl([
    ...many,
    plainUser(3),
    { ...plainUser(900), roles: [{ role: "nobody", createdAt: null }] },
  ]);
  const dry = await importText(runtime, text, { dryRun: true });
  expect(await runtime.store.users.count({})).toBe(0);
  expect(await events(runtime)).toEqual([]);
  const real = await importText(runtime, text);
  const told = (results: readonly ImportResult[]) =>
    results.map(({ line, action, problem }) => ({ line, action, problem }));
  expect(told(dry)).toEqual(told(real));
  expect(dry.slice(-2)).toMatchObject([
    { line: 252, action: "skipped" },
    { line: 253, action: "failed", problem: { code: "role_unknown", about: "nobody" } },
  ]);
});

test("an identity of somebody else stays theirs, and none is added to somebody who is here", async () => {
  const runtime = await empty();
  const [ada, eve] = [plainUser(1), plainUser(2)];
  await importText(runtime, asJsonl([ada, eve]));
  const before = await records(runtime);
  const tries = [
    // Eve's account for Ada's user, in both orders, and a third account for Ada.
    { ...ada, identities: eve.identities },
    { ...ada, identities: [...ada.identities, ...eve.identities] },
    { ...ada, identities: [...ada.identities, ...plainUser(9).identities] },
    { ...ada, identities: plainUser(9).identities },
    { ...plainUser(9), identities: [...ada.identities, ...eve.identities] },
  ];
  for (const wish of [{ onConflict: "update" }, {}] as const) {
    const results = await importText(runtime, asJsonl(tries), wish);
    expect(results.map(({ problem }) => problem?.code)).toEqual([
      "identity_elsewhere",
      "identity_elsewhere",
      "identity_not_linked",
      "identity_not_linked",
      "identity_elsewhere",
    ]);
  }
  expect(await records(runtime)).toEqual(before);
});

test("somebody who was deleted does not come back by a file", async () => {
  const runtime = await empty();
  const ada = plainUser(1);
  await importText(runtime, asJsonl([ada]));
  await deleteUser(runtime, ada.id ?? "", ACTOR);
  const tries = [ada, { ...ada, id: null }];
  const results = await importText(runtime, asJsonl(tries), { onConflict: "update" });
  expect(results.map(({ problem }) => problem?.code)).toEqual(["deleted", "deleted"]);
});

test("owners are made only where that is allowed, and by nobody who may not", async () => {
  const runtime = await empty();
  const boss = { ...plainUser(1), roles: [{ role: "owner", createdAt: null }] };
  const forbidden = await importText(runtime, asJsonl([boss]), { mayMakeOwners: false });
  expect(forbidden[0]?.problem?.code).toBe("owner_forbidden");
  await importText(runtime, asJsonl([plainUser(2)]));
  const rows = async function* () {
    yield { line: 1, record: boss };
  };
  const member = importPeople(runtime, rows(), {}, plainUser(2).id ?? "");
  await expect(member[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "permission_denied" });
  expect((await importText(runtime, asJsonl([boss])))[0]).toMatchObject({
    action: "created",
    roles: ["owner"],
  });
});

test("an update adds and corrects, takes nothing away, and lets nobody in or out", async () => {
  const runtime = await empty();
  const ada: CarriedUser = {
    ...plainUser(1),
    status: "suspended",
    roles: [{ role: "owner", createdAt: START }],
  };
  const bo: CarriedUser = { ...plainUser(2), roles: [{ role: "owner", createdAt: START }] };
  await importText(runtime, asJsonl([ada, bo]));
  const changes = [
    {
      ...ada,
      status: "active",
      name: "Ada Lovelace",
      email: null,
      roles: [{ role: "admin", createdAt: null }],
    },
    { ...bo, status: "suspended", roles: [] },
  ] as const;
  const results = await importText(runtime, asJsonl(changes), { onConflict: "update", reason: "HR list" });
  expect(results).toMatchObject([{ action: "updated", roles: ["admin"] }, { action: "skipped" }]);
  expect(await records(runtime)).toMatchObject([
    {
      status: "suspended",
      name: "Ada Lovelace",
      email: ada.email,
      roles: [{ role: "admin" }, { role: "owner" }],
    },
    { status: "active", roles: [{ role: "owner" }] },
  ]);
  const told = await runtime.store.audit.list({ target: ada.id ?? "", limit: 9 });
  expect(told.map(({ action }) => action).sort()).toEqual(["role.granted", "user.imported", "user.updated"]);
  expect(told.find(({ action }) => action === "user.updated")?.detail).toMatchObject({
    reason: "HR list",
    import: expect.stringMatching(/^imp_/),
    before: { name: "Ada 1" },
    after: { name: "Ada Lovelace" },
  });
});

test("--on-conflict fail stops before the batch in which somebody is who is here already", async () => {
  const runtime = await empty();
  await importText(runtime, asJsonl([plainUser(2)]));
  const results = await importText(runtime, asJsonl([plainUser(1), plainUser(2), plainUser(3)]), {
    onConflict: "fail",
  });
  expect(results).toMatchObject([{ line: 3, action: "failed", problem: { code: "exists" } }]);
  expect(await runtime.store.users.count({})).toBe(1);
});

test("whoever is known by an e-mail only waits, and gets the role at the first sign-in", async () => {
  const runtime = await empty();
  const wait = (who: string, ...roles: string[]) => importLine(runtime, { type: "waiting", who, roles });
  expect(await wait("Ada@Demo.example", "admin")).toMatchObject({ action: "waiting", roles: ["admin"] });
  expect(await wait("ada@demo.example", "admin")).toMatchObject({ action: "skipped" });
  expect(await wait("ada@demo.example", "admn")).toMatchObject({
    problem: { code: "role_unknown", guess: "admin" },
  });
  expect((await wait("ada@demo.example"))?.problem?.code).toBe("no_role");
  // A Cyrillic letter, a full-width one, a provider that there is not, a handle of nobody.
  for (const who of ["nowhere:5", "5", "a@b@c.example", "ａda@demo.example\u200B", "ada@ｄemo.example"])
    expect((await wait(who, "admin"))?.problem?.code, who).toMatch(/not_recognisable|invalid/);

  await arrive(runtime, "ada");
  const [ada] = (await records(runtime)).filter((one) => one.kind === "user");
  expect(ada).toMatchObject({ roles: [{ role: "admin" }], derivedRoles: ["member"] });
  expect(await wait("ada@demo.example", "admin")).toMatchObject({ action: "skipped" });
  const update = { type: "waiting", who: "ada@demo.example", roles: ["support"] };
  expect(await importLine(runtime, update, { onConflict: "update" })).toMatchObject({ action: "updated" });

  await arrive(runtime, "bo", { provider: "github", emailVerified: null });
  expect((await wait("bo@demo.example", "admin"))?.problem?.code).toBe("unsure");
});

test("a hundred thousand people pass by without memory growing", { timeout: 120_000 }, async () => {
  const runtime = await empty();
  fill(runtime.settings.database.slice("file:".length), 100_000);
  const heapAt: number[] = [];
  let seen = 0;
  for await (const record of exportPeople(runtime, {}, ACTOR)) {
    expect(jsonlLine(record)).toContain('"role":"member"');
    if (++seen % 20_000 === 0) heapAt.push(usedHeap());
  }
  expect(seen).toBe(100_000);
  const [first = 0, ...later] = heapAt;
  // A record is some 500 bytes: kept, they would be 50 MB.
  expect(Math.max(...later) - first).toBeLessThan(5 * 1024 * 1024);
});

/** What is in use; what merely has not been collected yet does not count. */
function usedHeap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Straight into the file: by verbs it would be most of the test. */
function fill(file: string, people: number): void {
  const database = new DatabaseSync(file);
  const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${people})`;
  const id = "'usr_' || substr('00000000000000000000000000' || n, -26)";
  database.exec(`
    begin;
    insert into postern_users (id, name, name_folded, email, email_folded, status, created_at)
      ${numbers} select ${id}, 'Ada ' || n, 'ada ' || n, 'ada' || n || '@example.com', 'ada' || n || '@example.com',
      'active', ${START} from numbers;
    insert into postern_identities
      (id, user_id, provider, issuer, subject, handle, email, email_verified, created_at, last_used_at)
      ${numbers} select 'idn_' || n, ${id}, 'google', 'https://accounts.google.com', n, 'ada' || n,
      'ada' || n || '@example.com', 1, ${START}, ${START} from numbers;
    insert into postern_grants (user_id, role, source, created_at)
      ${numbers} select ${id}, 'member', 'direct', ${START} from numbers;
    commit;
  `);
  database.close();
}

function plainUser(n: number): CarriedUser {
  const number = String(n).padStart(26, "0");
  return {
    kind: "user",
    id: `usr_${number}`,
    name: `Ada ${n}`,
    email: `ada${n}@example.com`,
    picture: null,
    status: "active",
    createdAt: START,
    lastSignInAt: null,
    identities: [
      {
        ...GOOGLE,
        subject: `subject-${n}`,
        handle: `ada${n}@example.com`,
        email: `ada${n}@example.com`,
        emailVerified: true,
        createdAt: START,
        lastUsedAt: START,
      },
    ],
    roles: [],
    derivedRoles: [],
  };
}
