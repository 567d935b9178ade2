import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-cli-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  const access = [{ when: { provider: "rehearsal" }, then: "ask" }] as const;
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database, options: { access } });
  config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url });
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const requests = (words: readonly string[], env: Record<string, string> = {}) =>
  runCommand(["requests", ...words, "--config", config], { env });
/** The document that a command answers, with its exit code. */
const answer = async (...words: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, stdout } = await requests([...words, "--json"]);
  return { exit: code, ...JSON.parse(stdout) };
};

/** Somebody signs in and, where there is a form, asks. */
async function visit(persona: string, note = ""): Promise<string> {
  const person = new Person(office.url);
  const body = await (await person.signIn("rehearsal", persona)).text();
  const nonce = /name="for" value="([^"]+)"/.exec(body)?.[1];
  if (nonce !== undefined) await person.post("/auth/request-access", { for: nonce, note });
  return body;
}

test("somebody asks, is listed, shown and approved", async () => {
  expect(await answer("list")).toEqual({ exit: 0, items: [] });
  await visit("mallory", "line one\nline two");
  const [request] = await office.door.requests.list();
  const id = request?.id ?? "";
  expect(await answer("list")).toMatchObject({ exit: 0, items: [{ id, status: "pending" }] });
  expect((await requests(["list"])).stdout).toContain("line one line two");
  expect(await answer("show", id)).toMatchObject({
    exit: 0,
    id,
    note: "line one\nline two",
    decidedAt: null,
  });
  expect((await requests(["show", id], { POSTERN_LANG: "zh-CN" })).stdout).toContain("待审批");

  const dry = await answer("approve", id, "--role", "member", "--dry-run");
  expect(dry).toMatchObject({ exit: 0, dryRun: true, request: { status: "pending" } });
  const done = await answer("approve", id, "--role", "member", "--reason", "new colleague");
  expect(done).toMatchObject({
    exit: 0,
    dryRun: false,
    action: "access_request.approved",
    request: { status: "approved", role: "member" },
  });
  expect(await office.door.audit.list({ target: id, limit: 1 })).toMatchObject([
    { actor: expect.stringMatching(/^cli:.+@/), detail: { role: "member", reason: "new colleague" } },
  ]);
  expect(await answer("list")).toEqual({ exit: 0, items: [] });
  expect(await answer("list", "--status", "all")).toMatchObject({ items: [{ id }] });
  expect((await requests(["approve", id, "--role", "admin"])).code).toBe(5);
  expect(await visit("mallory")).toContain("Welcome to");
  expect((await requests(["decline", id, "--reason", "too late"])).stderr).toContain("users revoke");
});

test("somebody is declined and reads why", async () => {
  await visit("bo");
  const [request] = await office.door.requests.list({ status: "pending" });
  const id = request?.id ?? "";
  expect(await answer("decline", id, "--reason", "no", "--dry-run")).toMatchObject({ exit: 0, dryRun: true });
  const declined = await requests(["decline", id, "--reason", "Not on this project"]);
  expect([declined.code, declined.stdout]).toEqual([0, expect.stringContaining("is declined")]);
  expect(await visit("bo")).toContain("Not on this project");
  expect((await requests(["decline", id, "--reason", "again"])).code).toBe(5);
});

test("what is missing or wrong", async () => {
  expect((await requests(["list", "--status", "open"])).code).toBe(2);
  expect((await requests(["approve", "arq_none"])).code).toBe(2);
  expect((await requests(["decline", "arq_none"])).code).toBe(2);
  expect((await requests(["approve", "arq_none", "--role", "membr"])).stderr).toContain("member");
  expect((await requests(["show", "arq_none"])).code).toBe(4);
  const [request] = await office.door.requests.list({ status: "declined" });
  const long = await requests(["approve", request?.id ?? "", "--role", "ownr", "--dry-run"]);
  expect(long.code).toBe(2);
});
