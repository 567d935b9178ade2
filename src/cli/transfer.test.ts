import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startBackOffice } from "../../test/support/back-office.ts";
import { runCommand, writeConfig } from "../../test/support/command-line.ts";
import { startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";
import { startProgress } from "./progress.ts";
import { wordsOf } from "./words/words-of.ts";

let folder: string;
let config: string;
/** The same application with a database that nobody has come to. */
let emptyConfig: string;
let count = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-transfer-"));
  const rehearsal = await startRehearsal();
  const database = `file:${join(folder, "postern.db")}`;
  const office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  for (const persona of ["ada", "grace", "bo"]) await new Person(office.url).signIn("rehearsal", persona);
  const [, grace] = await office.door.users.list();
  await office.door.users.grant(grace?.id ?? "", "auditor", "job:test");
  await office.close();
  await rehearsal.close();
  config = writeConfig(folder, { database, rehearsalUrl: "http://localhost:4181" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  const place = mkdtempSync(join(folder, "empty-"));
  const database = `file:${join(place, "postern.db")}`;
  emptyConfig = writeConfig(place, { database, rehearsalUrl: "http://localhost:4181" });
  expect((await runCommand(["migrate", "--config", emptyConfig])).code).toBe(0);
});

const fresh = () => join(folder, `file-${count++}`);
const run = (...words: string[]) => runCommand([...words, "--config", config]);
const intoEmpty = (...words: string[]) => runCommand([...words, "--config", emptyConfig]);
/** A file with this in it. */
const fileOf = (content: string | Uint8Array): string => {
  const file = fresh();
  writeFileSync(file, content);
  return file;
};

test("everybody goes to a file that only its owner reads, and into an empty database", async () => {
  const file = fresh();
  const exported = await run("export", "-o", file, "--reason", "moving");
  expect([exported.code, exported.stdout]).toEqual([0, ""]);
  expect(exported.stderr).toContain("3 records exported");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.partial`)).toBe(false);
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect([lines.at(0).type, lines.at(-1)]).toEqual(["postern-export", { type: "end", records: 3 }]);

  const dry = await intoEmpty("import", file, "--dry-run", "--json");
  expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, counts: { created: 3, failed: 0 } });
  const real = await intoEmpty("import", file);
  expect(real.stdout).toContain("3 created");
  const again = await intoEmpty("import", file, "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ counts: { created: 0, skipped: 3 } });

  const back = await intoEmpty("export");
  const people = (text: string) =>
    text
      .split("\n")
      .slice(1, -2)
      .map((line) => ({ ...JSON.parse(line), derivedRoles: [] }));
  expect(people(back.stdout)).toEqual(people(readFileSync(file, "utf8")));
  const log = await run("audit", "list", "--action", "users.exported", "--json");
  expect(JSON.parse(log.stdout).items[0]).toMatchObject({ detail: { reason: "moving" } });
});

test("a file that is there is replaced only with --yes, and nothing is written through a link", async () => {
  const file = fileOf("precious");
  const refused = await run("export", "-o", file);
  expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining("--yes")]);
  expect(readFileSync(file, "utf8")).toBe("precious");
  const precious = fileOf("precious");
  symlinkSync(precious, `${file}.partial`);
  expect((await run("export", "-o", file, "--yes")).code).toBe(0);
  expect(readFileSync(file, "utf8")).toContain("postern-export");
  expect(readFileSync(precious, "utf8")).toBe("precious");
  expect((await run("export", "-o", join(folder, "nowhere", "x"))).code).toBe(1);
});

test("whoever interrupts an export finds no half of it", async () => {
  const file = fresh();
  const stop = new AbortController();
  stop.abort();
  const stopped = await runCommand(["export", "-o", file, "--config", config], { stop: stop.signal });
  expect([stopped.code, existsSync(file), existsSync(`${file}.partial`)]).toEqual([130, false, false]);
});

test("CSV for a spreadsheet: only what is asked for, and it can be read again", async () => {
  const { stdout } = await run("export", "--format", "csv", "--include", "users,roles");
  const [header, ...rows] = stdout.trimEnd().split("\r\n");
  expect(header?.startsWith("\uFEFFid,who,name,email")).toBe(true);
  expect(rows).toHaveLength(3);
  expect(stdout).toContain("auditor");
  expect(stdout).not.toContain("issuer");
  const full = await run("export", "--format", "csv");
  const imported = await intoEmpty("import", fileOf(full.stdout), "--json");
  expect(JSON.parse(imported.stdout)).toMatchObject({ counts: { created: 3, failed: 0 } });
});

test("a report by line: what is wrong, where, and what to do", async () => {
  // As Chinese Excel writes it.
  const name = Buffer.from([0xd5, 0xc5, 0xce, 0xb0]);
  const file = fileOf(
    Buffer.concat([
      Buffer.from("email,roles,name\nwei@example.com,admin,"),
      name,
      Buffer.from("\nbo@example.com,admn,Bo\n,,\n"),
    ]),
  );
  const wrong = await intoEmpty("import", file);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain("gb18030");
  expect(wrong.stderr).toContain('line 3 bo@example.com: There is no role "admn". Did you mean "admin"?');
  expect(wrong.stderr).toContain("line 4: Nobody could be recognised");
  expect(wrong.stdout).toContain("1 waiting for their first sign-in, 0 left as they are, 2 left out");
  const waiting = await intoEmpty("users", "list", "--pending", "--json");
  expect(JSON.parse(waiting.stdout).items).toMatchObject([{ who: "wei@example.com", role: "admin" }]);

  const lines = await intoEmpty("import", file, "--jsonl", "--dry-run");
  expect(
    lines.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { line: 2, action: "skipped", problem: null },
    { line: 3, action: "failed", problem: "role_unknown", about: "admn" },
    { line: 4, action: "failed", problem: "not_recognisable" },
  ]);
});

test("an owner by a file is said out loud", async () => {
  const file = fileOf("who,roles\nada@example.com,owner\n");
  expect((await intoEmpty("import", file)).stderr).toContain("One of them is an owner, by this file.");
});

test.each<readonly [string, string | Uint8Array, string]>([
  ["a column that nobody knows", "emial\nx\n", 'line 1: There is no column "emial". Did you mean "email"?'],
  ["an open quote", 'email,roles\n"x,member\n', "line 2: A quote is opened here"],
  ["a file of ours that is cut off", '{"type":"postern-export","version":1}\n', "part of it is missing"],
  [
    "a file of ours with a hole",
    '{"type":"postern-export","version":1}\n{"type":"end","records":1}\n',
    "line 2: The file holds fewer records than it says (0/1)",
  ],
  ["bytes of no encoding", Buffer.from([0x61, 0xff, 0xff, 0x0a]), "The encoding cannot be told"],
])("%s is told with its line", async (_, content, text) => {
  const { code, stderr } = await intoEmpty("import", fileOf(content));
  expect([code, stderr]).toEqual([1, expect.stringContaining(text)]);
});

test("what is typed wrong, and what is not there", async () => {
  const options = [
    ["import", "x", "--format", "xml"],
    ["import", "x", "--on-conflict", "merge"],
    ["import", "x", "--encoding", "latin1"],
    ["export", "--include", "users,sessions"],
  ];
  for (const words of options) expect((await run(...words)).code, words.join(" ")).toBe(2);
  const { code, stderr } = await run("import", join(folder, "nowhere.csv"));
  expect([code, stderr]).toEqual([1, expect.stringContaining("cannot be used")]);
});

test("progress: a bar for a person, now and then a line for a log", () => {
  const said: string[] = [];
  let now = 0;
  const out = (talkTerminal: boolean) => ({
    talkTerminal,
    say: (text: string) => said.push(`say ${text}`),
    redraw: (text: string) => said.push(`redraw ${text}`),
  });
  const begin = (talkTerminal: boolean) =>
    startProgress({ out: out(talkTerminal) as never, words: wordsOf("en") }, 200, () => now);
  const bar = begin(true);
  bar.show(1);
  now += 150;
  bar.show(50);
  bar.end();
  expect(said).toEqual([`redraw ${"█".repeat(6)}${"░".repeat(18)} 25 % 50 of 200`, "redraw "]);
  said.length = 0;
  const log = begin(false);
  now += 4_000;
  log.show(60);
  now += 1_500;
  log.show(90);
  log.end();
  expect(said).toEqual(["say 90 of 200"]);
});
