import { describe, expect, test } from "vitest";
import type { ApiKey } from "../../../model/api-key.ts";
import { each, grant, identity, ids, NOW, numbered, ODD_TEXTS, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about API keys. */
export function apiKeyPromises(migrated: Migrated): void {
  describe("API keys", () => {
    test("are kept as they are given, and listed newest first, also those of one person", async () => {
      const store = await migrated();
      const all = [
        apiKey(1),
        apiKey(2, { userId: "usr_002", name: ODD_TEXTS[0] ?? "", permissions: ODD_TEXTS, reason: null }),
        apiKey(3, { lastUsedAt: NOW + 1, revokedAt: NOW + 2, revokedBy: "cli:root@host", permissions: [] }),
      ];
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each(all, tx.apiKeys.insert);
      });
      for (const one of all) expect(await store.apiKeys.get(one.id)).toStrictEqual(one);
      expect(await store.apiKeys.get("key_none")).toBeNull();
      expect(await store.apiKeys.list({ limit: 9 })).toStrictEqual(all.toReversed());
      expect(await ids(store.apiKeys.list({ limit: 9, userId: "usr_001" }))).toEqual(["key_003", "key_001"]);
      expect(await ids(store.apiKeys.list({ limit: 1, after: "key_003" }))).toEqual(["key_002"]);
      expect(await store.apiKeys.list({ limit: 9, userId: "usr_003" })).toEqual([]);
    });

    test("are found by the hash of their secret, with person, roles, accounts and policy", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1, { status: "suspended" }), user(2)], tx.users.insert);
        await each([apiKey(1), apiKey(2, { userId: "usr_002" })], tx.apiKeys.insert);
        await each([grant(1, "lead"), grant(1, "lead", "rule"), grant(1, "admin")], tx.grants.insert);
        await each([identity(1), identity(2), identity(3, { provider: "github" })], tx.identities.insert);
      });
      const policyVersion = await store.policy.version();
      const found = await store.apiKeys.findBySecretHash(apiKey(1).secretHash);
      const sorted = { roles: found?.roles.toSorted(), providers: found?.providers.toSorted() };
      expect({ ...found, ...sorted }).toStrictEqual({
        apiKey: apiKey(1),
        user: user(1, { status: "suspended" }),
        roles: ["admin", "lead"],
        providers: ["github", "google"],
        policyVersion,
      });
      const other = await store.apiKeys.findBySecretHash(apiKey(2).secretHash);
      expect(other).toMatchObject({ roles: [], providers: [] });
      for (const hash of ["", "none", apiKey(1).secretHash.toUpperCase()])
        expect(await store.apiKeys.findBySecretHash(hash)).toBeNull();
    });

    test("are revoked once, however many ask at once", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        await tx.apiKeys.insert(apiKey(1));
      });
      const revoke = (id: string) => store.transaction((tx) => tx.apiKeys.revoke(id, "usr_002", NOW + 5));
      const revoked = await Promise.all(Array.from({ length: 10 }, () => revoke("key_001")));
      expect(revoked.filter(Boolean)).toHaveLength(1);
      expect(await revoke("key_none")).toBe(false);
      expect(await store.apiKeys.get("key_001")).toMatchObject({ revokedAt: NOW + 5, revokedBy: "usr_002" });
    });

    test("tell when they were last used, and time does not go back", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        await tx.apiKeys.insert(apiKey(1));
      });
      const touch = (at: number) => store.transaction((tx) => tx.apiKeys.touch("key_001", at));
      for (const at of [NOW + 5, NOW + 9, NOW + 7]) await touch(at);
      expect((await store.apiKeys.get("key_001"))?.lastUsedAt).toBe(NOW + 9);
    });

    test("go with their person, and none is kept for nobody", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([apiKey(1), apiKey(2, { userId: "usr_002" })], tx.apiKeys.insert);
      });
      await store.transaction((tx) => tx.users.delete("usr_001"));
      expect(await ids(store.apiKeys.list({ limit: 9 }))).toEqual(["key_002"]);
      await expect(
        store.transaction((tx) => tx.apiKeys.insert(apiKey(3, { userId: "usr_009" }))),
      ).rejects.toThrow();
      await expect(
        store.transaction((tx) =>
          tx.apiKeys.insert(apiKey(3, { userId: "usr_002", secretHash: apiKey(2).secretHash })),
        ),
      ).rejects.toThrow();
    });
  });
}

function apiKey(n: number, over: Partial<ApiKey> = {}): ApiKey {
  return {
    id: numbered("key", n),
    userId: "usr_001",
    name: "nightly report",
    secretHash: `hash-of-key-${n}`,
    permissions: ["orders.read"],
    createdAt: NOW,
    createdBy: "usr_001",
    reason: "for the report",
    expiresAt: NOW + 1_000,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
    ...over,
  };
}
