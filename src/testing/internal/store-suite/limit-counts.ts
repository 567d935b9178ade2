import { describe, expect, test } from "vitest";
import type { LimitCount } from "../../../model/limit-count.ts";
import { NOW } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about counts that instances share. */
export function limitCountPromises(migrated: Migrated): void {
  describe("limit counts", () => {
    test("of all other instances are added up, however often each tells of its own", async () => {
      const store = await migrated();
      const put = (instance: string, ...counts: readonly LimitCount[]) =>
        store.transaction((tx) => tx.limitCounts.put(instance, counts));
      expect(await put("one", count("a", 5), count("b", 1))).toEqual(new Map());
      expect(await put("two", count("a", 2))).toEqual(new Map([["a", 5]]));
      expect(await put("three", count("a", 1), count("b", 2))).toEqual(
        new Map([
          ["a", 7],
          ["b", 1],
        ]),
      );
      await put("one", count("a", 4));
      await put("one", count("a", 4));
      expect(await put("three", count("a", 9))).toEqual(new Map([["a", 6]]));
      expect(await put("four")).toEqual(new Map());
    });

    test("are told by many at once without one waiting for another for ever", async () => {
      const store = await migrated();
      const ids = Array.from({ length: 20 }, (_, n) => `id-${n}`);
      await Promise.all(
        Array.from({ length: 8 }, (_, instance) => {
          const mine = instance % 2 === 0 ? ids : ids.toReversed();
          return store.transaction((tx) =>
            tx.limitCounts.put(
              `instance-${instance}`,
              mine.map((id) => count(id, 1)),
            ),
          );
        }),
      );
      const seen = await store.transaction((tx) =>
        tx.limitCounts.put(
          "last",
          ids.map((id) => count(id, 0)),
        ),
      );
      expect([...seen.values()]).toEqual(ids.map(() => 8));
    });
  });
}

function count(id: string, many: number): LimitCount {
  return { id, count: many, expiresAt: NOW };
}
