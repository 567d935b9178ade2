import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../src/crypto/random.ts";
import { changeRole } from "../../src/roles/change-roles.ts";
import { csvHeader, csvLine, isCsvRecord } from "../../src/transfer/csv-write.ts";
import { exportPeople } from "../../src/transfer/export-people.ts";
import type { ImportResult, ImportWish } from "../../src/transfer/import-context.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import { jsonlEnd, jsonlHeader, jsonlLine } from "../../src/transfer/jsonl.ts";
import { openTransfer } from "../../src/transfer/read-transfer.ts";
import type { CarriedUser, TransferRecord } from "../../src/transfer/transfer-record.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole } from "../../src/users/grant-role.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import {
  arrive,
  openVerbRuntime,
  reconfigured,
  userInfoOf,
  type VerbRuntime,
} from "../support/verb-runtime.ts";

const START = Date.UTC(2030, 0, 1);
const ACTOR = "cli:root@host";
/** Milliseconds for what writes more than a thousand people: a machine may have other work to do. */
const PATIENCE = 120_000;
const GOOGLE = { provider: "google", issuer: "https://accounts.google.com" };
const OPTIONS = {
  permissions: { "orders.refund": { title: "Refund" } },
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
const asCsv = (all: readonly TransferRecord[]) => csvHeader() + all.filter(isCsvRecord).map(csvLine).join("");

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
const end = fc.integer({ min: START + 1, max: Date.UTC(2040) });
const carriedRole = <Role extends string>(role: fc.Arbitrary<Role>) =>
  fc.record(
    { role, createdAt: time, expiresAt: end, reason: fc.constantFrom("=covers for Bo", "two\nlines") },
    { requiredKeys: ["role", "createdAt"] },
  );
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
      .chain((roles) => fc.tuple(...roles.map((role) => carriedRole(fc.constant(role))))),
    derivedRoles: fc.constant([]),
  });
const people = fc.tuple(...Array.from({ length: 6 }, (_, n) => person(n)));
const waiting = fc.uniqueArray(
  fc.record({
    kind: fc.constant("waiting" as const),
    who: fc.constantFrom("zoe@example.com", "rehearsal:zoe@example.com", "github:=583231"),
    roles: fc.tuple(
      fc.record(
        { role: fc.constantFrom("admin", "owner"), createdAt: time, expiresAt: end },
        { requiredKeys: ["role", "createdAt"] },
      ),
    ),
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

test("CSV carries everything but when roles were given, and those with an end", async () => {
  await fc.assert(
    fc.asyncProperty(people, async (users) => {
      const [first, second] = [await empty(), await empty()];
      await importText(first, asJsonl(users));
      const exported = await records(first);
      await importText(second, asCsv(exported));
      const plain = (all: readonly TransferRecord[]) =>
        all.filter(isCsvRecord).map((one) => ({
          ...one,
          roles: one.roles.filter(({ expiresAt }) => expiresAt === undefined).map(({ role }) => role),
        }));
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
  test("an export sees one moment, however long it takes and whatever happens meanwhile", {
    timeout: PATIENCE,
  }, async () => {
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

  test("a batch is kept whole or not at all, and an import that broke off goes on where it was", {
    timeout: PATIENCE,
  }, async () => {
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

test("nor by an account or an address of theirs, however the file is written", async () => {
  const runtime = await empty();
  const gone = async (name: string, over: Parameters<typeof arrive>[2] = {}) => {
    const admission = await arrive(runtime, name, over);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    await deleteUser(runtime, admission.userId, ACTOR);
    return admission.userId;
  };
  const ada = await gone("ada");
  const { issuer, subject } = userInfoOf("ada");
  const file = (...lines: readonly string[]) => ["provider,issuer,subject,roles,email", ...lines].join("\n");
  const lines = [
    `rehearsal,${issuer},${subject},admin,`,
    `rehearsal,${issuer},${subject},admin,other@demo.example`,
    `rehearsal,,${subject},admin,`,
    "rehearsal,,,admin,ADA@demo.example",
    ",,,admin,ada@demo.example",
  ];
  for (const line of lines) {
    for (const dryRun of [true, false])
      expect(await importText(runtime, file(line), { dryRun })).toMatchObject([
        { action: "failed", problem: { code: "deleted" } },
      ]);
  }
  expect(await runtime.store.pendingGrants.list()).toEqual([]);
  expect(await runtime.store.users.count({})).toBe(0);

  // An address that nobody has confirmed may be anybody's.
  await gone("bo", { provider: "github", emailVerified: null });
  const bo = { type: "waiting", who: "bo@demo.example", roles: ["admin"] };
  expect(await importLine(runtime, bo)).toMatchObject({ action: "waiting" });
  await restoreUser(runtime, ada, ACTOR);
  const here = { action: "skipped", userId: ada };
  expect(await importText(runtime, file(...lines))).toMatchObject(lines.map(() => here));
});

test("nor when they are deleted while the file is read", async () => {
  const runtime = await empty();
  const all = Array.from({ length: 200 }, (_, n) => plainUser(n));
  const [first = plainUser(0)] = all;
  async function* rows() {
    yield* all.map((record, index) => ({ line: index + 1, record }));
    await deleteUser(runtime, first.id ?? "", ACTOR);
    yield { line: 201, record: { ...first, id: null, email: null } };
  }
  const results: ImportResult[] = [];
  for await (const result of importPeople(runtime, rows(), {}, ACTOR)) results.push(result);
  expect(results.at(0)).toMatchObject({ action: "created" });
  expect(results.at(-1)).toMatchObject({ line: 201, problem: { code: "deleted" } });
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

describe("roles of the database", () => {
  const FINANCE = {
    kind: "role",
    name: "finance",
    title: { en: "Finance", "zh-CN": "财务" },
    permissions: ["orders.read"],
    createdAt: START - 5_000,
  } as const;
  const holder = (n: number): CarriedUser => ({
    ...plainUser(n),
    roles: [{ role: "finance", createdAt: START - 1_000 }],
  });
  const made = async (runtime: VerbRuntime) => (await runtime.store.policy.read()).roles;
  const by = async (runtime: VerbRuntime, actor: string, all: readonly TransferRecord[]) => {
    const rows = async function* () {
      for (const [index, record] of all.entries()) yield { line: index + 1, record };
    };
    const results: ImportResult[] = [];
    for await (const result of importPeople(runtime, rows(), {}, actor)) results.push(result);
    return results;
  };
  const somebody = async (runtime: VerbRuntime, name: string, role: string) => {
    const admission = await arrive(runtime, name);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    await grantRole(runtime, admission.userId, role, ACTOR);
    return admission.userId;
  };

  test("come back with whoever holds them, and with what they were", async () => {
    const [first, second] = [await empty(), await empty()];
    const file = asJsonl([FINANCE, holder(1), { ...FINANCE, name: "plain", title: null, permissions: [] }]);
    expect((await importText(first, file)).map(({ action }) => action)).toEqual([
      "created",
      "created",
      "created",
    ]);
    const exported = await records(first);
    expect(exported.map(({ kind }) => kind)).toEqual(["role", "role", "user"]);
    expect(exported[0]).toEqual(FINANCE);
    expect((await importText(second, asJsonl(exported))).map(({ problem }) => problem)).toEqual([
      null,
      null,
      null,
    ]);
    expect(await records(second)).toEqual(exported);
    const [event] = await second.store.audit.list({ target: "finance", limit: 1 });
    expect(event).toMatchObject({
      action: "role.created",
      actor: ACTOR,
      detail: { import: expect.stringMatching(/^imp_/) },
    });

    // Older than those who hold it, also where it is new: who is deleted and restored gets it back.
    const { id } = holder(1);
    await deleteUser(second, id ?? "", ACTOR);
    await restoreUser(second, id ?? "", ACTOR);
    expect(await second.store.grants.ofUser(id ?? "")).toMatchObject([{ role: "finance" }]);
  });

  test("are tried out with those who hold them, and nothing is made", async () => {
    const runtime = await empty();
    const { version } = await runtime.store.policy.read();
    const file = asJsonl([FINANCE, FINANCE, holder(1)]);
    const foreseen = await importText(runtime, file, { dryRun: true });
    expect(foreseen.map(({ action }) => action)).toEqual(["created", "skipped", "created"]);
    expect(await made(runtime)).toEqual([]);
    expect((await runtime.store.policy.read()).version).toBe(version);
    expect(await events(runtime)).toEqual([]);
  });

  test("that are here stay, or get what they lack; nothing is taken away", async () => {
    const runtime = await empty();
    await importText(runtime, asJsonl([FINANCE]));
    const other = { ...FINANCE, title: null, permissions: ["orders.refund"] } as const;
    const again = (wish: ImportWish) => importText(runtime, asJsonl([other]), wish);
    expect(await again({})).toMatchObject([{ action: "skipped" }]);
    expect(await again({ onConflict: "fail" })).toMatchObject([{ problem: { code: "exists" } }]);
    expect(await made(runtime)).toMatchObject([{ permissions: ["orders.read"] }]);
    expect(await again({ onConflict: "update" })).toMatchObject([{ action: "updated" }]);
    expect(await made(runtime)).toMatchObject([
      { title: FINANCE.title, permissions: ["orders.read", "orders.refund"] },
    ]);
    expect(await again({ onConflict: "update" })).toMatchObject([{ action: "skipped" }]);
  });

  test("that hold what no code declares any more keep it, and nothing breaks off at them", async () => {
    const runtime = await empty();
    await importText(runtime, asJsonl([FINANCE]));
    await runtime.store.transaction(async (tx) => {
      const { roles } = await tx.policy.change();
      const permissions = ["orders.forgotten", "orders.read"];
      await roles.change("finance", { title: FINANCE.title, permissions, changedAt: START });
    });
    const file = asJsonl([{ ...FINANCE, permissions: ["orders.refund"] }, plainUser(1)]);
    const results = await importText(runtime, file, { onConflict: "update" });
    expect(results).toMatchObject([{ action: "updated" }, { action: "created" }]);
    expect(await made(runtime)).toMatchObject([
      { permissions: ["orders.forgotten", "orders.read", "orders.refund"] },
    ]);
    const again = await importText(runtime, file, { onConflict: "update" });
    expect(again).toMatchObject([{ action: "skipped" }, { action: "skipped" }]);
  });

  test("keep what somebody adds while they are imported", async () => {
    const runtime = await empty();
    const bare = { ...FINANCE, permissions: [] };
    await importText(runtime, asJsonl([bare]));
    const { policy } = runtime;
    const added: string[] = [];
    // Whatever was read is old by the time it is used.
    const latest = async () => {
      const before = await policy.latest();
      const permission = ["orders.read", "orders.refund"][added.length];
      if (permission === undefined) return before;
      await changeRole(runtime, "finance", { addedPermissions: [permission] }, { actor: ACTOR });
      added.push(permission);
      return before;
    };
    const busy = { ...runtime, policy: { ...policy, latest } };
    const file = asJsonl([{ ...bare, title: { en: "Money", "zh-CN": "钱" } }]);
    expect(await importText(busy, file, { onConflict: "update" })).toMatchObject([{ action: "updated" }]);
    expect(added.length).toBeGreaterThan(0);
    expect(await made(runtime)).toMatchObject([{ title: { en: "Money" }, permissions: added }]);
  });

  test("with the name of one that is built in or configured change nothing", async () => {
    const runtime = await empty();
    for (const name of ["owner", "member", "support"]) {
      const record = { ...FINANCE, name, permissions: ["orders.refund"] };
      expect(await importText(runtime, asJsonl([record]), { onConflict: "update" })).toMatchObject([
        { action: "skipped" },
      ]);
    }
    expect(await made(runtime)).toEqual([]);
  });

  test("with the name of an earlier one that somebody still holds are left out", async () => {
    const runtime = await empty();
    const former = reconfigured(runtime, { roles: { ...runtime.settings.roles, finance: [] } });
    await somebody(former, "bo", "finance");
    for (const dryRun of [true, false])
      expect(await importText(runtime, asJsonl([FINANCE, holder(1)]), { dryRun })).toMatchObject([
        { action: "failed", problem: { code: "role_in_use", about: "finance" } },
        { action: "failed", problem: { code: "role_unknown", about: "finance" } },
      ]);
    expect(await made(runtime)).toEqual([]);
  });

  test.each([
    [{ name: "Owner " }, "invalid"],
    [{ name: "__proto__" }, "invalid"],
    [{ name: "x".repeat(65) }, "invalid"],
    [{ name: null }, "invalid"],
    [{ permissions: ["orders.delete"] }, "permission_unknown"],
    [{ permissions: "orders.read" }, "invalid"],
    [{ permissions: [["orders.read"]] }, "invalid"],
    [{ permissions: ["../orders"] }, "invalid"],
    [{ permissions: Array.from({ length: 1001 }, (_, n) => `orders.p${n}`) }, "invalid"],
    [{ title: { en: "Finance" } }, "invalid"],
    [{ title: { en: "Finance", "zh-CN": "财\u202e务" } }, "invalid"],
    [{ title: { en: "Finance", "zh-CN": "财务", fr: "x" } }, "unknown_field"],
    [{ title: ["Finance"] }, "invalid"],
    [{ createdAt: "yesterday" }, "invalid"],
    [{ createdBy: "usr_somebody" }, "unknown_field"],
  ])("%j is refused, and whoever holds it too", async (over, code) => {
    const runtime = await empty();
    const { kind: type, ...rest } = FINANCE;
    const line = { type, ...rest, createdAt: null, ...over };
    expect(await importLine(runtime, line)).toMatchObject({ action: "failed", problem: { code } });
    expect(await made(runtime)).toEqual([]);
    expect(await importText(runtime, asJsonl([holder(1)]))).toMatchObject([
      { problem: { code: "role_unknown" } },
    ]);
  });

  test("are made by administrators of what some role gives, by owners of anything, by nobody else", async () => {
    const runtime = await empty();
    const [member, admin, owner] = [
      await somebody(runtime, "bo", "member"),
      await somebody(runtime, "cy", "admin"),
      await somebody(runtime, "ada", "owner"),
    ];
    await expect(by(runtime, member, [FINANCE])).rejects.toMatchObject({ code: "permission_denied" });
    const refunds = { ...FINANCE, name: "refunds", permissions: ["orders.refund"] } as const;
    expect(await by(runtime, admin, [FINANCE, refunds])).toMatchObject([
      { action: "created" },
      { action: "failed", problem: { code: "permission_forbidden", about: "refunds" } },
    ]);
    expect((await made(runtime)).map(({ name }) => name)).toEqual(["finance"]);
    expect(await by(runtime, owner, [refunds])).toMatchObject([{ action: "created" }]);
  });
});

describe("roles with an end", () => {
  const line = (over: object) => {
    const { kind: type, ...rest } = plainUser(1);
    const plain = { createdAt: null, lastSignInAt: null, identities: [{ ...GOOGLE, subject: "1" }] };
    return { type, ...rest, ...plain, ...over };
  };
  const held = async (runtime: VerbRuntime) => runtime.store.grants.ofUser(plainUser(1).id ?? "");

  test("that came while the file was on its way give nothing", async () => {
    const runtime = await empty();
    const roles = [{ role: "admin", expiresAt: "2029-12-31T23:59:59Z" }, { role: "member" }];
    expect(await importLine(runtime, line({ roles }))).toMatchObject({
      action: "created",
      roles: ["member"],
    });
    expect(await held(runtime)).toMatchObject([{ role: "member" }]);
    const who = { type: "waiting", who: "zoe@demo.example", roles: roles.slice(0, 1) };
    expect(await importLine(runtime, who)).toMatchObject({ action: "skipped" });
    expect(await runtime.store.pendingGrants.list()).toEqual([]);
  });

  test("are lengthened and never shortened", async () => {
    const runtime = await empty();
    const give = async (expiresAt?: string) => {
      const roles = [{ role: "admin", ...(expiresAt !== undefined && { expiresAt }) }];
      await importLine(runtime, line({ roles }), { onConflict: "update" });
      await importLine(runtime, { type: "waiting", who: "zoe@demo.example", roles });
      const [[grant], [waiting]] = [await held(runtime), await runtime.store.pendingGrants.list()];
      expect(waiting?.expiresAt).toBe(grant?.expiresAt);
      return grant?.expiresAt;
    };
    const [sooner, later] = ["2030-02-01T00:00:00Z", "2030-03-01T00:00:00Z"];
    expect(await give(sooner)).toBe(Date.parse(sooner));
    expect(await give(later)).toBe(Date.parse(later));
    expect(await give(sooner)).toBe(Date.parse(later));
    expect(await give()).toBeNull();
    expect(await give(later)).toBeNull();
  });

  test.each(["never", "2030-13-01T00:00:00Z", 1_900_000_000_000, "+275760-09-13T00:00:00Z"])(
    "%j is no end, and none is no way around it",
    async (expiresAt) => {
      const runtime = await empty();
      const refused = { action: "failed", problem: { code: "invalid" } };
      expect(await importLine(runtime, line({ roles: [{ role: "admin", expiresAt }] }))).toMatchObject(
        refused,
      );
      expect(await runtime.store.users.count({})).toBe(0);
    },
  );
});
