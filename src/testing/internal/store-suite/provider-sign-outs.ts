import { describe, expect, test } from "vitest";
import { NOW } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about sign-outs that go on at a provider. */
export function providerSignOutPromises(migrated: Migrated): void {
  describe("sign-outs at providers", () => {
    const signOut = (stateHash: string, expiresAt = NOW) => ({
      ...{ stateHash, provider: "corp", idToken: "sealed", expiresAt },
    });

    test("are taken once, however many ask at once", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.providerSignOuts.insert(signOut("state-1")));
      const take = () => store.transaction((tx) => tx.providerSignOuts.take("state-1"));
      const taken = await Promise.all(Array.from({ length: 20 }, take));
      expect(taken.filter((one) => one !== null)).toStrictEqual([signOut("state-1")]);
    });

    test("are looked at without being taken", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.providerSignOuts.insert(signOut("state-1")));
      const find = () => store.transaction((tx) => tx.providerSignOuts.find("state-1"));
      expect([await find(), await find()]).toStrictEqual([signOut("state-1"), signOut("state-1")]);
      await store.transaction((tx) => tx.providerSignOuts.take("state-1"));
      expect(await find()).toBeNull();
    });

    test("are found by their own state only, and not when they have expired", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await tx.providerSignOuts.insert({ ...signOut("state-1"), idToken: null });
        // The clock of the store stands later than 1970 in every suite.
        await tx.providerSignOuts.insert(signOut("ancient", 1));
      });
      await store.transaction(async (tx) => {
        for (const how of ["find", "take"] as const) {
          expect(await tx.providerSignOuts[how]("State-1"), how).toBeNull();
          expect(await tx.providerSignOuts[how]("ancient"), how).toBeNull();
        }
        expect(await tx.providerSignOuts.take("state-1")).toMatchObject({ idToken: null });
      });
    });

    test("that expired are carried out by the next", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.providerSignOuts.insert(signOut("ancient", 1)));
      await store.transaction((tx) => tx.providerSignOuts.insert(signOut("state-1")));
      // Its key is free again, so the row is gone.
      await store.transaction((tx) => tx.providerSignOuts.insert(signOut("ancient", NOW)));
      expect(await store.transaction((tx) => tx.providerSignOuts.take("ancient"))).not.toBeNull();
    });
  });
}
