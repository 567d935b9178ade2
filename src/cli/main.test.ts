import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";
import { COMMANDS } from "./commands.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;
let production: string;
let ada: Person;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database,
    options: { roles: { support: ["orders.read"] } },
  });
  config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url });
  production = writeConfig(mkdtempSync(join(folder, "production-")), {
    database,
    rehearsalUrl: rehearsal.url,
    more: `publicUrl: "https://admin.example.com", brand: { name: "acme" },`,
  });
  ada = await signIn("ada");
  await signIn("grace");
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(persona: string, provider = "rehearsal"): Promise<Person> {
  const person = new Person(office.url);
  await person.signIn(provider, persona);
  return person;
}

/** A configuration of its own, with another database. */
function configFor(database: string): string {
  return writeConfig(mkdtempSync(join(folder, "config-")), { database, rehearsalUrl: rehearsal.url });
}

/** A command against the back office of these tests. */
const users = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["users", ...words, "--config", config], surroundings);

const json = (text: string): Record<string, unknown> => JSON.parse(text);

describe("help", () => {
  const levels = ["", "users", ...COMMANDS.map(({ path }) => path)];

  test.each(levels)("of `postern %s` begins with two examples", async (path) => {
    const { code, stdout, stderr } = await runCommand([...path.split(" ").filter(Boolean), "--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^.+\n\nExamples\n {2}postern .+\n {2}postern .+\n\nUsage\n {2}postern /);
  });

  test("is the same in every spelling", async () => {
    const { stdout } = await runCommand(["users", "grant", "--help"]);
    for (const argv of [
      ["users", "grant", "-h"],
      ["help", "users", "grant"],
      ["--help", "users", "grant", "bo"],
    ]) {
      expect((await runCommand(argv)).stdout).toBe(stdout);
    }
  });

  test("speaks the language of the terminal", async () => {
    const { stdout } = await runCommand(["--help"], { env: { LC_ALL: "zh_CN.UTF-8" } });
    expect(stdout).toContain("示例");
  });

  test("without a command is talk, and exit code 2", async () => {
    const { code, stdout, stderr } = await runCommand(["users"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("postern users list");
    expect(stderr).toContain("missing_command");
  });
});

describe("wrong usage is exit code 2, a sentence on stderr and nothing on stdout", () => {
  test.each([
    [["user"], "unknown_command", "postern users"],
    [["usres", "list"], "unknown_command", "postern users"],
    [["users", "lst"], "unknown_command", "postern users list"],
    [["grant", "bo", "admin"], "unknown_command", "postern users grant"],
    [["migrate", "stats"], "unknown_command", "postern migrate status"],
    [["help", "nothing"], "unknown_command", "postern --help"],
    [["constructor"], "unknown_command", "postern --help"],
    [["users", "list", "--limt", "5"], "unknown_option", "--limit"],
    [["users", "list", "--dry-run"], "unknown_option", "postern users list --help"],
    [["demo", "--reason", "fun"], "unknown_option", "postern demo --help"],
    [["users", "--version"], "missing_command", "postern users --help"],
    [["users", "show"], "missing_argument", "<who>"],
    [["users", "show", " "], "missing_argument", "<who>"],
    [["users", "grant", "bo"], "missing_argument", "<role>"],
    [["users", "show", "bo", "admin"], "unexpected_argument", '"admin"'],
    [["users", "list", "--limit"], "missing_value", "--limit <n>"],
    [["users", "list", "--limit"], "missing_value", "postern users list --help"],
    [["migrate", "status", "--frobnicate"], "unknown_option", "postern migrate status --help"],
    [["users", "list", "--all=yes"], "unexpected_value", "postern users list --help"],
    [["users", "list", "--limit", "0"], "invalid_argument", '"0"'],
    [["users", "list", "--limit", "ten"], "invalid_argument", '"ten"'],
    [["users", "list", "--limit=-5"], "invalid_argument", '"-5"'],
    [["users", "list", "--limit", "5", "--all"], "invalid_argument", "--limit and --all"],
    [["users", "list", "--json", "--jsonl"], "invalid_argument", "--json and --jsonl"],
    [["users", "list", "--color", "blue"], "invalid_argument", "never"],
    [["users", "list", "--query", "rol:admin"], "unknown_filter", '"role:"'],
    [["demo", "--port", "70000"], "invalid_argument", "--port"],
    [["demo", "--port", "http"], "invalid_argument", "--port"],
    [["demo", "--port", "5000", "--rehearsal-port", "5000"], "invalid_argument", "5000"],
  ])("%j", async (argv, code, hint) => {
    const result = await runCommand(argv);
    expect(result).toMatchObject({
      code: 2,
      stdout: result.stdout === "" ? "" : expect.stringMatching(/^\{/),
    });
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain(hint);
  });

  test("and with --json one document", async () => {
    const { stdout } = await runCommand(["users", "lst", "--json"], { env: { POSTERN_LANG: "zh-CN" } });
    expect(json(stdout)).toEqual({
      code: "unknown_command",
      exitCode: 2,
      detail: 'There is no command "users lst". Did you mean: postern users list',
      command: "users lst",
      didYouMean: "users list",
    });
  });
});

describe("the configuration", () => {
  test("that is invalid is exit code 3, and every problem is told", async () => {
    const file = join(folder, "broken.mjs");
    writeFileSync(
      file,
      `export default { publicUrl: "nowhere", secret: "short", providers: [], colour: 1 };`,
    );
    const result = await runCommand(["users", "list", "--json", "--config", file]);
    expect(result.code).toBe(3);
    const { problems } = json(result.stdout) as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path).sort()).toEqual(["colour", "providers", "publicUrl", "secret"]);
    for (const { path } of problems) expect(result.stderr).toContain(`  ${path}: `);
  });

  test.each(["missing.mjs", "empty.mjs", "throws.mjs"])("%s is exit code 3", async (name) => {
    if (name === "empty.mjs") writeFileSync(join(folder, name), "export const nothing = 1;");
    if (name === "throws.mjs") writeFileSync(join(folder, name), "throw new Error('no such variable');");
    const { code, stderr } = await runCommand(["users", "list"], {
      env: { POSTERN_CONFIG: join(folder, name) },
    });
    expect(code).toBe(3);
    expect(stderr).toContain(name);
    expect(stderr).toContain("config_invalid");
  });

  test("a server that does not answer is exit code 7, and its password is not told", async () => {
    const config = configFor("postgres://app:hunter2@127.0.0.1:1/prod");
    const { code, stdout, stderr } = await runCommand(["migrate", "status", "--verbose", "--config", config]);
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain("→ postgres://app@127.0.0.1:1/prod (development)");
    expect(stderr).toContain("store_unavailable");
    expect(stderr).not.toContain("hunter2");
  });
});

describe("postern users list", () => {
  test("--json is one document in the shape of the API", async () => {
    const { code, stdout, stderr } = await users(["list", "--json"]);
    expect(code).toBe(0);
    expect(stderr).toContain(`→ ${join(folder, "postern.db")} (development)`);
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(json(stdout)).toMatchObject({
      items: [
        {
          id: expect.stringMatching(/^usr_/),
          name: "Ada Marsh",
          email: "ada@demo.example",
          status: "active",
          roles: ["member", "owner"],
          providers: ["rehearsal"],
          createdAt: instant,
          lastSignInAt: instant,
        },
        { name: "Grace Holm", roles: ["admin"] },
      ],
      page: { next: null, limit: 50 },
      total: { value: 2, exact: true },
    });
  });

  test("page by page", async () => {
    const first = json((await users(["list", "--limit", "1", "--json"])).stdout) as {
      items: { name: string }[];
      page: { next: string };
    };
    expect(first.items.map(({ name }) => name)).toEqual(["Ada Marsh"]);
    const second = json((await users(["list", "--limit=1", `--after=${first.page.next}`, "--json"])).stdout);
    expect(second).toMatchObject({ items: [{ name: "Grace Holm" }], page: { next: null } });
  });

  test("--jsonl is one person a line", async () => {
    const { stdout } = await users(["list", "--jsonl", "--all"]);
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => json(line).name);
    expect(names).toEqual(["Ada Marsh", "Grace Holm"]);
  });

  test("in a pipe has tabs and no headings", async () => {
    const { stdout } = await users(["list", "--query", "role:owner"]);
    expect(stdout).toMatch(
      /^usr_\w+\tAda Marsh\tada@demo\.example\tmember,owner\trehearsal\t\S+Z\tactive\n$/,
    );
  });

  test("on a terminal is a table, in its language and without colour where that is not wanted", async () => {
    const { stdout } = await users(["list", "--query", "grace"], {
      columns: 120,
      env: { POSTERN_LANG: "zh-CN", NO_COLOR: "1" },
    });
    const [headings, row, ...rest] = stdout.trimEnd().split("\n");
    expect(headings).toMatch(/^姓名 +邮箱 +角色 +登录方式 +最近登录 +状态$/);
    expect(row).toMatch(/^Grace Holm {2}grace@demo\.example {2}admin +rehearsal +\d{4}-\d\d-\d\d +正常$/);
    expect(rest).toEqual([]);
  });

  test("--quiet leaves only the data", async () => {
    const { stderr, stdout } = await users(["list", "--quiet"]);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  test("nobody is nothing", async () => {
    expect(await users(["list", "--query", "role:auditor", "--quiet"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});

describe("postern users show", () => {
  test("tells roles with their reasons, accounts and sessions, and no secret", async () => {
    const { stdout } = await users(["show", "rehearsal:ada@demo.example", "--json"]);
    expect(json(stdout)).toMatchObject({
      name: "Ada Marsh",
      permissions: ["orders.read"],
      grants: [
        { role: "member", source: "rule" },
        { role: "owner", source: "config" },
      ],
      identities: [{ provider: "rehearsal", subject: "100000000000000001001", emailVerified: true }],
      sessions: [{ id: (await ada.session())?.session.id, provider: "rehearsal" }],
    });
    expect(stdout).not.toMatch(/secret|hash/i);
  });

  test.each(["ADA@demo.example", "rehearsal:100000000000000001001"])("knows %s", async (who) => {
    expect(json((await users(["show", who, "--json"])).stdout)).toMatchObject({ name: "Ada Marsh" });
  });

  test("somebody unknown is exit code 4, with those who come close", async () => {
    const { code, stdout, stderr } = await users(["show", "ada", "--json"]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/Close to it:\n.*\n {2}usr_\w+ {2}Ada Marsh/);
    expect(json(stdout)).toMatchObject({ code: "user_not_found", matches: [{ name: "Ada Marsh" }] });
  });

  test("somebody who may be two people is exit code 4, with both", async () => {
    await signIn("kit");
    await signIn("kit", "github");
    const { code, stdout, stderr } = await users(["show", "kit@demo.example", "--json"]);
    expect(code).toBe(4);
    expect(json(stdout)).toMatchObject({
      code: "user_ambiguous",
      matches: [{ providers: ["rehearsal"] }, { providers: ["github"] }],
    });
    expect(stderr.match(/usr_\w+/g)).toHaveLength(2);
    expect((await users(["show", "github:kit"])).code).toBe(0);
  });
});

describe("changes", () => {
  let bo: Person;
  let id: string;

  beforeEach(async () => {
    await users(["sign-out", "rehearsal:bo@demo.example"]);
    bo = await signIn("bo");
    id = (await bo.session())?.user.id ?? "";
    await users(["revoke", id, "admin"]);
  });

  const lastEvent = async (target: string) => (await office.door.audit.list({ target, limit: 1 }))[0];

  test("grant and revoke, with who did it and why in the audit log", async () => {
    const granted = await users(["grant", id, "admin", "--reason", "00412", "--json"]);
    expect(granted.code).toBe(0);
    expect(json(granted.stdout)).toMatchObject({
      action: "role.granted",
      changed: true,
      dryRun: false,
      role: "admin",
      user: { id, name: "Bo Lund" },
    });
    const actor = expect.stringMatching(new RegExp(`^cli:${userInfo().username}@.+`));
    expect(await lastEvent(id)).toMatchObject({
      action: "role.granted",
      actor,
      detail: { role: "admin", source: "direct", reason: "00412" },
    });

    const revoked = await users(["revoke", id, "admin", "--reason", "moved"]);
    expect(revoked).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no longer has the role admin"),
    });
    expect(await lastEvent(id)).toMatchObject({ action: "role.revoked", actor, detail: { reason: "moved" } });
  });

  test("granting twice, revoking what is not held: nothing changes, and that is fine", async () => {
    await users(["grant", id, "support"]);
    const again = await users(["grant", id, "support", "--json"]);
    expect(again.code).toBe(0);
    expect(json(again.stdout)).toMatchObject({ changed: false });
    await users(["revoke", id, "support"]);
    const gone = await users(["revoke", id, "support", "--json"]);
    expect(gone.code).toBe(0);
    expect(json(gone.stdout)).toMatchObject({ changed: false });
  });

  test("a role that a rule gives comes back, and the answer says so", async () => {
    const { stdout, stderr } = await users(["revoke", id, "member", "--json"]);
    expect(json(stdout)).toMatchObject({ changed: true, warnings: ["still_derived"] });
    expect(stderr).toContain("member comes back");
  });

  test("sign-out ends every session, with who did it and why", async () => {
    const other = await signIn("bo");
    const session = (await other.session())?.session.id ?? "";
    const { code, stdout } = await users(["sign-out", id, "--reason", "laptop stolen", "--json"]);
    expect(code).toBe(0);
    expect(json(stdout)).toMatchObject({ action: "session.ended", changed: true, count: 2 });
    expect(await office.door.sessions.ofUser(id)).toEqual([]);
    expect(await lastEvent(session)).toMatchObject({
      action: "session.ended",
      actor: expect.stringMatching(/^cli:/),
      reason: "signed_out_by_administrator",
      detail: { userId: id, reason: "laptop stolen" },
    });
  });

  test.each([
    [["grant", "support"], { action: "role.granted", changed: true }],
    [["revoke", "member"], { action: "role.revoked", changed: true, warnings: ["still_derived"] }],
    [["sign-out"], { action: "session.ended", changed: true, count: 1 }],
  ])("--dry-run tells what %j would do, and does nothing", async ([verb = "", ...more], effect) => {
    const before = await office.door.audit.list({ limit: 1000 });
    const { code, stdout } = await users([verb, id, ...more, "--dry-run", "--json"]);
    expect(code).toBe(0);
    expect(json(stdout)).toMatchObject({ ...effect, dryRun: true });
    expect(await office.door.audit.list({ limit: 1000 })).toEqual(before);
    expect(await bo.session()).not.toBeNull();
  });

  test.each([[], ["--dry-run"], ["--yes"]])("the last owner stays: exit code 5 %s", async (...flags) => {
    const { code, stdout, stderr } = await users(["revoke", "ada@demo.example", "owner", "--json", ...flags]);
    expect(code).toBe(5);
    expect(json(stdout)).toMatchObject({ code: "last_owner" });
    expect(stderr).toContain("Ada Marsh");
    expect((await ada.session())?.user.roles).toContain("owner");
  });

  test.each(["grant", "revoke"])("an unknown role is exit code 2, with the nearest: %s", async (verb) => {
    const { code, stdout } = await users([verb, id, "suport", "--json"]);
    expect(code).toBe(2);
    expect(json(stdout)).toMatchObject({ code: "unknown_role", didYouMean: "support" });
  });

  test("an unknown person is exit code 4", async () => {
    expect((await users(["grant", "nobody", "admin"])).code).toBe(4);
    expect((await users(["grant", "nowhere:nobody@demo.example", "admin"])).code).toBe(4);
    expect((await users(["sign-out", "usr_00000000000000000000000000"])).code).toBe(4);
  });

  describe("in production", () => {
    const signOut = (flags: readonly string[], surroundings?: CommandSurroundings) =>
      runCommand(["users", "sign-out", id, "--config", production, ...flags], surroundings);

    test.each([
      ["nobody is there to ask", [], {}],
      ["nobody may be asked", ["--no-input"], { typed: "acme\n" }],
    ])("need --yes when %s", async (_, flags, surroundings) => {
      const { code, stderr } = await signOut(flags, surroundings);
      expect(code).toBe(5);
      expect(stderr).toContain("confirmation_required");
      expect(stderr).toContain("(production)");
      expect(await bo.session()).not.toBeNull();
    });

    test.each(["yes\n", "\n", "", "acm"])("are not made for %j", async (typed) => {
      const { code, stderr } = await signOut([], { typed });
      expect(code).toBe(5);
      expect(stderr).toContain("confirmation_refused");
      expect(await bo.session()).not.toBeNull();
    });

    test.each([
      ["the name of the back office is typed", [], { typed: "acme\n" }],
      ["--yes says so", ["--yes"], {}],
    ])("are made when %s", async (_, flags, surroundings) => {
      expect((await signOut(flags, surroundings)).code).toBe(0);
      expect(await office.door.sessions.ofUser(id)).toEqual([]);
    });

    test("a dry run asks nothing", async () => {
      expect((await signOut(["--dry-run"])).code).toBe(0);
    });
  });
});

describe("postern migrate", () => {
  test("an empty DATABASE_URL is one that is not set", async () => {
    const empty = writeConfig(mkdtempSync(join(folder, "empty-")), {
      database: "",
      rehearsalUrl: rehearsal.url,
    });
    const { stderr } = await runCommand(["migrate", "status", "--config", empty], {
      env: { DATABASE_URL: `file:${join(folder, "not-empty.db")}` },
    });
    expect(stderr).toContain(join(folder, "not-empty.db"));
  });
  const migrate = (name: string, ...words: readonly string[]) =>
    runCommand(["migrate", ...words, "--config", configFor(`file:${join(folder, name)}`)]);

  test("status, dry run, run, again", async () => {
    const pending = json((await migrate("new.db", "status", "--json")).stdout);
    const first = { name: "0001-foundation", appliedAt: null };
    expect(pending).toMatchObject({ items: expect.arrayContaining([first]) });
    const foreseen = json((await migrate("new.db", "--dry-run", "--json")).stdout);
    const ran = json((await migrate("new.db", "--json")).stdout) as { ran: string[] };
    expect(foreseen).toEqual({ dryRun: true, pending: ran.ran });
    expect(json((await migrate("new.db", "--json")).stdout)).toEqual({ dryRun: false, ran: [] });
    expect(json((await migrate("new.db", "status", "--json")).stdout)).toMatchObject({ pending: 0 });
  });

  test("looking does not make a database", async () => {
    await migrate("never.db", "status");
    await migrate("never.db", "--dry-run");
    const never = configFor(`file:${join(folder, "never.db")}`);
    const { code, stderr } = await runCommand(["users", "list", "--config", never]);
    expect(code).toBe(7);
    expect(stderr).toContain("postern migrate");
    expect(() => rmSync(join(folder, "never.db"))).toThrow("ENOENT");
  });

  test("people cannot be asked about before it: exit code 6, and what to run", async () => {
    writeFileSync(join(folder, "empty.db"), "");
    const empty = configFor(`file:${join(folder, "empty.db")}`);
    const { code, stderr } = await runCommand(["users", "list", "--config", empty]);
    expect(code).toBe(6);
    expect(stderr).toContain("postern migrate");
  });

  test("a file that is no database is exit code 7", async () => {
    writeFileSync(join(folder, "text.db"), "This is not a database at all. ".repeat(200));
    expect((await migrate("text.db")).code).toBe(7);
  });
});

test("told to stop, a command ends with 130", async () => {
  const { code, stderr } = await users(["list"], { stop: AbortSignal.abort() });
  expect(code).toBe(130);
  expect(stderr).toContain("interrupted");
});
