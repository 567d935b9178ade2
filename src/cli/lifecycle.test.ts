import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { RESTORABLE_FOR } from "../model/deleted-user.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let database: string;
let config: string;
let production: string;
let ahead = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database,
    options: { now: () => Date.now() + ahead },
  });
  const parts = { database, rehearsalUrl: rehearsal.url };
  config = writeConfig(folder, parts);
  production = writeConfig(mkdtempSync(join(folder, "production-")), {
    ...parts,
    more: `publicUrl: "https://admin.example.com", brand: { name: "acme" },`,
  });
  await signIn("ada");
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(persona: string): Promise<{ person: Person; id: string; status: number }> {
  const person = new Person(office.url);
  const { status } = await person.signIn("rehearsal", persona);
  return { person, id: (await person.session())?.user.id ?? "", status };
}

const postern = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand([...words, "--config", config], surroundings);
const users = (...words: readonly string[]) => postern(["users", ...words]);
/** The document that a command answers, with its exit code. */
const answer = async (...words: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, stdout } = await postern([...words, "--json"]);
  return { exit: code, ...JSON.parse(stdout) };
};
const lastEvent = async (target: string) => (await office.door.audit.list({ target, limit: 1 }))[0];
const CLI = expect.stringMatching(/^cli:.+@/);

describe("postern users suspend and reactivate", () => {
  test("shut out and let in again, with who did it and why", async () => {
    const { person, id } = await signIn("bo");
    const dry = await answer("users", "suspend", id, "--dry-run");
    expect(dry).toMatchObject({ exit: 0, dryRun: true, action: "user.suspended", changed: true, count: 1 });
    expect(await person.session()).not.toBeNull();

    const done = await answer("users", "suspend", "bo@demo.example", "--reason", "left");
    expect(done).toMatchObject({ exit: 0, dryRun: false, changed: true, count: 1, user: { id } });
    expect(await office.door.sessions.ofUser(id)).toEqual([]);
    expect((await signIn("bo")).status).toBe(403);
    expect(await office.door.audit.list({ action: "user.suspended", limit: 1 })).toMatchObject([
      { actor: CLI, detail: { reason: "left" } },
    ]);
    expect(await answer("users", "suspend", id)).toMatchObject({ exit: 0, changed: false });

    expect(await answer("users", "reactivate", id, "--dry-run")).toMatchObject({ changed: true });
    expect((await signIn("bo")).status).toBe(403);
    expect(await answer("users", "reactivate", id, "--reason", "is back")).toMatchObject({ changed: true });
    expect(await lastEvent(id)).toMatchObject({ action: "user.reactivated", actor: CLI });
    expect(await answer("users", "reactivate", id)).toMatchObject({ exit: 0, changed: false });
    expect((await signIn("bo")).id).toBe(id);
  });

  test("in production ask back", async () => {
    const { id } = await signIn("bo");
    const refused = await runCommand(["users", "suspend", id, "--config", production]);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("confirmation_required");
    expect((await office.door.users.get(id))?.status).toBe("active");
  });
});

describe("the only owner who can come in", () => {
  test.each(["suspend", "delete"])("is protected from %s: exit code 5", async (verb) => {
    for (const flags of [[], ["--dry-run"], ["--yes"]]) {
      const { code, stdout, stderr } = await users(verb, "rehearsal:ada@demo.example", "--json", ...flags);
      expect(code).toBe(5);
      expect(JSON.parse(stdout)).toMatchObject({ code: "last_owner" });
      expect(stderr).toContain("Ada Marsh");
    }
    expect(await office.door.users.find("ada@demo.example")).toMatchObject([{ status: "active" }]);
  });
});

describe("postern users delete, restore and purge", () => {
  test("there and back", async () => {
    const { id } = await signIn("kit");
    await users("grant", id, "support");
    expect(await answer("users", "delete", id, "--dry-run")).toMatchObject({ exit: 0, count: 1 });
    expect(await office.door.users.get(id)).not.toBeNull();

    const gone = await users("delete", "kit@demo.example", "--reason", "contract over");
    expect(gone.code).toBe(0);
    expect(gone.stderr).toContain(`postern users restore ${id}`);
    expect((await users("show", id)).code).toBe(4);
    const { items } = await answer("users", "list", "--deleted");
    expect(items).toMatchObject([{ id, email: "kit@demo.example", deletedBy: CLI, reason: "contract over" }]);
    expect((await users("list", "--deleted")).stdout).toMatch(new RegExp(`^${id}\t.*\tcontract over\t`));

    expect(await answer("users", "restore", id, "--dry-run")).toMatchObject({ changed: true });
    expect((await users("show", id)).code).toBe(4);
    expect(await answer("users", "restore", "KIT@demo.example", "--reason", "a mistake")).toMatchObject({
      exit: 0,
      action: "user.restored",
      changed: true,
      warnings: [],
      user: { id },
    });
    expect((await signIn("kit")).id).toBe(id);
    expect(await answer("users", "show", id)).toMatchObject({ roles: ["member", "support"] });
  });

  test("says what somebody else has taken meanwhile", async () => {
    const { id } = await signIn("kit");
    await users("delete", id);
    expect((await signIn("kit")).id).not.toBe(id);
    const { code, stdout, stderr } = await users("restore", id, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ warnings: ["identities_taken"] });
    expect(stderr).toContain("rehearsal:");
  });

  test("nobody who was not deleted is restored: exit code 4", async () => {
    expect(await answer("users", "restore", "ada@demo.example")).toMatchObject({
      exit: 4,
      code: "user_not_found",
    });
  });

  /** Deletes somebody so long ago that they cannot be restored any more. */
  async function deleteLongAgo(id: string): Promise<void> {
    ahead = -RESTORABLE_FOR - 1000;
    await office.door.users.delete(id, "test");
    ahead = 0;
  }

  test("after 30 days they are forgotten", async () => {
    const { id } = await signIn("bo");
    expect(await answer("users", "purge")).toMatchObject({ exit: 0, changed: false, count: 0 });
    await deleteLongAgo(id);
    expect(await answer("users", "list", "--deleted")).toMatchObject({ items: [] });
    expect(await answer("users", "purge", "--dry-run")).toMatchObject({ dryRun: true, count: 1 });
    expect(await answer("users", "purge")).toMatchObject({ dryRun: false, changed: true, count: 1 });
    expect(await lastEvent(id)).toMatchObject({ action: "user.purged", actor: CLI });
  });

  test("and by the housekeeping, which servers do by themselves", async () => {
    const { id } = await signIn("bo");
    await deleteLongAgo(id);
    expect(await answer("housekeeping")).toMatchObject({ exit: 0 });
    expect(await lastEvent(id)).toMatchObject({ action: "user.purged", actor: CLI });
  });
});

describe("postern users unlink", () => {
  /** Adds the account at GitHub to the one at the rehearsal provider, as the account page does. */
  async function withTwoAccounts(persona: string): Promise<{ person: Person; id: string }> {
    const { person, id } = await signIn(persona);
    const started = await person.post("/auth/account/link/github");
    await person.request(await person.pick(new URL(started.headers.get("location") ?? ""), persona));
    return { person, id };
  }

  test("takes an account away, and what was signed in with it", async () => {
    const { person, id } = await withTwoAccounts("liwei");
    const dry = await answer("users", "unlink", id, "rehearsal:nobody", "--dry-run");
    expect(dry).toMatchObject({ exit: 4, code: "identity_not_found", matches: [{}, {}] });
    const [openid] = await office.door.users.identitiesOf(id);
    expect(await answer("users", "unlink", id, openid?.id ?? "", "--dry-run")).toMatchObject({
      exit: 0,
      action: "identity.unlinked",
      changed: true,
      count: 1,
    });
    expect(await person.session()).not.toBeNull();
    expect(await answer("users", "unlink", id, openid?.id ?? "", "--reason", "stolen")).toMatchObject({
      exit: 0,
      dryRun: false,
      count: 1,
    });
    expect(await office.door.sessions.ofUser(id)).toEqual([]);
    expect(await office.door.audit.list({ action: "identity.unlinked", limit: 1 })).toMatchObject([
      { actor: CLI, target: id, detail: { reason: "stolen", provider: "rehearsal" } },
    ]);

    const last = await users("unlink", id, "github:liwei", "--json");
    expect(last.code).toBe(5);
    expect(JSON.parse(last.stdout)).toMatchObject({ code: "last_identity" });
    expect(await office.door.users.identitiesOf(id)).toHaveLength(1);
  });
});

describe("postern users merge", () => {
  test("shows what becomes of both, and does it", async () => {
    const one = await signIn("kit");
    const other = new Person(office.url);
    await other.signIn("github", "bo");
    const otherId = (await other.session())?.user.id ?? "";
    const dry = await answer("users", "merge", otherId, one.id, "--dry-run");
    expect(dry).toMatchObject({
      exit: 0,
      dryRun: true,
      action: "user.merged",
      from: { id: otherId },
      into: { id: one.id },
      identities: [{ provider: "github" }],
      roles: [{ role: "member", source: "rule", heldBy: "both" }],
      sessions: 1,
    });
    expect(await office.door.users.get(otherId)).not.toBeNull();
    const { code, stdout } = await users("merge", otherId, one.id, "--reason", "one person");
    expect(code).toBe(0);
    expect(stdout).toContain("Account that moves");
    expect(await office.door.users.get(otherId)).toBeNull();
    expect(await lastEvent(otherId)).toMatchObject({
      action: "user.merged",
      actor: CLI,
      detail: { into: one.id, reason: "one person" },
    });
    expect(await answer("users", "merge", one.id, one.id)).toMatchObject({ exit: 5, code: "merge_refused" });
    await users("delete", one.id);
  });
});

describe("a role for somebody who has yet to come", () => {
  const WHO = "rehearsal:grace@demo.example";

  test("waits, can be seen, and is theirs at the first sign-in", async () => {
    expect(await answer("users", "grant", WHO, "support", "--dry-run")).toMatchObject({ changed: true });
    expect(await answer("users", "list", "--pending")).toMatchObject({ items: [] });
    expect(await answer("users", "grant", WHO, "support", "--reason", "starts Monday")).toMatchObject({
      exit: 0,
      action: "pending_grant.created",
      changed: true,
      role: "support",
      pending: { provider: "rehearsal", who: "grace@demo.example" },
    });
    expect(await answer("users", "grant", WHO, "support")).toMatchObject({ exit: 0, changed: false });
    const anew = ["users", "grant", WHO, "support", "--until", "2d", "--reason", "covers for Bo"];
    const changed = { action: "pending_grant.changed", changed: true };
    expect(await answer(...anew, "--dry-run")).toMatchObject(changed);
    expect(await answer(...anew)).toMatchObject(changed);
    expect(await answer("users", "list", "--pending")).toMatchObject({
      items: [{ reason: "covers for Bo", expiresAt: expect.stringMatching(/Z$/) }],
    });
    await answer("users", "grant", WHO, "support", "--reason", "starts Monday");
    expect(await answer("users", "list", "--pending")).toMatchObject({
      items: [{ who: "grace@demo.example", role: "support", createdBy: CLI, reason: "starts Monday" }],
    });
    expect(await answer("users", "show", WHO)).toMatchObject({ pending: [{ role: "support" }] });
    expect((await users("show", WHO)).stdout).toContain("support (waits for the first sign-in");

    const { id } = await signIn("grace");
    expect(await answer("users", "show", id)).toMatchObject({ roles: ["admin", "support"] });
    expect(await answer("users", "list", "--pending")).toMatchObject({ items: [] });
  });

  test("can be taken back, as it was written", async () => {
    await users("grant", "new@demo.example", "owner");
    expect(await answer("users", "revoke", "NEW@demo.example", "owner", "--dry-run")).toMatchObject({
      action: "pending_grant.revoked",
      changed: true,
    });
    expect(await answer("users", "list", "--pending")).toMatchObject({ items: [{ role: "owner" }] });
    expect(await answer("users", "revoke", "new@demo.example", "owner")).toMatchObject({
      exit: 0,
      changed: true,
    });
    expect(await answer("users", "list", "--pending")).toMatchObject({ items: [] });
  });

  test.each([
    ["new@demo.example", "Any provider that has verified the address counts"],
    ["github:583231", "not a user name"],
  ])("for %s it is said who that will be", async (who, sentence) => {
    const { code, stderr } = await users("grant", who, "support");
    expect(code).toBe(0);
    expect(stderr).toContain(sentence);
    await users("revoke", who, "support");
  });
});

describe("postern owner-link", () => {
  test("is refused while there is an owner: exit code 5, and what to do instead", async () => {
    for (const flags of [[], ["--dry-run"]]) {
      const { code, stdout, stderr } = await postern(["owner-link", "--json", ...flags]);
      expect(code).toBe(5);
      expect(JSON.parse(stdout)).toMatchObject({ code: "owner_exists" });
      expect(stderr).toContain("postern users grant <who> owner");
    }
  });

  test("--for somebody who is no owner is refused: exit code 5", async () => {
    const { id } = await signIn("grace");
    expect(await answer("owner-link", "--for", id)).toMatchObject({ exit: 5, code: "not_usable_owner" });
    expect(await answer("owner-link", "--for", "nobody")).toMatchObject({ exit: 4, code: "user_not_found" });
  });

  test("--for an owner prints a link that works once, and nothing else on stdout", async () => {
    const dry = await answer("owner-link", "--for", "ada@demo.example", "--dry-run");
    expect(dry).toMatchObject({ exit: 0, dryRun: true, user: { name: "Ada Marsh" } });
    expect(dry).not.toHaveProperty("url");
    const { stdout, stderr } = await postern([
      "owner-link",
      "--for",
      "ada@demo.example",
      "--reason",
      "provider down",
    ]);
    expect(stdout).toMatch(/^http:\/\/localhost:4180\/auth\/owner-link\/[\w-]{43}\n$/);
    expect(stderr).toContain("Works once, until ");
    expect(await office.door.audit.list({ action: "owner_link.created", limit: 9 })).toMatchObject([
      { actor: CLI, detail: { breakGlass: true, reason: "provider down" } },
    ]);

    const token = new URL(stdout.trim()).pathname.split("/").at(-1) ?? "";
    const ada = new Person(office.url);
    expect((await ada.post("/auth/owner-link", { token })).status).toBe(303);
    expect((await ada.session())?.user.name).toBe("Ada Marsh");
  });

  test("--break-glass makes a link for another owner all the same", async () => {
    expect(await answer("owner-link", "--break-glass", "--reason", "Ada is away")).toMatchObject({
      exit: 0,
      action: "owner_link.created",
      user: null,
      url: expect.stringContaining("/auth/owner-link/"),
    });
    expect((await postern(["owner-link", "--break-glass", "--for", "ada@demo.example"])).code).toBe(2);
  });
});
