import { describe, expect, test } from "vitest";
import type { PendingGrant } from "../../../model/pending-grant.ts";
import { each, ids, NOW, numbered, ODD_TEXTS } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about pending grants. */
export function pendingGrantPromises(migrated: Migrated): void {
  describe("pending grants", () => {
    test("wait once for each person and role, of one provider or of any", async () => {
      const store = await migrated();
      const all = [pendingGrant(1), pendingGrant(2, { provider: null }), pendingGrant(3, { role: "owner" })];
      await store.transaction(async (tx) => {
        for (const one of all) expect(await tx.pendingGrants.insert(one)).toBe(true);
        for (const one of all) expect(await tx.pendingGrants.insert({ ...one, id: "pgr_again" })).toBe(false);
      });
      expect(await store.pendingGrants.list()).toStrictEqual(all);
    });

    test("are found for exactly whom they wait for", async () => {
      const store = await migrated();
      const all = [
        pendingGrant(1),
        pendingGrant(2, { provider: null }),
        pendingGrant(3, { who: "583231" }),
        pendingGrant(4, { provider: "corp" }),
        ...ODD_TEXTS.map((who, n) => pendingGrant(n + 5, { who })),
      ];
      await store.transaction((tx) => each(all, tx.pendingGrants.insert));
      const found = (provider: string | null, who: string) =>
        ids(store.pendingGrants.findFor([{ provider, who }]));
      expect(await found("google", "ada@example.com")).toEqual(["pgr_001"]);
      expect(await found(null, "ada@example.com")).toEqual(["pgr_002"]);
      expect(await found("google", "ADA@example.com")).toEqual([]);
      expect(await found("google", "ada@example.com ")).toEqual([]);
      for (const [n, who] of ODD_TEXTS.entries())
        expect(await found("google", who)).toEqual([numbered("pgr", n + 5)]);
      const several = [
        { provider: "google", who: "583231" },
        { provider: null, who: "ada@example.com" },
      ];
      expect(await ids(store.pendingGrants.findFor(several))).toEqual(["pgr_002", "pgr_003"]);
      expect(await store.pendingGrants.findFor([])).toEqual([]);
    });

    test("whose end has come wait no more, and are carried out once", async () => {
      const store = await migrated();
      const [over, lasting] = [
        pendingGrant(1, { expiresAt: 1_000 }),
        pendingGrant(2, { role: "lead", expiresAt: NOW }),
      ];
      await store.transaction((tx) => each([over, lasting], tx.pendingGrants.insert));
      expect(await store.pendingGrants.list()).toStrictEqual([lasting]);
      expect(await store.pendingGrants.findFor([over])).toStrictEqual([lasting]);
      const take = () => store.transaction((tx) => tx.pendingGrants.takeExpired());
      expect((await Promise.all([take(), take()])).flat()).toStrictEqual([over]);
      expect(await store.pendingGrants.list()).toStrictEqual([lasting]);
    });

    test("whose end has come give way to new ones", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.pendingGrants.insert(pendingGrant(1, { expiresAt: 1_000 })));
      const insert = (n: number) => store.transaction((tx) => tx.pendingGrants.insert(pendingGrant(n)));
      expect([await insert(2), await insert(3)]).toEqual([true, false]);
      expect(await store.pendingGrants.list()).toStrictEqual([pendingGrant(2)]);
    });

    test("get another reason and another end", async () => {
      const store = await migrated();
      const change = { reason: null, expiresAt: NOW };
      await store.transaction(async (tx) => {
        await tx.pendingGrants.insert(pendingGrant(1));
        expect(await tx.pendingGrants.change("pgr_none", change)).toBe(false);
        expect(await tx.pendingGrants.change("pgr_001", change)).toBe(true);
        // The same once more is no other.
        expect(await tx.pendingGrants.change("pgr_001", change)).toBe(true);
      });
      expect(await store.pendingGrants.list()).toStrictEqual([pendingGrant(1, change)]);
    });

    test("are taken by one of many who come at once", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.pendingGrants.insert(pendingGrant(1)));
      const take = () => store.transaction((tx) => tx.pendingGrants.delete("pgr_001"));
      const taken = await Promise.all(Array.from({ length: 10 }, take));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.pendingGrants.list()).toEqual([]);
    });
  });
}

function pendingGrant(n: number, over: Partial<PendingGrant> = {}): PendingGrant {
  return {
    id: numbered("pgr", n),
    provider: "google",
    who: "ada@example.com",
    role: "admin",
    createdAt: NOW,
    createdBy: "cli:root@host",
    expiresAt: null,
    reason: "because",
    ...over,
  };
}
