import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { callbackOf, transactionCookies } from "../../test/attacks/transaction.ts";
import { SECRET, startBackOffice } from "../../test/support/back-office.ts";
import { canariesOfAttempt, findCanaries } from "../../test/support/canaries.ts";
import type { Log } from "../model/log.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";
import { checkLog } from "./log.ts";

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());

/** A stream and what was written to it. */
function sink() {
  const stream = new PassThrough();
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

/** Somebody is refused, the database goes, and the instance is closed: info, error and info. */
async function live(log: Log) {
  const office = await startBackOffice({ rehearsalUrl: rehearsal.url, options: { log } });
  await new Person(office.url).signIn("github", "mallory");
  const person = new Person(office.url);
  const callback = await callbackOf(person, "rehearsal", "ada", "/orders");
  const [name = ""] = transactionCookies(person);
  const canaries = canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback);
  const forged = new URL(callback, office.url);
  forged.searchParams.set("state", "forged");
  await person.request(forged.pathname + forged.search);
  await fetch(`${office.url}/auth/sign-out`, { method: "POST", headers: { origin: "https://evil.example" } });
  await office.close();
  return canaries;
}

test("pino: a line of JSON each, with a constant message, fields and no secret", async () => {
  const { stream, text } = sink();
  const canaries = await live(pino({ level: "debug" }, stream));
  await vi.waitFor(() => expect(text()).toContain('"closed"'));
  const lines = text()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const named = (message: string) => lines.filter(({ msg }) => msg === message);
  expect(named("sign-in refused")).toHaveLength(1);
  expect(named("sign-in refused")[0]).toMatchObject({
    level: 30,
    code: "state_mismatch",
    provider: "rehearsal",
    reference: expect.stringMatching(/^[\w]{4}-[\w]{4}$/),
  });
  expect(named("a request from another site was refused")[0]).toMatchObject({
    level: 40,
    path: "/auth/sign-out",
    origin: "https://evil.example",
  });
  expect(named("closed")[0]).toMatchObject({ level: 30, milliseconds: expect.any(Number) });
  expect(lines.every(({ msg }) => typeof msg === "string" && msg !== "")).toBe(true);
  expect(findCanaries({ log: text() }, canaries)).toEqual([]);
});

test("console: the message first, then the fields", async () => {
  const { stream, text } = sink();
  const canaries = await live(new Console({ stdout: stream, stderr: stream }));
  expect(text()).toMatch(/^postern: sign-in refused \{$/m);
  expect(text()).toMatch(/^postern: a request from another site was refused \{$/m);
  expect(text()).toMatch(/^ {2}code: 'state_mismatch',$/m);
  expect(findCanaries({ log: text() }, canaries)).toEqual([]);
});

test("the global console is one, an object with the four methods is left as it is, anything less is told", () => {
  const problems: string[] = [];
  const check = (log: Log) => checkLog(log, (path, message) => problems.push(`${path} ${message}`));
  expect(check(console)).not.toBe(console);
  const own: Log = { debug() {}, info() {}, warn() {}, error() {} };
  expect(check(own)).toBe(own);
  expect(problems).toEqual([]);
  check({ warn() {}, error() {} } as unknown as Log);
  expect(problems).toEqual(["log has no debug, info"]);
});
