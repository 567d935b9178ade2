import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import { AUDIT_ACTIONS } from "../model/audit-event.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;
let ada: string;
let bo: string;
/** What mallory was shown. */
let reference: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url });
  ada = await signIn("ada");
  bo = await signIn("bo");
  await new Person(office.url).signIn("rehearsal", "mallory");
  const [refused] = await office.door.audit.list({ action: "login.failed", limit: 1 });
  reference = refused?.reference ?? "";
  await office.door.users.grant(bo, "admin", ada, "covers for Grace");
  await office.door.sessions.endAllOf(bo, bo);
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(persona: string): Promise<string> {
  const person = new Person(office.url);
  await person.signIn("rehearsal", persona);
  return (await person.session())?.user.id ?? "";
}

const list = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["audit", "list", ...words, "--config", config], surroundings);
/** The document that the command answers, with its exit code. */
const answer = async (...words: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await list([...words, "--json"]);
  return { exit: code, ...JSON.parse(stdout || stderr.slice(stderr.indexOf("{"))) };
};
const TERMINAL = { columns: 60 };

test("on a terminal every event is one sentence with names and cause, newest first, never cut", async () => {
  const { code, stdout } = await list([], TERMINAL);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength((await office.door.audit.list({ limit: 1000 })).length);
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}\S/);
  expect(lines[0]).toContain("Bo Lund ended a session of their own (signed_out_by_administrator)");
  expect(lines[1]).toMatch(/Ada \S+ gave Bo Lund the role admin \("covers for Grace"\)$/);
  expect(stdout).toContain("Bo Lund came in for the first time");
  expect(stdout).toMatch(/Postern gave Ada \S+ the role owner/);
  expect(stdout).toMatch(
    new RegExp(`mallory.* was not let in with rehearsal \\(not_allowed, no_rule\\)  ${reference}`),
  );
  expect(stdout).not.toContain("usr_");
});

test("the sentences are in the person's language", async () => {
  const { stdout } = await list(["--action", "role.granted"], {
    ...TERMINAL,
    env: { POSTERN_LANG: "zh-CN" },
  });
  expect(stdout).toMatch(/授予 Bo Lund 角色 admin/);
  for (const env of [{ POSTERN_LANG: "en" }, { POSTERN_LANG: "zh-CN" }])
    expect((await list(["--help"], { env })).stdout).toContain("--reference <code>");
});

test("the help of a group with one command begins with two examples as well", async () => {
  const { stdout } = await runCommand(["audit", "--help"]);
  expect(stdout.match(/^ {2}postern audit list --/gm)).toHaveLength(2);
});

test("--verbose adds the rest of what is kept", async () => {
  const { stdout } = await list(["--reference", reference, "--verbose"], TERMINAL);
  expect(stdout.split("\n").length).toBeGreaterThan(5);
  expect(stdout).toMatch(/^ {4}emailVerified +true$/m);
  expect(stdout).toMatch(/^ {4}id +aud_/m);
});

test("a reference is found however it is typed", async () => {
  for (const typed of [
    reference,
    reference.toLowerCase(),
    reference.replace("-", "").toLowerCase(),
    ` ${reference} `,
  ]) {
    expect(await answer("--reference", typed), typed).toMatchObject({
      exit: 0,
      items: [{ reference, action: "login.failed", reason: "not_allowed", at: expect.stringMatching(/Z$/) }],
    });
  }
});

test("a reference that finds nothing is exit code 4; a filter that does is not", async () => {
  expect(await answer("--reference", "zzzz9999")).toMatchObject({ exit: 4, code: "event_not_found" });
  expect((await list(["--reference", "zzzz9999"])).stderr).toContain("ZZZZ-9999");
  expect(await answer("--action", "user.purged")).toEqual({ exit: 0, items: [] });
});

test("a target is a person or any id, also of somebody who is gone", async () => {
  const events = await office.door.audit.list({ target: bo, limit: 1000 });
  for (const who of [bo, "bo@demo.example", "rehearsal:bo@demo.example"])
    expect((await answer("--target", who)).items, who).toHaveLength(events.length);
  const [ended] = await office.door.audit.list({ action: "session.ended", limit: 1 });
  expect(await answer("--target", ended?.target ?? "", "--action", "session.ended")).toMatchObject({
    items: [{ id: ended?.id }],
  });
  expect((await list(["--target", "nobody@demo.example"])).code).toBe(4);

  const grace = await signIn("grace");
  await office.door.users.delete(grace, ada);
  const { stdout } = await list(["--target", "grace@demo.example", "--action", "user.deleted"], TERMINAL);
  expect(stdout).toMatch(/Ada \S+ deleted Grace/);
  expect(await answer("--target", grace, "--limit", "1")).toMatchObject({ items: [{ target: grace }] });
});

test("a target is a role, also one that is gone; what never was one is nobody", async () => {
  const terms = { actor: ada };
  await office.door.roles.create({ name: "finance", permissions: [] }, terms);
  expect(await answer("--target", "finance")).toMatchObject({ exit: 0, items: [{ action: "role.created" }] });
  await office.door.roles.remove("finance", terms);
  expect(await answer("--target", "finance")).toMatchObject({
    items: [{ action: "role.removed" }, { action: "role.created" }],
  });
  expect(await answer("--target", "member")).toEqual({ exit: 0, items: [] });
  expect(await answer("--target", "finanze")).toMatchObject({ exit: 4, code: "user_not_found" });
});

test("a program gets tabs, the id first; one JSON document a line with --jsonl", async () => {
  const [newest] = await office.door.audit.list({ limit: 1 });
  const { stdout } = await list(["--limit", "1"]);
  const cells = stdout.replace("\n", "").split("\t");
  expect([cells.length, cells[0], cells[2]]).toEqual([8, newest?.id, newest?.action]);
  expect((await list(["--limit", "2", "--verbose"])).stdout.split("\n")[0]?.split("\t")[8]).toBe(
    JSON.stringify(newest?.detail),
  );
  const jsonl = (await list(["--limit", "3", "--jsonl"])).stdout.trimEnd().split("\n");
  expect(jsonl.map((line) => JSON.parse(line).id)).toHaveLength(3);
});

test("what is mistyped is said, with what is close", async () => {
  expect(await answer("--action", "login.faild")).toMatchObject({ exit: 2, didYouMean: "login.failed" });
  expect((await list(["--action", "login.faild"])).stderr).toContain(AUDIT_ACTIONS.join(", "));
  for (const limit of ["0", "-1", "ten", "1001"])
    expect((await list([`--limit=${limit}`])).code, limit).toBe(2);
});

test("reading changes nothing", async () => {
  const before = await office.door.audit.list({ limit: 1000 });
  await list(["--verbose"], TERMINAL);
  expect(await office.door.audit.list({ limit: 1000 })).toEqual(before);
});
