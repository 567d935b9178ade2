import { describe, expect, test } from "vitest";
import type { StoreTransaction } from "../../../model/store.ts";
import { each, grant, ids, NOW, ODD_TEXTS, session, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about sessions. */
export function sessionPromises(migrated: Migrated): void {
  const withUsers = async () => {
    const store = await migrated();
    await store.transaction((tx) => each([user(1), user(2)], tx.users.insert));
    return store;
  };

  describe("sessions", () => {
    test("are kept as they are given", async () => {
      const store = await withUsers();
      const plain = session(1, { userAgent: null, address: null });
      const odd = ODD_TEXTS.map((text, n) => session(n + 2, { userAgent: text, address: text }));
      await store.transaction((tx) => each([plain, ...odd], tx.sessions.insert));
      for (const one of [plain, ...odd]) expect(await store.sessions.get(one.id)).toStrictEqual(one);
      expect(await store.sessions.get("ses_none")).toBeNull();
    });

    test("are found by secret together with user and roles, each role once", async () => {
      const store = await withUsers();
      await store.transaction(async (tx) => {
        await tx.sessions.insert(session(1));
        await tx.sessions.insert(session(2, { userId: "usr_002" }));
        const held = [
          grant(1, "member", "rule"),
          grant(1, "member", "direct"),
          grant(1, "a,b"),
          grant(1, '领导"'),
        ];
        await each([...held, grant(2, "owner")], tx.grants.insert);
      });
      const snapshot = await store.sessions.findBySecretHash(session(1).secretHash);
      expect(snapshot?.session).toStrictEqual(session(1));
      expect(snapshot?.user).toStrictEqual(user(1));
      expect([...(snapshot?.roles ?? [])].sort()).toEqual(["a,b", "member", '领导"']);
      await store.transaction(async (tx) => {
        const inside = await tx.sessions.findBySecretHash(session(1).secretHash);
        expect(inside?.session).toStrictEqual(session(1));
        expect(inside?.user).toStrictEqual(user(1));
        expect([...(inside?.roles ?? [])].sort()).toEqual(["a,b", "member", '领导"']);
        expect(await tx.sessions.findBySecretHash("none")).toBeNull();
      });
    });

    test("are found for users without roles, and not at all by a wrong secret", async () => {
      const store = await withUsers();
      await store.transaction((tx) => tx.sessions.insert(session(1, { secretHash: "Hash-A" })));
      expect((await store.sessions.findBySecretHash("Hash-A"))?.roles).toEqual([]);
      for (const wrong of ["hash-a", "Hash-A ", "Hash", "%", ""]) {
        expect(await store.sessions.findBySecretHash(wrong)).toBeNull();
      }
    });

    test("are given a new secret once, by whoever knows the former one", async () => {
      const store = await withUsers();
      const before = session(1);
      await store.transaction((tx) => tx.sessions.insert(before));
      const renewed = (secretHash: string) => ({ secretHash, authenticatedAt: NOW + 5, lastSeenAt: NOW + 6 });
      const answers = await Promise.all(
        ["hash-b", "hash-c"].map((hash) =>
          store.transaction((tx) => tx.sessions.renew(before.id, before.secretHash, renewed(hash))),
        ),
      );
      expect([...answers].sort()).toEqual([false, true]);
      const hash = answers[0] ? "hash-b" : "hash-c";
      expect(await store.sessions.get(before.id)).toStrictEqual({ ...before, ...renewed(hash) });
      expect(await store.sessions.findBySecretHash(before.secretHash)).toBeNull();
      const gone = (tx: StoreTransaction) => tx.sessions.renew("ses_none", before.secretHash, renewed("d"));
      expect(await store.transaction(gone)).toBe(false);
    });

    test("refuse a second one with the same secret", async () => {
      const store = await withUsers();
      await store.transaction((tx) => tx.sessions.insert(session(1)));
      const again = { ...session(2), secretHash: session(1).secretHash };
      await expect(store.transaction((tx) => tx.sessions.insert(again))).rejects.toThrow();
      expect(await store.sessions.get("ses_002")).toBeNull();
    });

    test("are listed by user, newest first", async () => {
      const store = await withUsers();
      const [old, middle, newest] = [
        session(3, { createdAt: 1 }),
        session(1, { createdAt: 2 }),
        session(2, { createdAt: 3 }),
      ];
      await store.transaction((tx) => each([middle, old, newest], tx.sessions.insert));
      expect(await ids(store.sessions.ofUser("usr_001"))).toEqual(["ses_002", "ses_001", "ses_003"]);
      expect(await store.sessions.ofUser("usr_002")).toEqual([]);
    });

    test("are touched forwards, never backwards, and never brought back", async () => {
      const store = await withUsers();
      await store.transaction((tx) => tx.sessions.insert(session(1, { lastSeenAt: NOW })));
      const lastSeen = async () => (await store.sessions.get("ses_001"))?.lastSeenAt;
      await store.transaction((tx) => tx.sessions.touch("ses_001", NOW + 60_000));
      expect(await lastSeen()).toBe(NOW + 60_000);
      await store.transaction((tx) => tx.sessions.touch("ses_001", NOW + 1));
      expect(await lastSeen()).toBe(NOW + 60_000);
      await store.transaction((tx) => tx.sessions.delete(["ses_001"]));
      await store.transaction((tx) => tx.sessions.touch("ses_001", NOW + 120_000));
      expect(await store.sessions.get("ses_001")).toBeNull();
    });

    test("answer what was there when they are deleted, once", async () => {
      const store = await withUsers();
      await store.transaction((tx) => each([session(1), session(2), session(3)], tx.sessions.insert));
      const remove = (list: string[]) => store.transaction((tx) => tx.sessions.delete(list));
      const deleted = await remove(["ses_001", "ses_003", "ses_none"]);
      expect(deleted.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toStrictEqual([session(1), session(3)]);
      expect(await remove(["ses_001"])).toEqual([]);
      expect(await remove([])).toEqual([]);
      expect(await ids(store.sessions.ofUser("usr_001"))).toEqual(["ses_002"]);
      expect(await store.sessions.findBySecretHash(session(1).secretHash)).toBeNull();
    });

    test("are deleted by the thousand", async () => {
      const store = await withUsers();
      const many = Array.from({ length: 1_203 }, (_, n) => session(n));
      await store.transaction((tx) => each(many, tx.sessions.insert));
      const list = many.map(({ id }) => id);
      expect(await store.transaction((tx) => tx.sessions.delete(list))).toHaveLength(many.length);
      expect(await store.sessions.ofUser("usr_001")).toEqual([]);
    });

    test("whose end has come are removed by user, and no others", async () => {
      const store = await withUsers();
      const over = { expiresAt: NOW };
      const all = [
        session(1, over),
        session(2, { expiresAt: NOW + 1 }),
        session(3, { ...over, userId: "usr_002" }),
      ];
      await store.transaction((tx) => each(all, tx.sessions.insert));
      const remove = () => store.transaction((tx) => tx.sessions.deleteExpired("usr_001", NOW));
      expect([await remove(), await remove()]).toEqual([1, 0]);
      expect(await ids(store.sessions.ofUser("usr_001"))).toEqual(["ses_002"]);
      expect(await ids(store.sessions.ofUser("usr_002"))).toEqual(["ses_003"]);
    });

    test("are deleted by user, all or all but one, and nobody else's", async () => {
      const store = await withUsers();
      const all = [session(1), session(2), session(3), session(4, { userId: "usr_002" })];
      await store.transaction((tx) => each(all, tx.sessions.insert));
      const but = await store.transaction((tx) => tx.sessions.deleteOfUser("usr_001", "ses_002"));
      expect(but.map(({ id }) => id).sort()).toEqual(["ses_001", "ses_003"]);
      expect(await store.transaction((tx) => tx.sessions.deleteOfUser("usr_001"))).toStrictEqual([
        session(2),
      ]);
      expect(await ids(store.sessions.ofUser("usr_002"))).toEqual(["ses_004"]);
    });
  });
}
