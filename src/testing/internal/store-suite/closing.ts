import { describe, expect, test } from "vitest";
import { user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about closing. */
export function closePromises(migrated: Migrated): void {
  describe("closing", () => {
    test("waits for the transaction that is running", async () => {
      const store = await migrated();
      let closed: Promise<void> = Promise.resolve();
      await store.transaction(async (tx) => {
        closed = store.close();
        await tx.users.insert(user(1));
      });
      await closed;
    });

    test("refuses everything afterwards, and may be asked for twice", async () => {
      const store = await migrated();
      await store.ping();
      await store.users.count({});
      await store.sessions.findBySecretHash("x");
      await store.close();
      await store.close();
      const calls: (() => unknown)[] = [
        () => store.users.get("usr_001"),
        () => store.sessions.findBySecretHash("x"),
        () => store.audit.list({ limit: 1 }),
        () => store.transaction(async () => {}),
        () => store.migrations(),
        () => store.migrate(),
        () => store.ping(),
      ];
      for (const call of calls) {
        await expect(async () => call()).rejects.toMatchObject({ code: "store_unavailable" });
      }
      const { changeCounter } = store;
      if (changeCounter !== null)
        expect(changeCounter).toThrow(expect.objectContaining({ code: "store_unavailable" }));
    });
  });
}
