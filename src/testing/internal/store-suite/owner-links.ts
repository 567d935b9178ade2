import { describe, expect, test } from "vitest";
import type { OwnerLink } from "../../../model/owner-link.ts";
import { each, ids, NOW, numbered } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about owner links. */
export function ownerLinkPromises(migrated: Migrated): void {
  describe("owner links", () => {
    test("are kept as they are given, found by the hash of their secret", async () => {
      const store = await migrated();
      const all = [
        ownerLink(1),
        ownerLink(2, { userId: null, breakGlass: false, reason: null }),
        ownerLink(3, { usedAt: NOW, usedBy: "usr_001", reviewedAt: NOW + 1, reviewedBy: "usr_002" }),
      ];
      await store.transaction((tx) => each(all, tx.ownerLinks.insert));
      for (const one of all) {
        expect(await store.ownerLinks.get(one.id)).toStrictEqual(one);
        expect(await store.ownerLinks.findBySecretHash(one.secretHash)).toStrictEqual(one);
      }
      expect(await store.ownerLinks.findBySecretHash("Hash-of-link-1")).toBeNull();
      expect(await store.ownerLinks.get("olk_none")).toBeNull();
    });

    test("are used once, however many ask at once, and not after their end", async () => {
      const store = await migrated();
      await store.transaction((tx) => each([ownerLink(1), ownerLink(2)], tx.ownerLinks.insert));
      const use = (id: string, at: number) => store.transaction((tx) => tx.ownerLinks.use(id, "usr_009", at));
      const used = await Promise.all(Array.from({ length: 20 }, () => use("olk_001", NOW + 1)));
      expect(used.filter(Boolean)).toHaveLength(1);
      expect(await store.ownerLinks.get("olk_001")).toMatchObject({ usedAt: NOW + 1, usedBy: "usr_009" });
      const { expiresAt } = ownerLink(2);
      expect(await use("olk_002", expiresAt)).toBe(false);
      expect(await use("olk_002", expiresAt - 1)).toBe(true);
    });

    test("are reviewed once, after they were used; only those that go around the usual way", async () => {
      const store = await migrated();
      const used = { usedAt: NOW, usedBy: "usr_001" };
      const all = [ownerLink(1), ownerLink(2, used), ownerLink(3, { ...used, breakGlass: false })];
      await store.transaction((tx) => each(all, tx.ownerLinks.insert));
      expect(await ids(store.ownerLinks.unreviewed())).toEqual(["olk_002"]);
      const review = (id: string) => store.transaction((tx) => tx.ownerLinks.review(id, "usr_002", NOW + 5));
      expect(await review("olk_001")).toBe(false);
      const reviewed = await Promise.all([review("olk_002"), review("olk_002"), review("olk_002")]);
      expect(reviewed.filter(Boolean)).toHaveLength(1);
      expect(await store.ownerLinks.get("olk_002")).toMatchObject({
        reviewedAt: NOW + 5,
        reviewedBy: "usr_002",
      });
      expect(await store.ownerLinks.unreviewed()).toEqual([]);
    });

    test("that somebody has used and nobody reviewed move to another person; nothing else does", async () => {
      const store = await migrated();
      const used = { usedAt: NOW, usedBy: "usr_001" };
      const reviewed = ownerLink(3, { ...used, reviewedAt: NOW + 1, reviewedBy: "usr_004" });
      const others = ownerLink(4, { usedAt: NOW, usedBy: "usr_003" });
      const all = [ownerLink(1), ownerLink(2, used), reviewed, others];
      await store.transaction(async (tx) => {
        await each(all, tx.ownerLinks.insert);
        await tx.ownerLinks.move("usr_001", "usr_002");
      });
      const moved = ownerLink(2, { ...used, usedBy: "usr_002" });
      for (const one of [ownerLink(1), moved, reviewed, others])
        expect(await store.ownerLinks.get(one.id)).toStrictEqual(one);
    });
  });
}

export function ownerLink(n: number, over: Partial<OwnerLink> = {}): OwnerLink {
  return {
    id: numbered("olk", n),
    secretHash: `hash-of-link-${n}`,
    userId: "usr_001",
    breakGlass: true,
    createdAt: NOW,
    createdBy: "cli:root@host",
    reason: "provider down",
    expiresAt: NOW + 600_000,
    usedAt: null,
    usedBy: null,
    reviewedAt: null,
    reviewedBy: null,
    ...over,
  };
}
