import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

const DAY = 86_400_000;

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;
/** As it was while a role of the configuration was still there. */
let former: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-roles-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  for (const persona of ["ada", "bo"]) await new Person(office.url).signIn("rehearsal", persona);
  const more = `permissions: {
    "orders.read": { title: { en: "See orders", "zh-CN": "查看订单" } },
    "orders.refund": { title: { en: "Refund", "zh-CN": "退款" }, dangerous: true },
  },`;
  const parts = { database, rehearsalUrl: rehearsal.url };
  config = writeConfig(folder, { ...parts, more });
  former = writeConfig(mkdtempSync(join(folder, "former-")), {
    ...parts,
    more: `${more} roles: { support: ["orders.read"], contractor: ["orders.read"] },`,
  });
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const postern = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand([...words, "--config", config], surroundings);
async function answer(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await postern([...words, "--json"]);
  return { exit: code, ...JSON.parse(stdout || stderr) };
}
const BO = "bo@demo.example";

test("the life of a role: tried out, made, given, shown, explained, changed, deleted", async () => {
  const make = [
    "roles",
    "create",
    "finance",
    "--permission",
    "orders.read,orders.refund",
    "--title",
    "Finance",
  ];
  expect(await answer(...make, "--dry-run")).toMatchObject({
    ...{ exit: 0, dryRun: true, changed: true, warnings: ["dangerous_permission"] },
    role: { name: "finance", permissions: ["orders.read", "orders.refund"], holders: 0 },
  });
  expect(await answer("roles", "show", "finance")).toMatchObject({ exit: 4, code: "role_not_found" });
  const made = await postern([...make, "--reason", "busy season"]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining("orders.read, orders.refund") });
  expect(made.stderr).toContain("Marked as dangerous: orders.refund");
  expect(await office.door.audit.list({ action: "role.created", limit: 10 })).toMatchObject([
    { action: "role.created", detail: { reason: "busy season", before: null } },
  ]);
  expect(await answer(...make)).toMatchObject({ exit: 5, code: "role_exists" });

  const { stdout } = await postern(["roles", "list"], { columns: 200 });
  expect(stdout).toMatch(/owner +owner +built in +1/);
  expect(stdout).toMatch(/support +support +configuration +0 +orders\.read/);
  expect(stdout).toMatch(/finance +Finance +database +0 +orders\.read, orders\.refund/);

  const may = ["roles", "explain", BO, "orders.refund"];
  expect((await postern(may)).stdout).toBe(
    "✗ Bo Lund may not: orders.refund\n  It would come with: owner, finance\n",
  );
  await postern(["users", "grant", BO, "finance", "--reason", "covers\u001B[2J for Li"]);
  expect((await postern(may)).stdout).toBe(
    "✓ Bo Lund may: orders.refund\n  finance (by hand: covers [2J for Li)\n",
  );
  expect(await answer("roles", "explain", "ada@demo.example")).toMatchObject({
    exit: 0,
    items: [
      { permission: "orders.read", has: true, by: [{ role: "owner", through: "owner", source: "config" }] },
      { permission: "orders.refund", has: true },
    ],
  });
  expect((await postern(["roles", "show", "finance"], { columns: 200 })).stdout).toMatch(
    /orders\.refund \(Refund\) ⚠ dangerous\n +Person +Bo Lund \(by hand: covers/,
  );

  expect(await answer("roles", "change", "finance", "--permission", "orders.read")).toMatchObject({
    ...{ exit: 0, changed: true, action: "role.changed", role: { permissions: ["orders.read"], holders: 1 } },
  });
  expect(await answer(...may)).toMatchObject({ items: [{ has: false, by: [] }] });
  expect(await answer("roles", "change", "finance", "--title", "")).toMatchObject({ changed: true });
  expect(await answer("roles", "change", "finance", "--title", "")).toMatchObject({ changed: false });
  const both = ["--title", "en=Money, all of it", "--title", "zh-CN=财务"];
  expect(await answer("roles", "change", "finance", ...both)).toMatchObject({
    role: { title: { en: "Money, all of it", "zh-CN": "财务" } },
  });
  expect(await answer("roles", "change", "finance", "--title", "zh-CN=钱")).toMatchObject({
    role: { title: { en: "Money, all of it", "zh-CN": "钱" } },
  });
  expect(await answer("roles", "change", "finance", "--title", "en=")).toMatchObject({
    code: "role_invalid",
  });
  expect(await answer("roles", "change", "finance", "--title", "")).toMatchObject({ changed: true });
  expect(await answer("roles", "delete", "finance", "--dry-run")).toMatchObject({ role: { holders: 1 } });
  expect(await answer("roles", "delete", "finance")).toMatchObject({ exit: 0, action: "role.removed" });
  expect(await answer("roles", "delete", "finance")).toMatchObject({ exit: 4, code: "role_not_found" });
  expect((await answer("users", "show", BO)).roles).toEqual(["member"]);
});

test("what is locked or still given is refused with exit code 5, also when it is only tried out", async () => {
  for (const role of ["owner", "support"]) {
    for (const dry of [[], ["--dry-run"]]) {
      expect(await answer("roles", "delete", role, ...dry)).toMatchObject({ exit: 5, code: "role_locked" });
      const change = await answer("roles", "change", role, "--permission", "orders.read", ...dry);
      expect(change).toMatchObject({ exit: 5, code: "role_locked" });
    }
  }
  expect((await postern(["roles", "delete", "owner"], { env: { LANG: "zh_CN.UTF-8" } })).stderr).toContain(
    "角色 owner 是内置的",
  );
  await postern(["roles", "create", "late", "--permission", "orders.read"]);
  await postern(["users", "grant", "rehearsal:new@demo.example", "late"]);
  const refused = await postern(["roles", "delete", "late", "--yes"]);
  expect(refused).toMatchObject({ code: 5, stderr: expect.stringMatching(/still given by: pgr_/) });
  await postern(["users", "revoke", "rehearsal:new@demo.example", "late"]);
  expect((await postern(["roles", "delete", "late"])).code).toBe(0);
});

test("a name that somebody holds from before is that of a new role only when it is said", async () => {
  expect((await runCommand(["users", "grant", BO, "contractor", "--config", former])).code).toBe(0);
  const make = ["roles", "create", "contractor", "--permission", "orders.refund"];
  for (const dry of [[], ["--dry-run"]]) {
    const refused = await answer(...make, ...dry);
    expect(refused).toMatchObject({ exit: 5, code: "role_in_use", role: "contractor", holders: 1 });
  }
  expect((await postern(make)).stderr).toMatch(/role contractor before, and 1 person has it\..*: usr_/);
  expect((await postern(make)).stderr).toContain("--adopt");
  expect((await postern(make, { env: { LANG: "zh_CN.UTF-8" } })).stderr).toContain(
    "以前有过角色 contractor，目前仍有 1 人拥有",
  );
  expect(await answer("roles", "show", "contractor")).toMatchObject({ code: "role_not_found" });

  const adopt = [...make, "--adopt"];
  expect(await answer(...adopt, "--dry-run")).toMatchObject({ dryRun: true, role: { holders: 1 } });
  expect((await postern([...adopt, "--dry-run"])).stdout).toContain(
    "It would be one that 1 person has already",
  );
  expect((await postern(adopt)).stdout).toContain("It is one that 1 person has already");
  expect(await answer("roles", "delete", "contractor")).toMatchObject({ exit: 0, role: { holders: 1 } });
  expect((await postern(make)).stdout).toContain("Nobody has it yet");
  expect((await postern(["roles", "delete", "contractor"])).code).toBe(0);
});

test("in production what takes something away asks back, and what does not does not", async () => {
  const env = { NODE_ENV: "production" };
  const make = ["roles", "create", "asked", "--permission", "orders.read"];
  expect((await postern(make, { env })).code).toBe(0);
  const more = ["roles", "change", "asked", "--permission", "orders.read,orders.refund"];
  expect((await postern(more, { env })).code).toBe(0);
  const fewer = ["roles", "change", "asked", "--permission", "orders.refund"];
  for (const command of [fewer, ["roles", "delete", "asked"]]) {
    const refused = await postern(command, { env });
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining("--yes") });
    expect((await postern([...command, "--yes"], { env })).code).toBe(0);
  }
});

test.each([
  [["create", "finance"], 2, "missing_value"],
  [["create", "finance", "--permission", "orders.read,"], 2, "missing_value"],
  [["create", "finance", "--permission", "orders.raed"], 2, "unknown_permission"],
  [["create", "Finance", "--permission", "orders.read"], 2, "role_invalid"],
  [["create", "x", "--permission", "orders.read", "--title", "a\nb"], 2, "role_invalid"],
  [["change", "support"], 2, "missing_value"],
  [["change", "nobody", "--title", "x"], 4, "role_not_found"],
  [["show", "constructor"], 4, "role_not_found"],
  [["explain", "bo@demo.example", "orders.raed"], 2, "unknown_permission"],
  [["explain", "nobody@demo.example"], 4, "user_not_found"],
] as const)("roles %j ends with %i %s", async (words, exit, code) => {
  expect(await answer("roles", ...words)).toMatchObject({ exit, code });
  expect((await office.door.roles.list()).map(({ name }) => name)).not.toContain("finance");
});

test("a role is given until a moment, and everywhere it is told until when", async () => {
  const give = ["users", "grant", BO, "support", "--reason", "covers for Li"];
  expect(await answer(...give, "--until", "2099-02-30")).toMatchObject({ exit: 2, code: "invalid_argument" });
  const day = new Date(Date.now() + 40 * DAY).toISOString().slice(0, 10);
  const end = new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString();
  expect(await answer(...give, "--until", day, "--dry-run")).toMatchObject({ changed: true, expiresAt: end });
  expect(await answer(...give, "--until", day)).toMatchObject({ changed: true, expiresAt: end });
  expect(await answer(...give, "--until", day, "--dry-run")).toMatchObject({ changed: false });
  expect(await answer(...give, "--until", day)).toMatchObject({ changed: false });
  expect((await postern(["users", "show", BO])).stdout).toContain(
    `support (by hand: covers for Li, until ${end})`,
  );
  expect((await postern(["users", "show", BO], { env: { LANG: "zh_CN" } })).stdout).toContain(
    `support（手动授予：covers for Li，至 ${end}）`,
  );
  const { grants } = await answer("users", "show", BO);
  expect(grants).toContainEqual(expect.objectContaining({ role: "support", expiresAt: end }));
});

test("also one that waits for the first sign-in", async () => {
  const who = "rehearsal:temp@demo.example";
  const given = await answer("users", "grant", who, "support", "--until", "30d", "--reason", "summer");
  const end = String(given.expiresAt);
  expect(Math.abs(Date.parse(end) - Date.now() - 30 * DAY)).toBeLessThan(60_000);
  expect((await postern(["users", "show", who])).stdout).toMatch(
    new RegExp(`support \\(waits for the first sign-in since .*, summer, until ${end}\\)`),
  );
  expect(await answer("users", "list", "--pending")).toMatchObject({
    items: [{ role: "support", expiresAt: end }],
  });
  expect(await answer("users", "grant", BO, "support", "--until", "1999-01-01")).toMatchObject({ exit: 2 });
});

test("the last owner does not become one until some day", async () => {
  const until = ["users", "grant", "ada@demo.example", "owner", "--until", "30d"];
  for (const dry of [[], ["--dry-run"]]) {
    expect(await answer(...until, ...dry)).toMatchObject({ exit: 5, code: "last_owner" });
  }
});
