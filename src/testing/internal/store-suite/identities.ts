import { describe, expect, test } from "vitest";
import { each, identity, ids, NOW, ODD_TEXTS, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about identities. */
export function identityPromises(migrated: Migrated): void {
  const withUsers = async () => {
    const store = await migrated();
    await store.transaction((tx) => each([user(1), user(2)], tx.users.insert));
    return store;
  };

  describe("identities", () => {
    test("are kept as they are given, with all three answers about the e-mail", async () => {
      const store = await withUsers();
      const three = [
        identity(1, { emailVerified: true }),
        identity(2, { emailVerified: false }),
        identity(3, { emailVerified: null, handle: null, email: null }),
      ];
      await store.transaction((tx) => each(three, tx.identities.insert));
      for (const one of three) expect(await store.identities.find(one)).toStrictEqual(one);
      expect(await store.identities.ofUser("usr_001")).toStrictEqual(three);
      expect(await store.identities.ofUser("usr_002")).toEqual([]);
    });

    test("tell subjects apart byte for byte", async () => {
      const store = await withUsers();
      const subjects = [
        "ada",
        "Ada",
        "ada ",
        " ada",
        "ada\u0301",
        "adá",
        "ada\t",
        ...ODD_TEXTS.filter((text) => text.length < 1_000),
      ];
      const all = subjects.map((subject, n) => identity(n, { subject }));
      await store.transaction(async (tx) => {
        for (const one of all) expect(await tx.identities.insert(one)).toBe(true);
      });
      for (const one of all) expect(await store.identities.find(one)).toStrictEqual(one);
      const key = { provider: "google", issuer: "https://accounts.example.com", subject: "ADA" };
      expect(await store.identities.find(key)).toBeNull();
    });

    test("belong to provider, issuer and subject together", async () => {
      const store = await withUsers();
      const one = identity(1);
      const others = [
        identity(2, { provider: "corp" }),
        identity(3, { issuer: "https://other.example.com" }),
      ];
      const same = others.map((other) => ({ ...other, subject: one.subject }));
      await store.transaction(async (tx) => {
        for (const each of [one, ...same]) expect(await tx.identities.insert(each)).toBe(true);
      });
      expect((await store.identities.find(one))?.id).toBe(one.id);
    });

    test("refuse a second insert of the same key, and the transaction goes on", async () => {
      const store = await withUsers();
      await store.transaction((tx) => tx.identities.insert(identity(1)));
      await store.transaction(async (tx) => {
        expect(await tx.identities.insert({ ...identity(1), id: "idn_again", userId: "usr_002" })).toBe(
          false,
        );
        await tx.users.update("usr_002", { name: "went on" });
      });
      expect((await store.identities.find(identity(1)))?.userId).toBe("usr_001");
      expect((await store.users.get("usr_002"))?.name).toBe("went on");
    });

    test("have one winner when many insert the same key at once", async () => {
      const store = await withUsers();
      const attempts = Array.from({ length: 20 }, (_, n) =>
        store.transaction((tx) => tx.identities.insert({ ...identity(1), id: `idn_race${n}` })),
      );
      const won = await Promise.all(attempts);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.identities.ofUser("usr_001")).toHaveLength(1);
    });

    test("need a user who exists", async () => {
      const store = await migrated();
      await expect(store.transaction((tx) => tx.identities.insert(identity(1)))).rejects.toThrow();
      expect(await store.identities.find(identity(1))).toBeNull();
    });

    test("are found by handle or subject, exact, within one provider", async () => {
      const store = await withUsers();
      const all = [
        identity(1, { subject: "583231", handle: "octocat" }),
        identity(2, { subject: "octocat", handle: null }),
        identity(3, { subject: "9", handle: "Octocat" }),
        identity(4, { subject: "583231", handle: "octocat", provider: "corp" }),
      ];
      await store.transaction((tx) => each(all, tx.identities.insert));
      expect(await ids(store.identities.findByHandle("google", "octocat"))).toEqual(["idn_001", "idn_002"]);
      expect(await ids(store.identities.findByHandle("google", "583231"))).toEqual(["idn_001"]);
      expect(await ids(store.identities.findByHandle("google", "OCTOCAT"))).toEqual([]);
    });

    test("update what a sign-in refreshes", async () => {
      const store = await withUsers();
      await store.transaction((tx) => tx.identities.insert(identity(1)));
      const change = { handle: "new", email: null, emailVerified: null, lastUsedAt: NOW + 9 };
      await store.transaction((tx) => tx.identities.update(identity(1).id, change));
      expect(await store.identities.find(identity(1))).toStrictEqual({ ...identity(1), ...change });
    });

    test("tell by which of them roles were derived last, whatever was used since for something else", async () => {
      const store = await withUsers();
      const last = () => store.identities.lastDerived("usr_001");
      expect(await last()).toBeNull();
      const { handle, email, emailVerified } = identity(1);
      const use = (n: number, lastUsedAt: number, derivedAt?: number) => {
        const change = {
          handle,
          email,
          emailVerified,
          lastUsedAt,
          ...(derivedAt !== undefined && { derivedAt }),
        };
        return store.transaction((tx) => tx.identities.update(identity(n).id, change));
      };
      // As a version has written it that did not note it, and then one that was added and never signed in with.
      await store.transaction(async (tx) => {
        await tx.identities.insert(identity(1, { lastUsedAt: NOW + 1 }));
        await tx.identities.insert(identity(2, { lastUsedAt: NOW }));
        await tx.identities.insert(identity(3, { lastUsedAt: NOW + 9 }), 0);
        await tx.identities.insert(identity(4, { userId: "usr_002", lastUsedAt: NOW + 99 }));
      });
      expect(await last()).toBe("idn_001");
      await use(2, NOW + 10);
      await use(3, NOW + 11);
      expect(await last()).toBe("idn_001");
      await use(2, NOW + 12, NOW + 12);
      await use(1, NOW + 13);
      expect(await last()).toBe("idn_002");
      const { id, subject } = identity(3);
      const signedIn = { handle, email, emailVerified, subject, lastUsedAt: NOW + 14, derivedAt: NOW + 14 };
      await store.transaction((tx) => tx.identities.update(id, signedIn));
      expect(await last()).toBe("idn_003");
      expect(await store.identities.find(identity(3))).toMatchObject({ id, lastUsedAt: NOW + 14 });
    });

    test("are removed alone, and free for somebody else then", async () => {
      const store = await withUsers();
      await store.transaction(async (tx) => {
        await each([identity(1), identity(2)], tx.identities.insert);
        await tx.identities.delete(identity(1).id);
        await tx.identities.delete("idn_none");
      });
      expect(await store.identities.find(identity(1))).toBeNull();
      expect(await store.identities.find(identity(2))).not.toBeNull();
      const theirs = identity(1, { id: "idn_009", userId: "usr_002" });
      expect(await store.transaction((tx) => tx.identities.insert(theirs))).toBe(true);
    });

    test("all of one user move to another", async () => {
      const store = await withUsers();
      const theirs = identity(3, { userId: "usr_002" });
      await store.transaction(async (tx) => {
        await each([identity(1), identity(2), theirs], tx.identities.insert);
        await tx.identities.move("usr_001", "usr_002");
        await tx.identities.move("usr_none", "usr_001");
      });
      expect(await store.identities.ofUser("usr_001")).toEqual([]);
      expect(await ids(store.identities.ofUser("usr_002"))).toEqual(["idn_001", "idn_002", "idn_003"]);
      expect(await store.identities.find(identity(1))).toStrictEqual(identity(1, { userId: "usr_002" }));
    });

    test("take a new subject of the same person, and are no longer found by the old one", async () => {
      const store = await withUsers();
      const { id, handle, email, emailVerified, lastUsedAt } = identity(1);
      const change = { handle, email, emailVerified, lastUsedAt, subject: "union-1" };
      await store.transaction(async (tx) => {
        await tx.identities.insert(identity(1));
        await tx.identities.update(id, change);
      });
      expect(await store.identities.find(identity(1))).toBeNull();
      expect(await store.identities.find(identity(1, { subject: "union-1" }))).toMatchObject({ id });
    });
  });
}
