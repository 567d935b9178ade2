import fc from "fast-check";
import { afterAll, describe, expect, inject, test } from "vitest";
import { liveProviders } from "../../src/access/last-owner.ts";
import { PosternError } from "../../src/errors.ts";
import type { AuditAction } from "../../src/model/audit-event.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { grantBeforeSignIn } from "../../src/users/pending-grant.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { reactivateUser, suspendUser } from "../../src/users/suspend-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, reconfigured, type VerbRuntime } from "../support/verb-runtime.ts";

/** Everybody who ever comes; ada is in `owners`, cara is let in only by a role given by hand. */
const PEOPLE = ["ada", "bo", "cara", "dan"] as const;
type Name = (typeof PEOPLE)[number];

const OWNERS = ["rehearsal:ada@demo.example"];
const ACCESS = ["ada", "bo", "dan"].map((name) => ({
  when: { email: `${name}@demo.example` },
  then: "allow" as const,
}));

/** What somebody does to somebody. `whose` picks among the accounts that the person has had, deleted ones included. */
interface Step {
  readonly verb:
    | "arrive"
    | "arrive-unnamed"
    | "suspend"
    | "reactivate"
    | "delete"
    | "restore"
    | "grant"
    | "revoke"
    | "promise";
  readonly name: Name;
  readonly role: "owner" | "admin";
  readonly whose: number;
}

const step = fc.record<Step>({
  verb: fc.constantFrom(
    "arrive",
    "arrive-unnamed",
    "suspend",
    "reactivate",
    "delete",
    "restore",
    "grant",
    "revoke",
    "promise",
  ),
  name: fc.constantFrom(...PEOPLE),
  role: fc.constantFrom("owner", "admin"),
  whose: fc.nat(3),
});
/** Steps that happen at the same moment, by as many actors; then the next ones. */
const script = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });

const RUNS = { sqlite: 60, postgres: 40 } as const;

describe.each(["sqlite", "postgres"] as const)("any sequence of comings and goings on %s", (engine) => {
  const folder = scratchFolder();
  afterAll(() => folder.remove());
  let scripts = 0;

  test("keeps its promises after every step", { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, async (rounds) => {
        const database =
          engine === "postgres"
            ? await freshDatabase(inject("postgresUrl"))
            : folder.database(`model-${scripts++}.db`);
        await play(database, rounds);
      }),
      { numRuns: RUNS[engine], seed: 20_261_123, endOnFailure: false },
    );
  });
});

async function play(database: string, rounds: readonly (readonly Step[])[]): Promise<void> {
  let clock = 1_800_000_000_000;
  const now = () => ++clock;
  const runtime = await openVerbRuntime({ database, now, options: { owners: OWNERS, access: ACCESS } });
  // The same house after somebody has taken ada out of the configuration.
  const unnamed = reconfigured(runtime, { owners: [] });
  const raw = await openRawDatabase(database);
  const accounts = new Map<Name, string[]>(PEOPLE.map((name) => [name, []]));
  let before = await lookAt(runtime, raw);
  try {
    for (const steps of rounds) {
      const settled = await Promise.allSettled(steps.map((one) => take(runtime, unnamed, accounts, one)));
      for (const result of settled) if (result.status === "rejected") expectRefusal(result.reason);
      const after = await lookAt(runtime, raw);
      expectSound(after, before);
      if (steps.length === 1) expectToldOnce(before, after);
      before = after;
    }
  } finally {
    await raw.close();
    await runtime.store.close();
  }
}

async function take(
  runtime: VerbRuntime,
  unnamed: VerbRuntime,
  accounts: ReadonlyMap<Name, string[]>,
  { verb, name, role, whose }: Step,
): Promise<unknown> {
  const had = accounts.get(name) ?? [];
  const id = had[whose % Math.max(had.length, 1)] ?? "usr_nobody";
  switch (verb) {
    case "arrive":
    case "arrive-unnamed": {
      const admission = await arrive(verb === "arrive" ? runtime : unnamed, name);
      if (admission.kind === "admitted" && !had.includes(admission.userId)) had.push(admission.userId);
      return admission;
    }
    case "suspend":
      return suspendUser(runtime, id, "test");
    case "reactivate":
      return reactivateUser(runtime, id, "test");
    case "delete":
      return deleteUser(runtime, id, "test");
    case "restore":
      return restoreUser(runtime, id, "test");
    case "grant":
      return grantRole(runtime, id, role, "test");
    case "revoke":
      return revokeRole(runtime, id, role, "test");
    case "promise":
      return grantBeforeSignIn(runtime, `rehearsal:${name}@demo.example`, role, "test");
  }
}

/** A step may be refused for these reasons; anything else is a defect. */
function expectRefusal(reason: unknown): void {
  expect(reason).toBeInstanceOf(PosternError);
  expect(["last_owner", "user_not_found"]).toContain((reason as PosternError).code);
}

/** Everything that is kept, in a form that can be compared. */
interface State {
  readonly usableOwners: number;
  /** `usr_…` → status */
  readonly users: ReadonlyMap<string, string>;
  /** `ses_…` → whose, and their status as the row says it */
  readonly sessions: ReadonlyMap<string, { readonly userId: string; readonly status: string | null }>;
  /** `usr_… role source` */
  readonly grants: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  readonly pending: ReadonlySet<string>;
  readonly orphans: number;
  readonly events: readonly { readonly action: AuditAction; readonly target: string | null }[];
}

async function lookAt({ store, settings }: VerbRuntime, raw: RawDatabase): Promise<State> {
  const users = await raw.rows("select id, status from postern_users");
  const sessions = await raw.rows(
    "select s.id, s.user_id, u.status from postern_sessions s left join postern_users u on u.id = s.user_id",
  );
  const grants = await raw.rows("select user_id, role, source from postern_grants");
  const orphans = await raw.rows(
    "select id from postern_identities where user_id not in (select id from postern_users)",
  );
  const text = (value: unknown) => String(value);
  return {
    usableOwners: await store.grants.countUsableHolders("owner", liveProviders(settings)),
    users: new Map(users.map(({ id, status }) => [text(id), text(status)])),
    sessions: new Map(
      sessions.map((row) => [
        text(row.id),
        { userId: text(row.user_id), status: row.status === null ? null : text(row.status) },
      ]),
    ),
    grants: new Set(grants.map((row) => `${row.user_id} ${row.role} ${row.source}`)),
    deleted: new Set((await raw.rows("select id from postern_deleted_users")).map(({ id }) => text(id))),
    pending: new Set((await raw.rows("select id from postern_pending_grants")).map(({ id }) => text(id))),
    orphans: orphans.length,
    events: await store.audit.list({ limit: 1000 }),
  };
}

function expectSound(after: State, before: State): void {
  if (before.usableOwners > 0) expect(after.usableOwners).toBeGreaterThanOrEqual(1);
  for (const { status } of after.sessions.values()) expect(status).toBe("active");
  expect(after.orphans).toBe(0);
  for (const id of after.deleted) expect(after.users.has(id)).toBe(false);
  for (const grant of after.grants) {
    const [userId = "", role, source] = grant.split(" ");
    expect(after.users.has(userId)).toBe(true);
    expect(SOURCES[role as keyof typeof SOURCES]).toContain(source);
  }
}

/** Where a role can come from in this house. */
const SOURCES = { member: ["rule"], owner: ["config", "direct"], admin: ["direct"] };

/** One event for each thing that changed, and none for what did not. */
function expectToldOnce(before: State, after: State): void {
  const told = after.events.slice(0, after.events.length - before.events.length);
  const count = (...actions: readonly AuditAction[]) =>
    told.filter(({ action }) => actions.includes(action)).length;
  const added = (left: Iterable<string>, right: { has(id: string): boolean }) =>
    [...left].filter((id) => !right.has(id));

  const created = added(after.users.keys(), before.users);
  const removed = added(before.users.keys(), after.users);
  expect(count("user.created", "user.restored")).toBe(created.length);
  expect(count("user.restored")).toBe(created.filter((id) => before.deleted.has(id)).length);
  expect(count("user.deleted")).toBe(removed.length);
  expect([...after.deleted].filter((id) => !before.deleted.has(id))).toEqual(removed);

  const changed = [...after.users].filter(
    ([id, status]) => before.users.has(id) && before.users.get(id) !== status,
  );
  expect(count("user.suspended", "user.reactivated")).toBe(changed.length);
  expect(count("session.ended")).toBe(added(before.sessions.keys(), after.sessions).length);
  expect(count("login.succeeded")).toBe(added(after.sessions.keys(), before.sessions).length);

  // Roles that go and come with their person are told with them.
  const ofStaying = (grant: string) => !created.some((id) => grant.startsWith(id) && before.deleted.has(id));
  const ofStayed = (grant: string) => !removed.some((id) => grant.startsWith(id));
  expect(count("role.granted")).toBe(added(after.grants, before.grants).filter(ofStaying).length);
  expect(count("role.revoked")).toBe(added(before.grants, after.grants).filter(ofStayed).length);
  expect(count("pending_grant.created")).toBe(added(after.pending, before.pending).length);
}
