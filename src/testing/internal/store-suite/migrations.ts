import { describe, expect, test } from "vitest";
import type { OpenedStore } from "./opened-store.ts";

/** What every store promises about migrations. */
export function migrationPromises(opened: () => OpenedStore): void {
  describe("migrations", () => {
    test("run once, in order, and tell when", async () => {
      const { store } = opened();
      const before = await store.migrations();
      expect(before.length).toBeGreaterThan(0);
      expect(before.every(({ appliedAt }) => appliedAt === null)).toBe(true);
      const names = before.map(({ name }) => name);
      expect(names).toEqual([...names].sort());

      expect(await store.migrate()).toEqual(names);
      expect(await store.migrate()).toEqual([]);
      const after = await store.migrations();
      expect(after.map(({ name }) => name)).toEqual(names);
      expect(after.every(({ appliedAt }) => typeof appliedAt === "number" && appliedAt > 0)).toBe(true);
    });

    test("run once when ten start together", async () => {
      const { store, reopen } = opened();
      const stores = [store, ...(await Promise.all(Array.from({ length: 9 }, reopen)))];
      const ran = await Promise.all(stores.map((one) => one.migrate()));
      expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
      expect((await store.migrations()).every(({ appliedAt }) => appliedAt !== null)).toBe(true);
    });

    test("are asked for by name when something is read before them", async () => {
      const { store } = opened();
      await expect(store.users.get("usr_1")).rejects.toMatchObject({ code: "migrations_pending" });
      await expect(async () => store.sessions.findBySecretHash("x")).rejects.toMatchObject({
        code: "migrations_pending",
      });
    });
  });
}
