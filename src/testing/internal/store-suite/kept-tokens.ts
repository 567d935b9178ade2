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
      const first = { ...tokens(1), userId: "usr_001", provider: "google", version: 1 };
      const second = { ...tokens(2), userId: "usr_001", provider: "corp", version: 1 };
      expect(await store.tokens.get("idn_001")).toStrictEqual(first);
      expect(await store.tokens.ofUser("usr_001")).toStrictEqual([first, second]);
      expect(await store.tokens.get("idn_none")).toBeNull();
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
