import { describe, expect, test } from "vitest";
import { each, grant, identity, ids, NOW, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about views. */
export function viewPromises(migrated: Migrated): void {
  describe("views", () => {
    test("show everything as it was when they were opened, and what belongs to many at once", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2), user(3)], tx.users.insert);
        await each([identity(1), identity(2, { userId: "usr_002" })], tx.identities.insert);
        await each([grant(1, "admin"), grant(2, "owner", "config"), grant(3, "owner")], tx.grants.insert);
      });
      const view = await store.openView();
      const waiting = {
        provider: null,
        who: "zoe@example.com",
        role: "admin",
        createdBy: "x",
        reason: null,
        expiresAt: null,
      };
      await store.transaction(async (tx) => {
        await tx.users.delete("usr_001");
        await tx.users.insert(user(4));
        await tx.pendingGrants.insert({ ...waiting, id: "pgr_001", createdAt: NOW });
      });
      try {
        expect(await ids(view.users.list({ limit: 9 }))).toEqual(["usr_001", "usr_002", "usr_003"]);
        expect(await view.users.count({})).toBe(3);
        const both = ["usr_001", "usr_002", "usr_none"];
        expect((await ids(view.identities.ofUsers(both))).sort()).toEqual(["idn_001", "idn_002"]);
        expect(await view.grants.ofUsers(both)).toMatchObject([
          grant(1, "admin"),
          grant(2, "owner", "config"),
        ]);
        expect([await view.identities.ofUsers([]), await view.grants.ofUsers([])]).toEqual([[], []]);
        expect(await view.pendingGrants.list()).toEqual([]);
      } finally {
        await view.close();
      }
      expect(await ids(store.users.list({ limit: 9 }))).toEqual(["usr_002", "usr_003", "usr_004"]);
    });

    test("hold up nobody who writes, and are not opened once the store is closed", async () => {
      const store = await migrated();
      const view = await store.openView();
      await store.transaction((tx) => tx.users.insert(user(1)));
      await view.close();
      await store.close();
      await expect(store.openView()).rejects.toMatchObject({ code: "store_unavailable" });
    });
  });
}
