import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

const LOCKED = { when: { email: "eve@demo.example" }, then: "deny" };
const STAFF = { when: { emailDomain: "demo.example" }, then: "allow", roles: ["support"] };

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-rules-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  for (const persona of ["ada", "grace"]) await new Person(office.url).signIn("rehearsal", persona);
  const more = `access: ${JSON.stringify([LOCKED])},`;
  config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url, more });
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const rules = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["rules", ...words, "--config", config], surroundings);
async function answer(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout } = await rules([...words, "--json"]);
  return { exit: code, ...JSON.parse(stdout) };
}
function file(value: unknown): string {
  const path = join(mkdtempSync(join(folder, "json-")), "rule.json");
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

test("the life of a rule: tried out, added, shown, changed, moved, switched off and on, removed", async () => {
  const tried = await answer("add", "--rule", file(STAFF), "--dry-run");
  expect(tried).toMatchObject({
    exit: 0,
    dryRun: true,
    changed: true,
    impact: { counts: { known: 2, gains: 1, other_roles: 1 }, ownersAfter: { certain: 1 } },
  });
  expect(await answer("list")).toMatchObject({
    items: [{ name: "access[0]", source: "config", locked: true }],
  });

  const added = await answer("add", "--rule", file(STAFF), "--note", "everybody", "--reason", "opening day");
  expect(added).toMatchObject({ exit: 0, dryRun: false, changed: true, action: "rule.created" });
  const id = String(added.id);
  const second = String((await answer("add", "--rule", file(LOCKED), "--place", `before:${id}`)).id);
  const { stdout } = await rules(["list"], { columns: 200 });
  expect(stdout).toMatch(/RULE +FROM +STATE +THEN/);
  expect(stdout.indexOf("access[0]")).toBeLessThan(stdout.indexOf(second));
  expect(stdout.indexOf(second)).toBeLessThan(stdout.indexOf(id));

  expect((await rules(["show", id])).stdout).toMatch(
    /everybody[\s\S]*cli:[\s\S]*"emailDomain": "demo\.example"/,
  );
  expect(await answer("show", id)).toMatchObject({ name: id, note: "everybody", rule: STAFF });
  expect(await answer("change", id, "--note", "all of us")).toMatchObject({ changed: true, id });
  expect(await answer("move", id, "--place", "first")).toMatchObject({ changed: true });
  expect(await answer("move", id, "--place", "first")).toMatchObject({ exit: 0, changed: false });
  expect(await answer("disable", second)).toMatchObject({ changed: true, action: "rule.disabled" });
  expect(await answer("enable", second)).toMatchObject({ changed: true, action: "rule.enabled" });
  expect(await answer("remove", second)).toMatchObject({ changed: true, action: "rule.removed" });
  const event = (await office.door.audit.list({ target: id, limit: 5 })).at(-1);
  expect(event).toMatchObject({ action: "rule.created", detail: { reason: "opening day" } });
});

test("explaining and trying out know the rules of the database, and a broken one is told aloud", async () => {
  const access = (words: readonly string[]) => runCommand(["access", ...words, "--config", config]);
  const added = await answer("add", "--rule", file({ ...STAFF, roles: ["admin"] }), "--place", "first");
  const id = String(added.id);
  const explained = (await access(["explain", "grace@demo.example"])).stdout;
  expect(explained).toContain(`${id}  lets in  ✓ matches`);
  expect(explained).toContain(`May enter, as admin (${id})`);
  const draft = file([{ when: { email: "grace@demo.example" }, then: "deny" }]);
  const tried = await access(["rehearse", "--draft", draft, "--json"]);
  expect(JSON.parse(tried.stdout)).toMatchObject({ counts: { known: 2, loses: 1 } });

  const roleless = writeConfig(mkdtempSync(join(folder, "roleless-")), {
    database: `file:${join(folder, "postern.db")}`,
    rehearsalUrl: rehearsal.url,
    more: "roles: { other: [] },",
  });
  const list = await runCommand(["rules", "list", "--config", roleless]);
  expect(list.stderr).toContain("A broken rule names something that is gone.");
  await answer("remove", id);
});

test("reads a rule from standard input, and speaks Chinese", async () => {
  const surroundings = { typed: JSON.stringify(STAFF), env: { POSTERN_LANG: "zh-CN" } };
  const { code, stdout } = await rules(["add", "--rule", "-", "--dry-run"], surroundings);
  expect(code).toBe(0);
  expect(stdout).toContain("将会执行。没有任何改动。");
});

test.each<readonly [string, () => readonly string[], number, string]>([
  ["no rule", () => ["add"], 2, "missing_value"],
  ["no JSON", () => ["add", "--rule", file("{")], 2, "draft_invalid"],
  ["no file", () => ["add", "--rule", join(folder, "nowhere.json")], 2, "draft_invalid"],
  [
    "a slip",
    () => ["add", "--rule", file({ when: { provider: "githup" }, then: "allow" })],
    2,
    "rule_invalid",
  ],
  ["a place that is none", () => ["add", "--rule", file(STAFF), "--place", "top"], 2, "invalid_argument"],
  [
    "a place beside nothing",
    () => ["add", "--rule", file(STAFF), "--place", "after:rul_x"],
    4,
    "rule_not_found",
  ],
  ["nothing to change", () => ["change", "rul_x"], 2, "missing_value"],
  ["a rule that is not there", () => ["remove", "rul_x"], 4, "rule_not_found"],
  ["one to show that is not there", () => ["show", "rul_x"], 4, "rule_not_found"],
  ["a rule of the configuration", () => ["disable", "access[0]"], 5, "rule_locked"],
])("%s: exit code %s", async (_, words, exit, code) => {
  expect(await answer(...words())).toMatchObject({ exit, code });
});

test("a slip is told at its place, with the nearest word", async () => {
  const { stderr } = await rules(["add", "--rule", file({ when: { provider: "githup" }, then: "allow" })]);
  expect(stderr).toMatch(/rule\.when\.provider: "githup" is not configured\n.*Did you mean "github"\?/);
});

test("nobody locks the owners out: never the last one, another only with --yes", async () => {
  const ownerless = writeConfig(mkdtempSync(join(folder, "ownerless-")), {
    database: `file:${join(folder, "postern.db")}`,
    rehearsalUrl: rehearsal.url,
    more: `owners: [], access: [],`,
  });
  const run = async (...words: readonly string[]) => {
    const { code, stdout } = await runCommand(["rules", ...words, "--config", ownerless, "--json"]);
    return { exit: code, ...JSON.parse(stdout) };
  };
  const [ada] = await office.door.users.find("ada@demo.example");
  const [grace] = await office.door.users.find("grace@demo.example");
  if (ada === undefined || grace === undefined) throw new Error("nobody there");
  await office.door.users.grant(ada.id, "owner", "test");
  const shut = file({ when: { email: "ada@demo.example" }, then: "deny" });
  for (const more of [[], ["--yes"], ["--dry-run"]]) {
    expect(await run("add", "--rule", shut, "--place", "first", ...more)).toMatchObject({
      exit: 5,
      code: "last_owner",
    });
  }
  await office.door.users.grant(grace.id, "owner", "test");
  const refused = await run("add", "--rule", shut, "--place", "first");
  expect(refused).toMatchObject({ exit: 5, code: "would_lock_out", owners: [ada.id] });
  expect(await run("add", "--rule", shut, "--place", "first", "--dry-run")).toMatchObject({
    exit: 0,
    warnings: [{ code: "would_lock_out", userId: ada.id }],
  });
  expect(await run("add", "--rule", shut, "--place", "first", "--yes")).toMatchObject({
    exit: 0,
    changed: true,
  });
});
