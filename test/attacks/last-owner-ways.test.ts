import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { liveProviders } from "../../src/access/last-owner.ts";
import type { AccessRule } from "../../src/model/access-rule.ts";
import { createRole } from "../../src/roles/change-roles.ts";
import { changeRules } from "../../src/rules/change-rules.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { mergeUsers } from "../../src/users/merge-users.ts";
import { suspendUser } from "../../src/users/suspend-user.ts";
import { unlinkIdentity } from "../../src/users/unlink-identity.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";
import { ENGINES } from "./stage.ts";

const HOUR = 3_600_000;

/** Every way to cost somebody the role, or to try. `into` is somebody who is nobody in particular. */
const WAYS = {
  demote: (house: VerbRuntime, id: string, by: string) => revokeRole(house, id, "owner", by),
  "give an end": (house: VerbRuntime, id: string, by: string) =>
    grantRole(house, id, "owner", by, undefined, house.now() + HOUR),
  suspend: suspendUser,
  delete: deleteUser,
  unlink: async (house: VerbRuntime, id: string, by: string) => {
    for (const identity of await house.store.identities.ofUser(id))
      await unlinkIdentity(house, id, identity.id, { actor: by, address: null });
  },
  merge: (house: VerbRuntime, id: string, by: string, into: string) => mergeUsers(house, id, into, by),
};
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as readonly Way[];

/** Whoever comes from there is an owner by a rule, all others by hand. */
const DOMAINS = { rule: "owners.example", direct: "demo.example" };

describe.each(ENGINES)("4.57: the last owner, by every way and whatever makes them one (%s)", (engine) => {
  const folder = scratchFolder();
  let here: VerbRuntime;
  /** Another process, as far as the store can tell. */
  let there: VerbRuntime;
  let ahead = 0;
  let people = 0;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("ways.db");
    const options = {
      access: [
        { when: { emailDomain: DOMAINS.rule }, then: "allow" as const, roles: ["owner"] },
        { when: { emailDomain: "demo.example" }, then: "allow" as const },
      ],
    };
    const now = () => Date.now() + ahead;
    here = await openVerbRuntime({ database, now, options });
    there = await openVerbRuntime({ database, now, options });
  });
  afterAll(async () => {
    await here.store.close();
    await there.store.close();
    folder.remove();
  });

  const owners = () => here.store.grants.countUsableHolders("owner", liveProviders(here.settings));

  async function newcomer(domain = "demo.example"): Promise<string> {
    const name = `person-${people++}`;
    const admission = await arrive(here, name, { email: `${name}@${domain}` });
    if (admission.kind !== "admitted") throw new Error(admission.code);
    return admission.userId;
  }

  /** With two accounts, so that one can be taken away. */
  async function newOwner(source: "direct" | "rule", domain = DOMAINS[source]): Promise<string> {
    const id = await newcomer(domain);
    if (source === "direct") await grantRole(here, id, "owner", "test");
    const [first] = await here.store.identities.ofUser(id);
    if (first === undefined) throw new Error("They came by nothing.");
    await here.store.transaction((tx) =>
      tx.identities.insert({ ...first, id: `${first.id}-2`, provider: "github" }),
    );
    return id;
  }

  /** From now on these are the only owners. */
  async function onlyOwners(...ids: readonly string[]): Promise<void> {
    for (const { userId } of await here.store.grants.ofRole("owner", 100))
      if (!ids.includes(userId)) await revokeRole(here, userId, "owner", "test");
    expect(await owners()).toBe(ids.length);
  }

  /** From now on this is the only rule of the database. */
  async function onlyRule(rule: AccessRule): Promise<{ readonly id: string; readonly version: number }> {
    const edit = { kind: "replace", rules: [{ rule }] } as const;
    const before = await here.store.policy.version();
    await changeRules(here, edit, { version: before, actor: "test", confirmed: true });
    const { version, rules } = await here.store.policy.read();
    return { id: rules[0]?.id ?? "", version };
  }

  const sources = ["direct", "rule"] as const;
  const pairs = NAMES.flatMap((first) => NAMES.map((second) => [first, second] as const));

  test.each(sources)(
    `two owners (%s) at each other, ${pairs.length} mixtures of ways`,
    async (source) => {
      for (const [first, second] of pairs) {
        const [ada, bo] = [await newOwner(source), await newOwner(source)];
        const [cara, dan] = [await newcomer(), await newcomer()];
        await onlyOwners(ada, bo);
        const results = await Promise.allSettled([
          WAYS[first](here, ada, bo, cara),
          WAYS[second](there, bo, ada, dan),
        ]);
        for (const one of results)
          if (one.status === "rejected")
            expect(["last_owner", "last_identity", "user_not_found", "permission_denied"]).toContain(
              one.reason.code,
            );
        expect(await owners(), `${first}, ${second}`).toBeGreaterThanOrEqual(1);
      }
    },
    120_000,
  );

  test("an owner until some day is never the one who is left", async () => {
    for (const way of NAMES) {
      const [ada, bo, cara] = [await newOwner("direct"), await newOwner("direct"), await newcomer()];
      await onlyOwners(ada, bo);
      await grantRole(here, bo, "owner", "test", undefined, here.now() + HOUR);
      const results = await Promise.allSettled([WAYS[way](here, ada, bo, cara), WAYS.demote(there, bo, ada)]);
      ahead += 2 * HOUR;
      expect(await owners(), `${way}: ${results.map(({ status }) => status).join()}`).toBe(1);
    }
  });

  test("one whom the rules keep out, or until some day only, does not let another one go", async () => {
    // Let in by a rule that others can be put in front of.
    await onlyRule({ when: { emailDomain: "stored.example" }, then: "allow" });
    const [ada, bo] = [
      await newOwner("direct", "stored.example"),
      await newOwner("direct", "stored.example"),
    ];
    await onlyOwners(ada, bo);
    const email = async (id: string) => (await here.store.users.get(id))?.email ?? "";
    const keepOut = async (id: string, confirmed: boolean) => {
      const rule = { when: { email: await email(id) }, then: "deny" } as const;
      const version = await here.store.policy.version();
      return changeRules(
        here,
        { kind: "add", wish: { rule }, place: "first" },
        { version, actor: "test", confirmed },
      );
    };
    await grantRole(here, bo, "owner", "test", undefined, here.now() + HOUR);
    await expect(keepOut(ada, true)).rejects.toMatchObject({ code: "last_owner" });
    await revokeRole(here, bo, "owner", "test");
    await grantRole(here, bo, "owner", "test");
    await keepOut(bo, true);
    await expect(grantRole(here, ada, "owner", "test", undefined, here.now() + HOUR)).rejects.toMatchObject({
      code: "last_owner",
    });
  });

  test("the rule that makes owners is switched off while the one beside them is demoted", async () => {
    for (let round = 0; round < 25; round++) {
      const cara = await newOwner("direct");
      await onlyOwners(cara);
      const { id, version } = await onlyRule({
        when: { emailDomain: "stored.example" },
        then: "allow",
        roles: ["owner"],
      });
      const [ada, bo] = [await newcomer("stored.example"), await newcomer("stored.example")];
      await onlyOwners(ada, bo, cara);
      const settled = await Promise.allSettled([
        changeRules(here, { kind: "disable", id }, { version, actor: "test", confirmed: true }),
        revokeRole(there, cara, "owner", "test"),
      ]);
      expect(settled.map((one) => (one.status === "rejected" ? one.reason.code : "done")).sort()).toEqual([
        "done",
        "last_owner",
      ]);
      expect(await owners()).toBeGreaterThanOrEqual(2);
    }
  });

  test("no role of the database is an owner's, whatever it is called or gives", async () => {
    const terms = { actor: "test" };
    await expect(createRole(here, { name: "owner", permissions: [] }, terms)).rejects.toMatchObject({
      code: expect.stringMatching(/^role_(exists|locked)$/),
    });
    await expect(createRole(here, { name: "boss", permissions: ["owner"] }, terms)).rejects.toMatchObject({
      code: "unknown_permission",
    });
    const [ada, bo] = [await newOwner("direct"), await newcomer()];
    await createRole(here, { name: "owners", permissions: [] }, terms);
    await onlyOwners(ada);
    await grantRole(here, bo, "owners", "test");
    await expect(revokeRole(here, ada, "owner", "test")).rejects.toMatchObject({ code: "last_owner" });
  });
});
