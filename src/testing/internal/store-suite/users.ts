import { describe, expect, test } from "vitest";
import { each, ids, NOW, ODD_TEXTS, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about users. */
export function userPromises(migrated: Migrated): void {
  describe("users", () => {
    test("are kept as they are given", async () => {
      const store = await migrated();
      const plain = user(1, {
        name: null,
        email: null,
        picture: null,
        lastSignInAt: null,
        status: "suspended",
      });
      const odd = ODD_TEXTS.map((text, n) => user(n + 2, { name: text, email: text, picture: text }));
      await store.transaction((tx) => each([plain, ...odd], tx.users.insert));
      for (const one of [plain, ...odd]) expect(await store.users.get(one.id)).toStrictEqual(one);
      expect(await store.users.get("usr_none")).toBeNull();
    });

    test("refuse a second one with the same id", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      await expect(store.transaction((tx) => tx.users.insert(user(1, { name: "Eve" })))).rejects.toThrow();
      expect((await store.users.get(user(1).id))?.name).toBe(user(1).name);
    });

    test("update what is given and nothing else", async () => {
      const store = await migrated();
      await store.transaction((tx) => each([user(1), user(2)], tx.users.insert));
      const { id } = user(1);
      await store.transaction((tx) => tx.users.update(id, { email: "New@Example.com", name: null }));
      await store.transaction((tx) => tx.users.update(id, { status: "suspended", lastSignInAt: NOW + 5 }));
      await store.transaction((tx) => tx.users.update(id, {}));
      const changed = user(1, {
        email: "New@Example.com",
        name: null,
        status: "suspended",
        lastSignInAt: NOW + 5,
      });
      expect(await store.users.get(id)).toStrictEqual(changed);
      expect(await store.users.get(user(2).id)).toStrictEqual(user(2));
      expect(await store.users.find("new@example.com")).toEqual([changed]);
      expect(await store.users.find("ada1@example.com")).toEqual([]);
    });

    test("are found by exact id or e-mail in any case, several if there are several", async () => {
      const store = await migrated();
      const users = [
        user(1, { email: "Ada@Example.com" }),
        user(2, { email: "ada@example.COM" }),
        user(3, { email: "ada@example.com.evil" }),
        user(4, { email: null }),
      ];
      await store.transaction((tx) => each(users, tx.users.insert));
      expect(await ids(store.users.find("ADA@example.com"))).toEqual(["usr_001", "usr_002"]);
      expect(await ids(store.users.find("usr_004"))).toEqual(["usr_004"]);
      expect(await ids(store.users.find("USR_004"))).toEqual([]);
      expect(await ids(store.users.find("ada@example.%"))).toEqual([]);
      expect(await ids(store.users.find(""))).toEqual([]);
    });

    test("are listed in pages by id, byte order, without doubles or gaps", async () => {
      const store = await migrated();
      const mixed = ["usr_B", "usr_a", "usr_C", "usr_-", "usr_Z", "usr_0", "usr_z"];
      await store.transaction((tx) =>
        each(
          mixed.map((id) => ({ ...user(1), id })),
          tx.users.insert,
        ),
      );
      const seen: string[] = [];
      for (;;) {
        const after = seen.at(-1);
        const page = await ids(store.users.list({ limit: 3, ...(after !== undefined && { after }) }));
        seen.push(...page);
        if (page.length < 3) break;
      }
      expect(seen).toEqual([...mixed].sort());
    });
  });
}
