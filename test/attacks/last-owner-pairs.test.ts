import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { liveProviders } from "../../src/access/last-owner.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { reactivateUser, suspendUser } from "../../src/users/suspend-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";
import { ENGINES } from "./stage.ts";

const PAIRS = 100;

/** Every way to cost somebody the role, and how it is undone. */
const WAYS = {
  demote: {
    do: (runtime: VerbRuntime, id: string, by: string) => revokeRole(runtime, id, "owner", by),
    undo: (runtime: VerbRuntime, id: string) => grantRole(runtime, id, "owner", "test"),
  },
  suspend: {
    do: suspendUser,
    undo: (runtime: VerbRuntime, id: string) => reactivateUser(runtime, id, "test"),
  },
  delete: { do: deleteUser, undo: (runtime: VerbRuntime, id: string) => restoreUser(runtime, id, "test") },
};
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as readonly Way[];

describe.each(ENGINES)("4.57: two owners remove each other at the same moment (%s)", (engine) => {
  const folder = scratchFolder();
  let here: VerbRuntime;
  /** Another process, as far as the store can tell. */
  let there: VerbRuntime;
  let ada: string;
  let bo: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("pairs.db");
    const options = { access: [{ when: { emailDomain: "demo.example" }, then: "allow" as const }] };
    here = await openVerbRuntime({ database, now: Date.now, options });
    there = await openVerbRuntime({ database, now: Date.now, options });
    ada = await owner("ada");
    bo = await owner("bo");
  });
  afterAll(async () => {
    await here.store.close();
    await there.store.close();
    folder.remove();
  });

  async function owner(name: string): Promise<string> {
    const admission = await arrive(here, name);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    await grantRole(here, admission.userId, "owner", "test");
    return admission.userId;
  }

  const owners = () => here.store.grants.countUsableHolders("owner", liveProviders(here.settings));

  test.each([
    // Whoever has been removed may do nothing any more, which may be told before who is left.
    ["by each other", () => ({ first: bo, second: ada }), ["last_owner", "permission_denied"]],
    ["by the command line", () => ({ first: "cli:root@host", second: "cli:root@host" }), ["last_owner"]],
  ] as const)(
    `${PAIRS} pairs, %s, by every mixture of ways: one owner is left each time`,
    async (_, by, refusals) => {
      const actors = by();
      for (let pair = 0; pair < PAIRS; pair++) {
        const [first = "demote", second = "demote"] = [
          NAMES[pair % NAMES.length],
          NAMES[Math.floor(pair / NAMES.length) % NAMES.length],
        ];
        expect(await owners()).toBe(2);
        const results = await Promise.allSettled([
          WAYS[first].do(here, ada, actors.first),
          WAYS[second].do(there, bo, actors.second),
        ]);
        const refused = results.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
        expect(refused).toHaveLength(1);
        expect(refusals).toContain(refused[0]);
        expect(await owners()).toBe(1);
        if (results[0].status === "fulfilled") await WAYS[first].undo(here, ada);
        else await WAYS[second].undo(here, bo);
      }
    },
  );
});
