import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackOffice, startBackOffice } from "../../test/support/back-office.ts";
import { type CommandSurroundings, runCommand, writeConfig } from "../../test/support/command-line.ts";
import type { AccessRule } from "../model/access-rule.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";

const RULES: readonly AccessRule[] = [
  { when: { provider: "github", github: { team: "acme/ops" } }, then: "allow", roles: ["admin"] },
  { when: { email: "bo@demo.example" }, then: "deny" },
  { when: { emailDomain: "demo.example" }, then: "allow" },
];

let rehearsal: Rehearsal;
let office: BackOffice;
let folder: string;
let config: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-access-"));
  const database = `file:${join(folder, "postern.db")}`;
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  for (const persona of ["ada", "grace", "bo"]) await new Person(office.url).signIn("rehearsal", persona);
  const more = `access: ${JSON.stringify(RULES)},`;
  config = writeConfig(folder, { database, rehearsalUrl: rehearsal.url, more });
});
afterAll(async () => {
  await office?.close();
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const access = (words: readonly string[], surroundings?: CommandSurroundings) =>
  runCommand(["access", ...words, "--config", config], surroundings);

/** Writes JSON to a file of its own. */
function file(value: unknown): string {
  const path = join(mkdtempSync(join(folder, "json-")), "file.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
}

describe("postern access explain", () => {
  test("says of every rule before the one that decides why it does not", async () => {
    const { code, stdout } = await access(["explain", "grace@demo.example"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rehearsal:\S+, grace@demo\.example \(confirmed\)$/m);
    expect(stdout).toContain(
      "access[0]  lets in  ✗ does not match\n    ✗ provider: wanted github, found rehearsal",
    );
    expect(stdout).toContain("✗ email: wanted bo@demo.example, found grace@demo.example");
    expect(stdout).toContain("access[2]  lets in  ✓ matches");
    expect(stdout).toContain("→ May enter, as member (access[2])");
  });

  test("speaks Chinese too", async () => {
    const { stdout } = await access(["explain", "bo@demo.example"], { env: { POSTERN_LANG: "zh-CN" } });
    expect(stdout).toContain("→ 不能进入：not_allowed (access[1])");
  });

  test("names an owner of the configuration, whom no rule can keep out", async () => {
    const { stdout } = await access(["explain", "ada@demo.example"]);
    expect(stdout).toContain("`owners` of the configuration names this account");
  });

  test("answers a document", async () => {
    const { stdout } = await access(["explain", "bo@demo.example", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      user: { email: "bo@demo.example", status: "active" },
      accounts: [
        {
          provider: "rehearsal",
          emailVerified: true,
          decision: { outcome: "deny", code: "not_allowed", rule: 1 },
          endings: [{ outcome: "deny", roles: [] }],
          rules: [
            {
              index: 0,
              then: "allow",
              answer: "no",
              reasons: [{ found: "rehearsal" }, { why: "other_provider" }],
            },
            { index: 1, then: "deny", answer: "yes" },
          ],
        },
      ],
    });
  });

  test("explains a saved answer, with what it does not tell", async () => {
    const sample = file({ id: 583231, login: "grace", name: "Grace" });
    const { code, stdout } = await access(["explain", "--sample", sample, "--provider", "github"]);
    expect(code).toBe(0);
    expect(stdout).toContain("github:583231");
    expect(stdout).toContain("access[0]  lets in  ? hangs on what only a sign-in tells");
    expect(stdout).toContain("github.team: wanted acme/ops, the provider is asked at sign-in");
    expect(stdout).toContain("? email: wanted bo@demo.example, the provider says nothing of it");
    expect(stdout).toContain("→ May not enter: not_allowed (access[1])");
    expect(stdout).toMatch(/What a sign-in tells may change that:\n.*May enter, as admin\n.*May not enter\n/);
  });

  test.each([
    [[], 2, "missing_argument"],
    [["ada@demo.example", "--sample", "x.json"], 2, "missing_argument"],
    [["--sample", "x.json"], 2, "missing_argument"],
    [["--sample", "no-such-file.json", "--provider", "github"], 2, "sample_invalid"],
    [["--sample", "x.json", "--provider", "githup"], 4, "provider_not_found"],
    [["nobody@demo.example"], 4, "user_not_found"],
    [["ada@demo.example", "--provider", "github"], 4, "user_not_found"],
  ])("%j ends with %i, %s", async (words, code, word) => {
    const ended = await access(["explain", ...words, "--json"]);
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toMatchObject({ code: word, exitCode: code });
  });
});

describe("postern access rehearse", () => {
  test("says who would gain, who would lose, and who cannot be told", async () => {
    const draft = file([
      { when: { email: "grace@demo.example" }, then: "ask" },
      { when: { email: "bo@demo.example" }, then: "allow", roles: ["support"] },
    ]);
    const { code, stdout, stderr } = await access(["rehearse", "--draft", draft, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      counts: { known: 3, gains: 1, loses: 1, other_roles: 1, cannot_tell: 0 },
      ownersAfter: { certain: 1, perhaps: 0 },
      changes: [
        expect.objectContaining({ change: "other_roles", before: ["member", "owner"], after: ["owner"] }),
        expect.objectContaining({ change: "loses", before: ["member"], after: [] }),
        {
          user: expect.objectContaining({ email: "bo@demo.example" }),
          change: "gains",
          before: [],
          after: ["support"],
        },
      ],
    });
    expect(stderr).toContain("Of 3 known: 1 would get in, 1 would be kept out, 1 would have other roles");
  });

  test("takes the list alone or as `access`, and shows a table to people", async () => {
    const claim = { path: "department", equals: "finance" };
    const draft = file({ access: [{ when: { claim }, then: "allow" }] });
    const { stdout } = await access(["rehearse", "--draft", draft], { columns: 160 });
    expect(stdout).toMatch(/ID +PERSON +E-MAIL +CHANGE +NOW +THEN/);
    expect(stdout).toMatch(/grace@demo\.example +cannot be told +member +\?/);
  });

  test("nothing changes by the rules that count now", async () => {
    const { stdout } = await access(["rehearse", "--draft", file(RULES), "--jsonl"]);
    expect(stdout).toBe("");
  });

  test("says what is wrong with a draft, at its place", async () => {
    const draft = file([{ when: { emialDomain: "demo.example" }, then: "alow" }]);
    const { code, stdout, stderr } = await access(["rehearse", "--draft", draft, "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "draft_invalid",
      problems: [{ path: "access[0].then" }, { path: "access[0].when.emialDomain" }],
    });
    expect(stderr).toContain('Did you mean "allow"?');
    expect((await access(["rehearse", "--draft", file("no rules")])).code).toBe(2);
    expect((await access(["rehearse", "--draft", join(folder, "nowhere.json")])).code).toBe(2);
    expect((await access(["rehearse"])).code).toBe(2);
  });
});

test("rules by which no owner could sign in are told of aloud", async () => {
  const ownerless = writeConfig(mkdtempSync(join(folder, "ownerless-")), {
    database: `file:${join(folder, "postern.db")}`,
    rehearsalUrl: rehearsal.url,
    more: `owners: [], access: [{ when: { provider: "rehearsal" }, then: "allow", roles: ["owner"] }],`,
  });
  const draft = file([{ when: { emailDomain: "demo.example" }, then: "allow" }]);
  const words = ["access", "rehearse", "--draft", draft, "--config", ownerless, "--quiet"];
  const { stderr } = await runCommand(words);
  expect(stderr).toContain("With these rules no owner could sign in any more.");
});
