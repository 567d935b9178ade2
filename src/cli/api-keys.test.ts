import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { isKeyText } from "../api-keys/key-text.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

const ROLES = { support: ["orders.read"], lead: ["orders.read", "orders.refund"] };

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;
let production: string;
/** Started without the provider of everybody who is here. */
let elsewhere: string;
let bo: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database, options: { roles: ROLES } });
  const more = `roles: ${JSON.stringify(ROLES)},`;
  const parts = { database, rehearsalUrl: rehearsal.url };
  config = writeConfig(folder, { ...parts, more });
  production = writeConfig(mkdtempSync(join(folder, "production-")), {
    ...parts,
    more: `${more} publicUrl: "https://admin.example.com", brand: { name: "acme" },`,
  });
  elsewhere = writeConfig(mkdtempSync(join(folder, "elsewhere-")), {
    ...parts,
    more: `${more} providers: [github(client)], owners: [],`,
  });
  const person = new Person(office.url);
  await person.signIn("rehearsal", "bo");
  bo = (await person.session())?.user.id ?? "";
  await office.door.users.grant(bo, "support", "cli:root@host");
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const apiKeys = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["api-keys", ...words, "--config", config], surroundings);
interface Told {
  readonly changed: boolean;
  readonly secret: string | null;
  readonly apiKey: { readonly id: string; readonly state: string };
}
const told = async (words: readonly string[]): Promise<Told> => {
  const { code, stdout, stderr } = await apiKeys([...words, "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};
const CREATE = ["create", "bo@demo.example", "--name", "nightly", "--permission", "orders.read"];
const count = async () => (await office.door.apiKeys.list({ limit: 200 })).length;

describe("create", () => {
  test.each([[[]], [["--quiet"]]])("the key alone is on stdout, and its name on stderr %j", async (more) => {
    const { code, stdout, stderr } = await apiKeys([...CREATE, ...more]);
    expect(code, stderr).toBe(0);
    expect(isKeyText(stdout.slice(0, -1))).toBe(true);
    expect(stderr).not.toContain("pst_");
    if (more.length === 0) expect(stderr).toContain('The key "nightly" of Bo Lund, for orders.read');
  });

  test("what for, how long and why", async () => {
    const { apiKey, secret } = await told([...CREATE, "--expires", "30d", "--reason", "the report"]);
    expect(isKeyText(secret ?? "")).toBe(true);
    const kept = await office.door.apiKeys.get(apiKey.id);
    expect(kept).toMatchObject({
      userId: bo,
      name: "nightly",
      permissions: ["orders.read"],
      createdBy: expect.stringMatching(/^cli:.+@.+/),
      reason: "the report",
    });
    expect((kept?.expiresAt ?? 0) - (kept?.createdAt ?? 0)).toBe(30 * 24 * 60 * 60 * 1000);
    const { stdout } = await runCommand(["audit", "list", "--target", apiKey.id, "--config", config], {
      columns: 200,
    });
    expect(stdout).toContain('made an API key for Bo Lund ("the report")');
  });

  test("a dry run makes nothing and shows no key", async () => {
    const before = await count();
    const { stdout } = await apiKeys([...CREATE, "--dry-run"]);
    expect(stdout).toBe('Would make the key "nightly" of Bo Lund for orders.read.\n');
    expect(await told([...CREATE, "--dry-run"])).toMatchObject({ dryRun: true, secret: null });
    expect(await count()).toBe(before);
  });

  test.each([
    [["create", "bo@demo.example", "--permission", "orders.read"], 2, "missing_value", "--name"],
    [["create", "bo@demo.example", "--name", "n"], 2, "missing_value", "--permission"],
    [["create", "bo@demo.example", "--name", "n", "--permission", ","], 2, "missing_value", "--permission"],
    [
      ["create", "bo@demo.example", "--name", "n", "--permission", "orders.raed"],
      2,
      "unknown_permission",
      '"orders.read"',
    ],
    [[...CREATE, "--expires", "366d"], 2, "invalid_argument", '"366d"'],
    [
      ["create", "bo@demo.example", "--name", "x".repeat(101), "--permission", "orders.read"],
      2,
      "invalid_argument",
      "100",
    ],
    [
      ["create", "nobody@demo.example", "--name", "n", "--permission", "orders.read"],
      4,
      "user_not_found",
      "nobody",
    ],
    [
      ["create", "bo@demo.example", "--name", "n", "--permission", "orders.refund"],
      5,
      "key_refused",
      "Bo Lund",
    ],
  ])("is refused: %j", async (words, exitCode, code, hint) => {
    const before = await count();
    const result = await apiKeys(words);
    expect(result).toMatchObject({ code: exitCode, stdout: "" });
    expect(result.stderr).toContain(hint);
    expect(result.stderr).toContain(code);
    expect(await count()).toBe(before);
  });

  test("not for somebody who is suspended", async () => {
    await office.door.users.suspend(bo, "cli:root@host");
    const { code, stderr } = await apiKeys(CREATE);
    expect(code).toBe(5);
    expect(stderr).toContain("suspended");
    await office.door.users.reactivate(bo, "cli:root@host");
  });

  test("not for somebody whose providers are no longer configured", async () => {
    const refused = await runCommand(["api-keys", ...CREATE, "--config", elsewhere]);
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toContain("Bo Lund has no account at a provider that is configured");
  });
});

describe("list, revoke", () => {
  test("a key is listed until it is revoked, and after, and its secret never", async () => {
    const { apiKey } = await told(CREATE);
    expect((await told(["revoke", apiKey.id, "--dry-run"])).apiKey.state).toBe("active");
    expect(await told(["revoke", apiKey.id, "--reason", "over"])).toMatchObject({
      changed: true,
      apiKey: { id: apiKey.id, state: "revoked" },
    });
    expect((await told(["revoke", apiKey.id])).changed).toBe(false);

    const { stdout } = await apiKeys(["list", "bo@demo.example"]);
    const line = stdout.split("\n").find((row) => row.startsWith(apiKey.id));
    expect(line).toContain("revoked\tnightly\tBo Lund\torders.read");
    expect((await apiKeys(["list"], { env: { POSTERN_LANG: "zh-CN" } })).stdout).toContain("已吊销");
    const listed = await apiKeys(["list", "--json"]);
    expect(JSON.parse(listed.stdout).items).toContainEqual(expect.objectContaining({ id: apiKey.id }));
    expect((await apiKeys(["list", "--jsonl"])).stdout.trim().split("\n")).toHaveLength(await count());
    expect(listed.stdout).not.toMatch(/secret|pst_/i);
  });

  test("one that never was is exit code 4, and a whole key is not repeated", async () => {
    const { secret } = await told(CREATE);
    for (const id of ["key_none", secret ?? ""]) {
      const { code, stdout, stderr } = await apiKeys(["revoke", id]);
      expect([code, stdout]).toEqual([4, ""]);
      expect(stderr).toContain("api_key_not_found");
      expect(stderr).not.toContain(secret);
    }
  });

  test("in production revoking one asks first", async () => {
    const { apiKey } = await told(CREATE);
    const revoke = (...more: readonly string[]) =>
      runCommand(["api-keys", "revoke", apiKey.id, "--config", production, ...more]);
    expect(await revoke()).toMatchObject({ code: 5 });
    expect((await office.door.apiKeys.get(apiKey.id))?.revokedAt).toBeNull();
    expect(await revoke("--yes")).toMatchObject({ code: 0 });
    expect((await office.door.apiKeys.get(apiKey.id))?.revokedAt).not.toBeNull();
  });
});
