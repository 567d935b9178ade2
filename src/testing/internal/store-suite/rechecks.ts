import { describe, expect, test } from "vitest";
import type { Recheck } from "../../../model/recheck.ts";
import type { Store } from "../../../model/store.ts";
import { each, identity, NOW, numbered, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

const FARTHEST = 1_000_000;
const LATER = NOW + 60_000;

/** What every store promises about looking at people again. */
export function recheckPromises(migrated: Migrated): void {
  const withTokens = async (count: number) => {
    const store = await migrated();
    await store.transaction(async (tx) => {
      await tx.users.insert(user(1));
      for (let n = 1; n <= count; n++) {
        await tx.identities.insert(identity(n));
        await tx.tokens.put({ identityId: numbered("idn", n), sealed: `v1.key.${n}`, keyId: "key" });
      }
    });
    return store;
  };

  describe("rechecks", () => {
    test("are noted once for each identity, and go with its tokens", async () => {
      const store = await withTokens(2);
      await store.transaction((tx) => each([recheck(1), recheck(2)], tx.rechecks.put));
      const again = recheck(1, { dueAt: NOW + 5, confirmedAt: NOW + 1, failures: 3, refusals: 2 });
      await store.transaction((tx) => tx.rechecks.put(again));
      expect(await store.rechecks.get("idn_001")).toStrictEqual(again);
      await store.transaction((tx) => tx.tokens.delete(["idn_001"]));
      expect(await store.rechecks.get("idn_001")).toBeNull();
      expect(await store.rechecks.get("idn_002")).toStrictEqual(recheck(2));
    });

    test("are taken by one of many who look at once, and put off", async () => {
      const store = await withTokens(9);
      const all = Array.from({ length: 9 }, (_, n) => recheck(n + 1));
      await store.transaction((tx) => each(all, tx.rechecks.put));
      const taken = await Promise.all(Array.from({ length: 6 }, () => claim(store, 4)));
      const found = taken.flat().map(({ identityId }) => identityId);
      expect(new Set(found).size).toBe(found.length);
      const left = await claim(store, 99);
      expect([...found, ...left.map(({ identityId }) => identityId)].sort()).toEqual(
        all.map(({ identityId }) => identityId),
      );
      expect(await store.rechecks.get("idn_005")).toStrictEqual(recheck(5, { dueAt: LATER }));
      expect(await claim(store)).toEqual([]);
    });

    test("are due when their time has come, or lies so far ahead that a clock was wrong", async () => {
      const store = await withTokens(4);
      const dues = [NOW, NOW + 1, NOW + FARTHEST, NOW + FARTHEST + 1];
      await store.transaction((tx) =>
        each(
          dues.map((dueAt, n) => recheck(n + 1, { dueAt })),
          tx.rechecks.put,
        ),
      );
      expect((await claim(store)).map(({ identityId }) => identityId)).toEqual(["idn_001", "idn_004"]);
    });

    test("are settled by whoever took them last", async () => {
      const store = await withTokens(1);
      await store.transaction((tx) => tx.rechecks.put(recheck(1)));
      const after = { dueAt: NOW + 9, confirmedAt: NOW + 1, failures: 2, refusals: 1 };
      const settle = (dueAt: number) =>
        store.transaction((tx) => tx.rechecks.settle({ identityId: "idn_001", dueAt }, after));
      expect(await settle(NOW + 1)).toBe(false);
      expect(await settle(NOW)).toBe(true);
      expect(await store.rechecks.get("idn_001")).toStrictEqual({ identityId: "idn_001", ...after });
    });
  });
}

function recheck(n: number, over: Partial<Recheck> = {}): Recheck {
  return {
    identityId: numbered("idn", n),
    dueAt: NOW,
    confirmedAt: NOW - 1,
    failures: 0,
    refusals: 0,
    ...over,
  };
}

function claim(store: Store, limit = 10): Promise<readonly Recheck[]> {
  return store.transaction((tx) => tx.rechecks.claim({ now: NOW, farthest: FARTHEST, limit }, () => LATER));
}
