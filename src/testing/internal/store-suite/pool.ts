import { describe, expect, test, vi } from "vitest";
import { user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about what it tells of its connections. */
export function poolPromises(migrated: Migrated): void {
  describe("the pool", () => {
    test("tells how many connections are used, or that there is none", async () => {
      const store = await migrated();
      const during = await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        return store.pool();
      });
      const after = store.pool();
      if (during === null) {
        expect(after).toBeNull();
        return;
      }
      expect(during).toMatchObject({ inUse: 1, waiting: 0 });
      expect(after).toMatchObject({ inUse: 0, waiting: 0 });
      expect(after?.idle).toBeGreaterThan(0);
    });

    test("tells who waits", async () => {
      const store = await migrated();
      if (store.pool() === null) return;
      const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
      const held = Array.from({ length: 12 }, () => store.transaction(() => go));
      await vi.waitFor(() => expect(store.pool()).toEqual({ inUse: 10, idle: 0, waiting: 2 }), 10_000);
      letGo();
      await Promise.all(held);
      expect(store.pool()).toMatchObject({ inUse: 0, waiting: 0 });
    });
  });
}
