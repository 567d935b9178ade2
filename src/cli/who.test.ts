import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../../test/support/verb-runtime.ts";

let folder: ScratchFolder;
let runtime: VerbRuntime;
let config: string;

beforeEach(async () => {
  folder = scratchFolder();
  const database = folder.database("who.db");
  runtime = await openVerbRuntime({
    database,
    now: Date.now,
    options: {
      access: [
        { when: { provider: "rehearsal" }, then: "allow" },
        { when: { provider: "github" }, then: "allow" },
      ],
    },
  });
  config = writeConfig(folder.file("."), { database, rehearsalUrl: "http://localhost:4181" });
});
afterEach(async () => {
  await runtime.store.close();
  folder.remove();
});

type Over = NonNullable<Parameters<typeof arrive>[2]>;

async function come(name: string, over: Over = {}): Promise<string> {
  const admission = await arrive(runtime, name, over);
  if (admission.kind !== "admitted") throw new Error(admission.code);
  return admission.userId;
}

const postern = async (...words: string[]) => {
  const { code, stdout, stderr } = await runCommand([...words, "--json", "--config", config]);
  return { exit: code, stderr, ...JSON.parse(stdout) };
};
const rolesOf = async (id: string) => (await runtime.store.grants.ofUser(id)).map(({ role }) => role);
const idsOf = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id).sort();

describe("whoever is to get something by a command", () => {
  test.each<readonly [string, string, Over]>([
    [
      "a handle like an id of GitHub",
      "github:583231",
      { provider: "github", subject: "9", handle: "583231" },
    ],
    ["a handle like an address", "rehearsal:alice@corp.example", { handle: "alice@corp.example" }],
    [
      "an address that nobody has verified",
      "rehearsal:alice@corp.example",
      { email: "alice@corp.example", emailVerified: false },
    ],
    ["an id like an address", "rehearsal:alice@corp.example", { subject: "alice@corp.example" }],
    ["a handle like what may be an id there", "rehearsal:00u1a2b3", { handle: "00u1a2b3" }],
  ])("is told by more than %s", async (_, who, over) => {
    const [mallory, bo] = [await come("mallory", over), await come("bo")];
    for (const words of [
      ["grant", who, "owner"],
      ["grant", who, "owner", "--dry-run"],
      ["merge", bo, who],
      ["merge", who, bo],
      ["reactivate", who],
    ]) {
      const refused = await postern("users", ...words);
      expect(refused, words.join(" ")).toMatchObject({
        exit: 4,
        code: "user_ambiguous",
        matches: [{ id: mallory }],
      });
      expect(refused.stderr).toContain("postern invites create --id");
    }
    expect(await rolesOf(mallory)).toEqual(["member"]);
    expect(await runtime.store.users.get(bo)).not.toBeNull();
    expect(await postern("users", "show", who)).toMatchObject({ exit: 0, id: mallory });
    expect(await postern("users", "grant", mallory, "support")).toMatchObject({ exit: 0, changed: true });
  });

  test("is none of two, whichever way a text may mean them", async () => {
    const byHandle = await come("mallory", { provider: "github", subject: "9", handle: "583231" });
    const bySubject = await come("ada", { provider: "github", subject: "583231", handle: "ada" });
    for (const verb of ["grant", "revoke"]) {
      const refused = await postern("users", verb, "github:583231", "owner");
      expect(refused).toMatchObject({ exit: 4, code: "user_ambiguous" });
      expect(idsOf(refused.matches)).toEqual([byHandle, bySubject].sort());
    }
    const named = await come("eve", { handle: "cy@demo.example" });
    const addressed = await come("cy");
    const { matches } = await postern("users", "suspend", "rehearsal:cy@demo.example");
    expect(idsOf(matches)).toEqual([named, addressed].sort());
  });

  test("is found by a name where ids look different, by an id, and by an address that is verified there", async () => {
    const ada = await come("ada", { provider: "github", subject: "583231", handle: "ada" });
    const bo = await come("bo", { subject: "00u1a2b3" });
    // The same address somewhere else.
    await come("bo", { provider: "github", subject: "8" });
    for (const [who, id] of [
      ["github:ada", ada],
      ["rehearsal:bo", bo],
      ["github:583231", ada],
      ["rehearsal:00u1a2b3", bo],
      ["rehearsal:BO@demo.example", bo],
    ] as const) {
      expect(await postern("users", "grant", who, "support"), who).toMatchObject({ exit: 0, user: { id } });
    }
  });
});
