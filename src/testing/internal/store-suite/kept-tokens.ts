import { describe, expect, test } from "vitest";
import { each, identity, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about tokens that are kept. */
export function keptTokensPromises(migrated: Migrated): void {
  const withIdentities = async () => {
    const store = await migrated();
    await store.transaction(async (tx) => {
      await each([user(1), user(2)], tx.users.insert);
      await each(
        [identity(1), identity(2, { provider: "corp" }), identity(3, { userId: "usr_002" })],
        tx.identities.insert,
      );
    });
    return store;
  };
  const tokens = (n: number, sealed = `v1.key.sealed-${n}`) => ({
    identityId: `idn_00${n}`,
    sealed,
    keyId: "key",
  });

  describe("kept tokens", () => {
    test("are read with the owner that their identity has", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => each([tokens(1), tokens(2), tokens(3)], tx.tokens.put));
      const untouched = { userId: "usr_001", version: 1, leaseLeft: null, pause: null, isDoubtful: false };
      const first = { ...tokens(1), ...untouched, provider: "google" };
      const second = { ...tokens(2), ...untouched, provider: "corp" };
      expect(await store.tokens.get("idn_001")).toStrictEqual(first);
      expect(await store.tokens.ofUser("usr_001")).toStrictEqual([first, second]);
      expect(await store.tokens.get("idn_none")).toBeNull();
    });

    test("are found by user and provider: of two identities the one that was used last, of active users only", async () => {
      const store = await withIdentities();
      const other = identity(4, { lastUsedAt: identity(1).lastUsedAt + 1 });
      await store.transaction(async (tx) => {
        await tx.identities.insert(other);
        await each([tokens(1), tokens(2)], tx.tokens.put);
      });
      const found = async () => (await store.tokens.find("usr_001", "google"))?.identityId;
      expect(await found()).toBe("idn_001");
      await store.transaction((tx) => tx.tokens.put(tokens(4)));
      expect(await found()).toBe("idn_004");
      expect(await store.tokens.find("usr_002", "google")).toBeNull();
      await store.transaction((tx) => tx.users.update("usr_001", { status: "suspended" }));
      expect(await found()).toBeUndefined();
    });

    test("replace those that were there, and count up", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => tx.tokens.put(tokens(1)));
      await store.transaction((tx) => tx.tokens.put(tokens(1, "v1.key.newer")));
      expect(await store.tokens.get("idn_001")).toMatchObject({ sealed: "v1.key.newer", version: 2 });
      expect(await store.tokens.ofUser("usr_001")).toHaveLength(1);
    });

    test("are taken out once, however many take them", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => each([tokens(1), tokens(3)], tx.tokens.put));
      const take = () => store.transaction((tx) => tx.tokens.delete(["idn_001", "idn_002"]));
      const taken = await Promise.all(Array.from({ length: 10 }, take));
      expect(taken.flat()).toMatchObject([{ identityId: "idn_001", sealed: "v1.key.sealed-1" }]);
      expect(await store.tokens.get("idn_001")).toBeNull();
      expect(await store.tokens.get("idn_003")).not.toBeNull();
    });

    test("are refreshed by one at a time, however many want to", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => tx.tokens.put(tokens(1)));
      const first = { identityId: "idn_001", version: 1 };
      const lease = { owner: "host:1", milliseconds: 60_000, patience: 0 };
      const claim = () => store.transaction((tx) => tx.tokens.claim(first, lease));
      const claims = await Promise.all(Array.from({ length: 20 }, claim));
      expect(claims.filter((version) => version !== null)).toEqual([2]);
      const left = (await store.tokens.get("idn_001"))?.leaseLeft;
      expect(left).toBeGreaterThan(30_000);
      expect(left).toBeLessThanOrEqual(60_000);
      const again = { ...first, version: 2 };
      expect(await store.transaction((tx) => tx.tokens.claim(again, lease))).toBeNull();
      await store.transaction(async (tx) => {
        await tx.tokens.renew(again, { milliseconds: 300_000 });
        await tx.tokens.renew(first, { milliseconds: 0 });
      });
      const held = await store.tokens.get("idn_001");
      expect(held?.leaseLeft).toBeGreaterThan(200_000);
      expect(held?.isDoubtful).toBe(true);
      expect(await store.transaction((tx) => tx.tokens.settle(again, tokens(1, "v1.key.newer")))).toBe(true);
      expect(await store.transaction((tx) => tx.tokens.settle(again, tokens(1, "v1.key.late")))).toBe(false);
      expect(await store.tokens.get("idn_001")).toMatchObject({
        sealed: "v1.key.newer",
        version: 3,
        leaseLeft: null,
        isDoubtful: false,
      });
    });

    test("of somebody who is late are taken over after the patience, and what they write is lost", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => tx.tokens.put(tokens(1)));
      const lease = { owner: "host:1", milliseconds: 0 };
      const claim = (version: number, patience: number) =>
        store.transaction((tx) =>
          tx.tokens.claim({ identityId: "idn_001", version }, { ...lease, patience }),
        );
      expect(await claim(1, 0)).toBe(2);
      expect(await claim(2, 60_000)).toBeNull();
      expect(await claim(2, 0)).toBe(3);
      const late = { identityId: "idn_001", version: 2 };
      const pause = { left: 60_000, code: "provider_unavailable" as const };
      await store.transaction(async (tx) => {
        expect(await tx.tokens.settle(late, tokens(1, "v1.key.late"))).toBe(false);
        expect(await tx.tokens.release(late, pause)).toBe(false);
        expect(await tx.tokens.drop(late)).toBe(false);
      });
      expect(await store.transaction((tx) => tx.tokens.drop({ ...late, version: 3 }))).toBe(true);
      expect(await store.tokens.get("idn_001")).toBeNull();
    });

    test("are left alone while a failed refresh pauses, until new ones come", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => tx.tokens.put(tokens(1)));
      const lease = { owner: "host:1", milliseconds: 60_000, patience: 0 };
      const claim = (version: number) =>
        store.transaction((tx) => tx.tokens.claim({ identityId: "idn_001", version }, lease));
      const release = (version: number, left: number) =>
        store.transaction((tx) =>
          tx.tokens.release({ identityId: "idn_001", version }, { left, code: "provider_rejected" }),
        );
      expect(await claim(1)).toBe(2);
      expect(await release(2, 60_000)).toBe(true);
      const { version, leaseLeft, pause } = (await store.tokens.get("idn_001")) ?? {};
      expect({ version, leaseLeft, code: pause?.code }).toEqual({
        version: 3,
        leaseLeft: null,
        code: "provider_rejected",
      });
      expect(pause?.left).toBeGreaterThan(30_000);
      expect(await claim(3)).toBeNull();
      await store.transaction((tx) => tx.tokens.put(tokens(1)));
      expect(await store.tokens.get("idn_001")).toMatchObject({ version: 4, pause: null, isDoubtful: false });
      expect(await claim(4)).toBe(5);
      expect(await release(5, 0)).toBe(true);
      expect(await store.tokens.get("idn_001")).toMatchObject({ pause: null, isDoubtful: true });
      expect(await claim(6)).toBe(7);
    });

    test("are sealed anew in batches, where nothing newer has come, and whoever refreshes them notices nothing", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => each([tokens(1), tokens(2), tokens(3)], tx.tokens.put));
      await store.transaction((tx) => tx.tokens.put({ ...tokens(2), keyId: "new" }));
      const first = await store.tokens.sealedOtherwise("new", "", 1);
      expect(first.map(({ identityId }) => identityId)).toEqual(["idn_001"]);
      const others = await store.tokens.sealedOtherwise("new", "idn_001", 10);
      expect(others.map(({ identityId }) => identityId)).toEqual(["idn_003"]);

      const lease = { owner: "host:1", milliseconds: 60_000, patience: 0 };
      const held = { identityId: "idn_001", version: 1 };
      const version = (await store.transaction((tx) => tx.tokens.claim(held, lease))) ?? 0;
      const anew = { identityId: "idn_001", sealed: "v1.new.sealed-1", keyId: "new" };
      const reseal = () => store.transaction((tx) => tx.tokens.reseal("v1.key.sealed-1", anew));
      expect(await reseal()).toBe(true);
      expect(await store.tokens.get("idn_001")).toMatchObject({ ...anew, version });
      const settle = () =>
        store.transaction((tx) => tx.tokens.settle({ ...held, version }, tokens(1, "v1.key.newer")));
      expect(await settle()).toBe(true);
      expect(await reseal()).toBe(false);
      expect(await store.tokens.get("idn_001")).toMatchObject({ sealed: "v1.key.newer" });
    });

    test("go with their user, and need an identity", async () => {
      const store = await withIdentities();
      await store.transaction((tx) => each([tokens(1), tokens(3)], tx.tokens.put));
      await store.transaction((tx) => tx.users.delete("usr_001"));
      expect(await store.tokens.get("idn_001")).toBeNull();
      expect(await store.tokens.get("idn_003")).not.toBeNull();
      await expect(store.transaction((tx) => tx.tokens.put(tokens(1)))).rejects.toThrow();
    });
  });
}
