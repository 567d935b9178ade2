import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;
let production: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database,
    options: { roles: { support: ["orders.read"] } },
  });
  const parts = { database, rehearsalUrl: rehearsal.url };
  config = writeConfig(folder, parts);
  production = writeConfig(mkdtempSync(join(folder, "production-")), {
    ...parts,
    more: `publicUrl: "https://admin.example.com", brand: { name: "acme" },`,
  });
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const invites = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["invites", ...words, "--config", config], surroundings);
interface Told {
  readonly changed: boolean;
  readonly link: string | null;
  readonly invitation: { readonly id: string; readonly state: string };
}
const told = async (words: readonly string[]): Promise<Told> => {
  const { code, stdout, stderr } = await invites([...words, "--json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};
const count = async () => (await office.door.invitations.list({ limit: 200 })).length;

describe("create", () => {
  test.each([[[]], [["--quiet"]]])("the link alone is on stdout, and it works %j", async (more) => {
    const { code, stdout, stderr } = await invites(["create", "--role", "support", ...more]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/localhost:4180\/auth\/invite\/[\w-]{43}\n$/);
    expect(stderr).not.toContain("/auth/invite/");
    if (more.length === 0) expect(stderr).toContain("anyone with the link, as support");

    const mallory = new Person(office.url);
    await mallory.post(new URL(stdout.trim()).pathname);
    await mallory.signIn("rehearsal", "mallory");
    const user = (await mallory.session())?.user;
    expect(user?.roles).toEqual(["support"]);
    await office.door.users.delete(user?.id ?? "", "cli:root@host");
  });

  test("for whom, as what, how long and why", async () => {
    const words = ["--role", "support,admin", "--email", "Pat@Example.com", "--expires", "90m"];
    const { invitation } = await told(["create", ...words, "--reason", "joins on Monday"]);
    const kept = await office.door.invitations.get(invitation.id);
    expect(kept).toMatchObject({
      recipient: { kind: "email", provider: null, who: "pat@example.com" },
      roles: ["admin", "support"],
      createdBy: expect.stringMatching(/^cli:.+@.+/),
      reason: "joins on Monday",
    });
    expect((kept?.expiresAt ?? 0) - (kept?.createdAt ?? 0)).toBe(90 * 60_000);
  });

  test("a dry run makes nothing and shows no link", async () => {
    const before = await count();
    const words = ["create", "--role", "support", "--handle", "github:octocat", "--dry-run"];
    const { stdout } = await invites(words);
    expect(stdout).toBe("Would invite github:octocat as support.\n");
    expect(await told(words)).toMatchObject({ dryRun: true, link: null, invitation: { state: "pending" } });
    expect(await count()).toBe(before);
  });

  test.each([
    [[], "missing_value", "--role"],
    [["--role", ","], "missing_value", "--role"],
    [["--role", "suport"], "unknown_role", '"support"'],
    [["--role", "support", "--handle", "octocat"], "invalid_argument", "octocat"],
    [["--role", "support", "--id", "nowhere:1"], "invalid_argument", "nowhere:1"],
    [["--role", "support", "--email", "pat"], "invalid_argument", "pat"],
    [["--role", "support", "--email", "a@b.c", "--id", "github:1"], "invalid_argument", "--email and --id"],
    [["--role", "support", "--expires", "31d"], "invalid_argument", '"31d"'],
    [["--role", "support", "--expires", "72"], "invalid_argument", '"72"'],
    [["--role", "support", "--expires", "0h"], "invalid_argument", '"0h"'],
  ])("wrong usage is exit code 2: %j", async (words, code, hint) => {
    const before = await count();
    const result = await invites(["create", ...words]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain(hint);
    expect(await count()).toBe(before);
  });
});

describe("list, resend, revoke", () => {
  test("an invitation lives, moves to another link, and ends", async () => {
    const made = await told(["create", "--role", "support", "--id", "github:583231"]);
    const { id } = made.invitation;
    const foreseen = await told(["resend", id, "--dry-run"]);
    expect([foreseen.link, foreseen.changed]).toEqual([null, true]);
    const open = (link: string | null) => new Person(office.url).request(new URL(link ?? "").pathname);
    expect((await open(made.link)).status).toBe(200);

    const again = await invites(["resend", id, "--expires", "7d"]);
    expect(again.stdout).toMatch(/^http:\/\/localhost:4180\/auth\/invite\/[\w-]{43}\n$/);
    expect((await open(made.link)).status).toBe(404);
    expect((await open(again.stdout.trim())).status).toBe(200);

    expect((await told(["revoke", id, "--dry-run"])).invitation.state).toBe("pending");
    expect((await open(again.stdout.trim())).status).toBe(200);
    expect(await told(["revoke", id, "--reason", "wrong person"])).toMatchObject({
      changed: true,
      invitation: { id, state: "revoked" },
    });
    expect((await open(again.stdout.trim())).status).toBe(410);

    const { stdout } = await invites(["list"]);
    expect(stdout.split("\n").find((line) => line.startsWith(id))).toContain(
      "revoked\tgithub:583231\tsupport",
    );
    const chinese = await invites(["list"], { env: { POSTERN_LANG: "zh-CN" } });
    expect(chinese.stdout).toContain("已撤回");
    const listed = await invites(["list", "--json"]);
    expect(JSON.parse(listed.stdout).items).toContainEqual(expect.objectContaining({ id, state: "revoked" }));
    expect(listed.stdout).not.toMatch(/secret|[\w-]{43}/i);
  });

  test("what is over is refused with exit code 5, what never was with 4", async () => {
    const { invitation } = await told(["create", "--role", "support"]);
    await told(["revoke", invitation.id]);
    for (const verb of ["resend", "revoke"]) {
      const over = await invites([verb, invitation.id]);
      expect([over.code, over.stdout]).toEqual([5, ""]);
      expect(over.stderr).toContain("revoked");
      expect((await invites([verb, "inv_none"])).code).toBe(4);
    }
  });

  test("in production taking one back asks first", async () => {
    const { invitation } = await told(["create", "--role", "support"]);
    const revoke = (...more: readonly string[]) =>
      runCommand(["invites", "revoke", invitation.id, "--config", production, ...more]);
    expect(await revoke()).toMatchObject({ code: 5 });
    expect((await office.door.invitations.get(invitation.id))?.revokedAt).toBeNull();
    expect(await revoke("--yes")).toMatchObject({ code: 0 });
    expect((await office.door.invitations.get(invitation.id))?.revokedAt).not.toBeNull();
  });
});
