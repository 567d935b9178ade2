import { describe, expect, test } from "vitest";
import type { User } from "../../../model/user.ts";
import { each, grant, identity, ids, session, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about users who are locked. */
export function lockedUserPromises(migrated: Migrated): void {
  describe("users who are locked", () => {
    test("are read by one at a time, as the one before has left them", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      let second: Promise<User | null> = Promise.resolve(null);
      await store.transaction(async (tx) => {
        expect(await tx.users.lock("usr_001")).toStrictEqual(user(1));
        second = store.transaction((other) => other.users.lock("usr_001"));
        // Time enough for the second to read, if it could.
        for (let n = 0; n < 20; n++) await tx.users.get("usr_001");
        await tx.users.update("usr_001", { status: "suspended" });
      });
      expect((await second)?.status).toBe("suspended");
    });

    test("are nobody once they are deleted", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      let second: Promise<User | null> = Promise.resolve(user(1));
      await store.transaction(async (tx) => {
        await tx.users.lock("usr_001");
        second = store.transaction((other) => other.users.lock("usr_001"));
        await tx.users.delete("usr_001");
      });
      expect(await second).toBeNull();
    });

    test("take identities, grants and sessions with them when they are deleted, and nobody else's", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([identity(1), identity(2, { userId: "usr_002" })], tx.identities.insert);
        await each([session(1), session(2, { userId: "usr_002" })], tx.sessions.insert);
        await each([grant(1, "member"), grant(2, "member")], tx.grants.insert);
        await tx.users.delete("usr_001");
      });
      expect(await ids(store.users.list({ limit: 9 }))).toEqual(["usr_002"]);
      expect(await store.identities.find(identity(1))).toBeNull();
      expect(await store.sessions.get("ses_001")).toBeNull();
      expect(await store.grants.ofUser("usr_001")).toEqual([]);
      expect(await store.identities.ofUser("usr_002")).toHaveLength(1);
      expect(await store.sessions.ofUser("usr_002")).toHaveLength(1);
      expect(await store.grants.ofUser("usr_002")).toHaveLength(1);
    });
  });
}
