import { describe, expect, test } from "vitest";
import type { DeletedUser } from "../../../model/deleted-user.ts";
import { each, grant, identity, NOW, ODD_TEXTS, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about deleted users. */
export function deletedUserPromises(migrated: Migrated): void {
  describe("deleted users", () => {
    test("are kept as they are given, found by id or e-mail in any case", async () => {
      const store = await migrated();
      const odd = ODD_TEXTS.map((text, n) =>
        deletedUser(n + 2, { user: user(n + 2, { name: text, email: text }), reason: text }),
      );
      const all = [deletedUser(1, { reason: null, identities: [], grants: [] }), ...odd];
      await store.transaction((tx) => each(all, tx.deletedUsers.insert));
      for (const one of all) expect(await store.deletedUsers.find(one.user.id)).toStrictEqual([one]);
      expect(await store.deletedUsers.find("ADA1@example.com")).toStrictEqual([all[0]]);
      expect(await store.deletedUsers.find("USR_001")).toEqual([]);
    });

    test("are listed by when they were deleted", async () => {
      const store = await migrated();
      const all = [1, 2, 3].map((n) => deletedUser(n, { deletedAt: NOW + n }));
      await store.transaction((tx) => each(all, tx.deletedUsers.insert));
      const listed = async (since: number, limit: number) =>
        (await store.deletedUsers.list({ since, limit })).map((one) => one.user.id);
      expect(await listed(NOW, 9)).toEqual(["usr_003", "usr_002", "usr_001"]);
      expect(await listed(NOW + 1, 9)).toEqual(["usr_003", "usr_002"]);
      expect(await listed(NOW, 1)).toEqual(["usr_003"]);
      expect(await store.deletedUsers.deletedUntil(NOW + 2, 9)).toEqual(["usr_001", "usr_002"]);
      expect(await store.deletedUsers.deletedUntil(NOW + 2, 1)).toEqual(["usr_001"]);
    });

    test("are read page by page in the order in which they were deleted", async () => {
      const store = await migrated();
      const moments = [NOW + 2, NOW, NOW + 1, NOW + 1, NOW + 1];
      const all = moments.map((deletedAt, n) => deletedUser(n + 1, { deletedAt }));
      await store.transaction((tx) => each(all, tx.deletedUsers.insert));
      const following = async (deletedAt: number, id: string, limit: number) =>
        (await store.deletedUsers.following({ deletedAt, id }, limit)).map((one) => one.user.id);
      expect(await following(0, "", 2)).toEqual(["usr_002", "usr_003"]);
      expect(await following(NOW + 1, "usr_003", 2)).toEqual(["usr_004", "usr_005"]);
      expect(await following(NOW + 1, "usr_005", 9)).toEqual(["usr_001"]);
      expect(await following(NOW + 2, "usr_001", 9)).toEqual([]);
      expect((await store.deletedUsers.following({ deletedAt: NOW + 2, id: "" }, 9))[0]).toStrictEqual(
        all[0],
      );
    });

    test("are taken out by one of many who come at once", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.deletedUsers.insert(deletedUser(1)));
      const take = () => store.transaction((tx) => tx.deletedUsers.take("usr_001"));
      const taken = await Promise.all(Array.from({ length: 10 }, take));
      expect(taken.filter((one) => one !== null)).toStrictEqual([deletedUser(1)]);
      expect(await store.deletedUsers.find("usr_001")).toEqual([]);
    });
  });
}

function deletedUser(n: number, over: Partial<DeletedUser> = {}): DeletedUser {
  return {
    user: user(n),
    identities: [identity(n)],
    grants: [grant(n, "lead")],
    deletedAt: NOW,
    deletedBy: "usr_001",
    reason: "left",
    ...over,
  };
}
