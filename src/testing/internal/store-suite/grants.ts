import { describe, expect, test } from "vitest";
import { each, grant, identity, ids, NOW, session, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** Over for every clock that a store is given. */
const PAST = 1_000;

/** What every store promises about grants. */
export function grantPromises(migrated: Migrated): void {
  describe("grants", () => {
    test("are kept by source, once each", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        expect(await tx.grants.insert(grant(1, "lead", "rule"))).toBe(true);
        expect(await tx.grants.insert(grant(1, "lead", "direct"))).toBe(true);
        expect(await tx.grants.insert(grant(1, "lead", "rule"))).toBe(false);
        expect(await tx.grants.insert(grant(1, "Lead", "rule"))).toBe(true);
      });
      const held = [grant(1, "Lead", "rule"), grant(1, "lead", "direct"), grant(1, "lead", "rule")];
      expect(await store.grants.ofUser("usr_001")).toStrictEqual(held);
    });

    test("are deleted by source, and tell whether they were held", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        await each([grant(1, "lead", "rule"), grant(1, "lead", "direct")], tx.grants.insert);
        expect(await tx.grants.delete(grant(1, "lead", "rule"))).toBe(true);
        expect(await tx.grants.delete(grant(1, "lead", "rule"))).toBe(false);
        expect(await tx.grants.delete(grant(1, "owner", "direct"))).toBe(false);
      });
      expect(await store.grants.ofUser("usr_001")).toStrictEqual([grant(1, "lead", "direct")]);
    });

    test("count holders who can come in, each person once", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2, { status: "suspended" }), user(3), user(4), user(5)], tx.users.insert);
        const held = [grant(1, "owner", "config"), grant(1, "owner"), grant(2, "owner"), grant(3, "owner")];
        await each([...held, grant(4, "admin"), grant(5, "owner")], tx.grants.insert);
        const known = [identity(1), identity(2, { provider: "corp" }), identity(3, { userId: "usr_002" })];
        const others = [
          identity(4, { userId: "usr_003", provider: "corp" }),
          identity(5, { userId: "usr_004" }),
        ];
        for (const one of [...known, ...others]) expect(await tx.identities.insert(one)).toBe(true);
        expect(await tx.grants.countUsableHolders("owner", ["google", "corp"])).toBe(2);
      });
      const count = store.grants.countUsableHolders;
      expect(await count("owner", ["google", "corp"])).toBe(2);
      expect(await count("owner", ["google", "corp"], "usr_001")).toBe(1);
      expect(await count("owner", ["google"])).toBe(1);
      expect(await count("owner", ["google"], "usr_001")).toBe(0);
      expect(await count("owner", [])).toBe(0);
      expect(await count("nobody", ["google"])).toBe(0);
    });

    test("keep reason and end, and change both", async () => {
      const store = await migrated();
      const held = { ...grant(1, "lead"), reason: "O'Brien is ill", expiresAt: NOW + 1 };
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        const { reason: _, expiresAt: __, ...plain } = grant(1, "admin");
        await each([held, plain], tx.grants.insert);
        expect(await tx.grants.change(grant(1, "owner"), { reason: "x", expiresAt: null })).toBe(false);
      });
      expect(await store.grants.ofUser("usr_001")).toStrictEqual([grant(1, "admin"), held]);
      const change = { reason: null, expiresAt: NOW + 7 };
      expect(await store.transaction((tx) => tx.grants.change(held, change))).toBe(true);
      expect((await store.grants.ofUser("usr_001"))[1]).toStrictEqual({ ...held, ...change });
    });

    test("that are over count nowhere, and are carried out once", async () => {
      const store = await migrated();
      const over = { ...grant(1, "owner"), expiresAt: PAST };
      const passing = { ...grant(2, "owner"), expiresAt: NOW };
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([identity(1), identity(2, { userId: "usr_002" })], tx.identities.insert);
        await each([over, { ...grant(1, "member"), expiresAt: PAST }, passing], tx.grants.insert);
        await tx.sessions.insert(session(1));
        await tx.sessions.insert(session(2, { userId: "usr_002" }));
      });
      const rolesBy = async (n: number) => {
        const found = await store.sessions.findBySecretHash(session(n).secretHash);
        return [found?.roles, found?.rolesUntil];
      };
      expect(await store.grants.ofUser("usr_001")).toEqual([]);
      expect(await store.grants.ofRole("owner", 10)).toStrictEqual([passing]);
      expect(await store.grants.countHolders("owner")).toBe(1);
      // Until some day is not for good.
      expect(await store.grants.countUsableHolders("owner", ["google"])).toBe(0);
      expect(await ids(store.users.list({ role: "owner", limit: 10 }))).toEqual(["usr_002"]);
      expect([await rolesBy(1), await rolesBy(2)]).toEqual([
        [[], null],
        [["owner"], NOW],
      ]);

      const take = (of: { userId: string } | { limit: number }) =>
        store.transaction((tx) => tx.grants.takeExpired(of));
      expect(await take({ userId: "usr_002" })).toEqual([]);
      expect(await store.grants.countExpired()).toBe(2);
      const taken = (await Promise.all([1, 2, 3].map(() => take({ limit: 5 })))).flat();
      expect(taken.map(({ role }) => role).sort()).toEqual(["member", "owner"]);
      expect(taken.find(({ role }) => role === "owner")).toStrictEqual(over);
      expect(await take({ userId: "usr_001" })).toEqual([]);
      expect(await store.grants.countExpired()).toBe(0);
      expect(await store.grants.ofUser("usr_002")).toStrictEqual([passing]);
    });

    test("that are over give way to new ones; what is not over stays as it is", async () => {
      const store = await migrated();
      const over = { ...grant(1, "lead"), expiresAt: PAST };
      const passing = { ...grant(1, "lead", "rule"), expiresAt: NOW };
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        await each([over, passing], tx.grants.insert);
      });
      const lasting = { ...over, expiresAt: null, reason: "for good", createdAt: NOW };
      await store.transaction(async (tx) => {
        expect(await tx.grants.insert(lasting)).toBe(true);
        expect(await tx.grants.insert({ ...lasting, reason: "twice" })).toBe(false);
        expect(await tx.grants.insert({ ...passing, expiresAt: null })).toBe(false);
      });
      expect(await store.grants.ofUser("usr_001")).toStrictEqual([lasting, passing]);
      expect(await store.transaction((tx) => tx.grants.takeExpired({ limit: 5 }))).toEqual([]);
    });

    test("of a role are listed, counted by person, and ended at once", async () => {
      const store = await migrated();
      const held = [grant(1, "lead", "direct"), grant(1, "lead", "rule"), grant(2, "lead")];
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([...held, grant(2, "member")], tx.grants.insert);
      });
      expect(await store.grants.ofRole("lead", 10)).toStrictEqual(held);
      expect(await store.grants.ofRole("lead", 1)).toHaveLength(1);
      expect(await store.grants.countHolders("lead")).toBe(2);
      expect(await store.transaction((tx) => tx.grants.deleteOfRole("lead"))).toHaveLength(3);
      expect(await store.grants.ofRole("lead", 10)).toEqual([]);
      expect(await store.grants.countHolders("member")).toBe(1);
    });

    test("let one in at a time who holds the lock on owners", async () => {
      const store = await migrated();
      const order: string[] = [];
      let second: Promise<void> = Promise.resolve();
      await store.transaction(async (tx) => {
        await tx.grants.lockOwners();
        second = store.transaction(async (other) => {
          await other.grants.lockOwners();
          order.push("second");
        });
        // Time enough for the second to come in, if it could.
        for (let n = 0; n < 20; n++) await tx.grants.countUsableHolders("owner", ["google"]);
        order.push("first");
      });
      await second;
      expect(order).toEqual(["first", "second"]);
    });

    test("keep the last owner when two remove each other at once", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([identity(1), identity(2, { userId: "usr_002" })], tx.identities.insert);
        await each([grant(1, "owner"), grant(2, "owner")], tx.grants.insert);
      });
      const remove = (n: number) =>
        store.transaction(async (tx) => {
          await tx.grants.lockOwners();
          if ((await tx.grants.countUsableHolders("owner", ["google"])) === 1) return false;
          return tx.grants.delete(grant(n, "owner"));
        });
      const removed = await Promise.all([remove(1), remove(2), remove(1), remove(2)]);
      expect(removed.filter(Boolean)).toHaveLength(1);
      expect(await store.grants.countUsableHolders("owner", ["google"])).toBe(1);
    });
  });
}
