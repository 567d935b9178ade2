import { describe, expect, test } from "vitest";
import { NOW } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about login transactions. */
export function loginTransactionPromises(migrated: Migrated): void {
  describe("login transactions", () => {
    test("are spent once, however many ask at once", async () => {
      const store = await migrated();
      const spend = (state: string) => store.transaction((tx) => tx.loginTransactions.consume(state, NOW));
      const spent = await Promise.all(Array.from({ length: 50 }, () => spend("state-1")));
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect(await spend("state-1")).toBe(false);
      expect(await spend("State-1")).toBe(true);
    });

    test("are spent once without a transaction as well, and for good", async () => {
      const store = await migrated();
      const spend = (state: string) => store.loginTransactions.consume(state, NOW);
      const spent = await Promise.all(Array.from({ length: 50 }, () => spend("state-1")));
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect(await spend("state-1")).toBe(false);
      expect(await store.transaction((tx) => tx.loginTransactions.consume("state-1", NOW))).toBe(false);
      expect(await spend("State-1")).toBe(true);
    });

    test("leave one day by themselves even where nobody keeps house", async () => {
      const store = await migrated();
      expect(await store.loginTransactions.consume("ancient", 1)).toBe(true);
      for (let n = 0; n < 50; n++) await store.loginTransactions.consume(`state-${n}`, NOW);
      expect(await store.loginTransactions.consume("ancient", 1)).toBe(true);
      expect(await store.loginTransactions.consume("state-0", NOW)).toBe(false);
    });

    test("are not spent by a transaction that fails", async () => {
      const store = await migrated();
      const failing = store.transaction(async (tx) => {
        expect(await tx.loginTransactions.consume("state-1", NOW)).toBe(true);
        throw new Error("later");
      });
      await expect(failing).rejects.toThrow("later");
      expect(await store.transaction((tx) => tx.loginTransactions.consume("state-1", NOW))).toBe(true);
    });

    test("are forgotten long after their end, and only then", async () => {
      const store = await migrated();
      const spend = (state: string, expiresAt: number) =>
        store.transaction((tx) => tx.loginTransactions.consume(state, expiresAt));
      // The clock of the store stands later than 1970 in every suite: what ended then may go.
      expect(await spend("ancient", 1)).toBe(true);
      expect(await spend("fresh", NOW)).toBe(true);
      expect(await spend("fresh", NOW)).toBe(false);
      expect(await spend("ancient", 1)).toBe(true);
    });
  });
}
