import { describe, expect, test } from "vitest";
import { each, grant, ids, NOW, ODD_TEXTS, user } from "./fixtures.ts";
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

    test("are listed by the beginning of a word of name or e-mail, or a whole id, in any case and any script", async () => {
      const store = await migrated();
      const users = [
        user(1, { name: "Zoë Ünal", email: "zoe@example.com" }),
        user(2, { name: "张伟", email: "Zhang.Wei@Example.com" }),
        user(3, { name: null, email: null }),
        user(4, { name: "Zoe\u0308 decomposed", email: "d@x.org" }),
      ];
      await store.transaction((tx) => each(users, tx.users.insert));
      const search = (text: string) => ids(store.users.list({ text, limit: 10 }));
      expect(await search("ZOË")).toEqual(["usr_001", "usr_004"]);
      expect(await search("zoë ün")).toEqual(["usr_001"]);
      expect(await search("ünAL")).toEqual(["usr_001"]);
      expect(await search("nal")).toEqual([]);
      expect(await search("伟")).toEqual(["usr_002"]);
      expect(await search("wei@example")).toEqual(["usr_002"]);
      expect(await search("@example")).toEqual(["usr_001", "usr_002"]);
      expect(await search("usr_003")).toEqual(["usr_003"]);
      expect(await search("usr_00")).toEqual([]);
      expect(await search(" ")).toEqual(["usr_001", "usr_002", "usr_003", "usr_004"]);
      expect(await store.users.count({ text: "EXAMPLE.com" })).toBe(2);
      expect(await store.users.count({ text: "usr_003" })).toBe(1);
    });

    test("are searched for what was typed: %, _ and \\ mean themselves", async () => {
      const store = await migrated();
      const names = ["50% off", "5000 off", "a_b", "aXb", "back\\slash", "it's", "% of", ...ODD_TEXTS];
      await store.transaction((tx) =>
        each(
          names.map((name, n) => user(n, { name, email: null })),
          tx.users.insert,
        ),
      );
      const search = async (text: string) =>
        (await store.users.list({ text, limit: 10 })).map(({ name }) => name);
      expect(await search("50% o")).toEqual(["50% off"]);
      expect(await search("a_b")).toEqual(["a_b"]);
      expect(await search("back\\s")).toEqual(["back\\slash"]);
      expect(await search("it'")).toEqual(["it's"]);
      expect(await search("%")).toEqual(["% of"]);
      for (const odd of ODD_TEXTS.filter((text) => text !== "")) expect(await search(odd)).toEqual([odd]);
    });

    test("are found by what they are called now", async () => {
      const store = await migrated();
      const { id } = user(1);
      await store.transaction((tx) => tx.users.insert(user(1, { name: "Ada Marsh", email: "ada@x.org" })));
      const search = (text: string) => ids(store.users.list({ text, limit: 10 }));
      await store.transaction((tx) => tx.users.update(id, { name: "Ada Lake" }));
      expect(await search("marsh")).toEqual([]);
      expect(await search("lake")).toEqual([id]);
      await store.transaction((tx) => tx.users.update(id, { email: null }));
      expect(await search("x.org")).toEqual([]);
      expect(await search("lake")).toEqual([id]);
      await store.transaction((tx) => tx.users.delete(id));
      expect(await search("lake")).toEqual([]);
      await store.transaction((tx) => tx.users.insert(user(1, { name: "Ada Marsh" })));
      expect(await search("marsh")).toEqual([id]);
    });

    test("are searched among few and many alike, page by page", async () => {
      const store = await migrated();
      // More than what is looked at in one piece, and those of another name behind as many more.
      const people = Array.from({ length: 2_700 }, (_, n) => ({
        ...user(n, { name: `${n < 2_100 ? "Berg" : "Thal"} ${n % 10}`, email: null, lastSignInAt: null }),
        id: `usr_${String(n).padStart(6, "0")}`,
        status: n % 2 === 0 ? ("active" as const) : ("suspended" as const),
      }));
      await store.transaction(async (tx) => {
        for (const one of people) await tx.users.insert(one);
        for (const { id: userId } of people.slice(2_690))
          await tx.grants.insert({ userId, role: "lead", source: "direct", createdAt: NOW });
      });
      const page = async (query: object) => ids(store.users.list({ text: "thal", limit: 3, ...query }));
      const idsOf = (...numbers: number[]) => numbers.map((n) => `usr_${String(n).padStart(6, "0")}`);
      expect(await page({})).toEqual(idsOf(2_100, 2_101, 2_102));
      expect(await page({ after: "usr_002102" })).toEqual(idsOf(2_103, 2_104, 2_105));
      expect(await page({ after: "usr_002697" })).toEqual(idsOf(2_698, 2_699));
      expect(await page({ status: "suspended" })).toEqual(idsOf(2_101, 2_103, 2_105));
      expect(await page({ role: "lead", status: "active" })).toEqual(idsOf(2_690, 2_692, 2_694));
      expect(await page({ role: "lead", text: "berg" })).toEqual([]);
      expect(await page({ text: "thal 7" })).toEqual(idsOf(2_107, 2_117, 2_127));
      expect(await page({ text: "thal 7", after: "usr_002687" })).toEqual(idsOf(2_697));
      expect(await store.users.count({ text: "thal" })).toBe(600);
      expect(await store.users.count({ text: "thal", status: "active", role: "lead" })).toBe(5);
    }, 60_000);

    test("are filtered by role and status, and counted by the same filter", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2, { status: "suspended" }), user(3)], tx.users.insert);
        const lead = [grant(1, "lead"), grant(1, "lead", "rule"), grant(2, "lead"), grant(3, "member")];
        await each(lead, tx.grants.insert);
      });
      expect(await ids(store.users.list({ role: "lead", limit: 10 }))).toEqual(["usr_001", "usr_002"]);
      expect(await ids(store.users.list({ role: "lead", status: "active", limit: 10 }))).toEqual(["usr_001"]);
      expect(await ids(store.users.list({ role: "lead", limit: 1 }))).toEqual(["usr_001"]);
      expect(await ids(store.users.list({ role: "lead", limit: 1, after: "usr_001" }))).toEqual(["usr_002"]);
      expect(await ids(store.users.list({ role: "lead", limit: 1, after: "usr_002" }))).toEqual([]);
      expect(await ids(store.users.list({ role: "lea", limit: 10 }))).toEqual([]);
      expect(await store.users.count({})).toBe(3);
      expect(await store.users.count({ role: "lead" })).toBe(2);
      expect(await store.users.count({ role: "lead", status: "suspended", text: "ada2" })).toBe(1);
    });

    test("are filtered by the status that they have now, whatever they hold", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([grant(1, "lead"), grant(2, "lead")], tx.grants.insert);
      });
      const leads = (status: "active" | "suspended") =>
        ids(store.users.list({ role: "lead", status, limit: 10 }));
      await store.transaction((tx) => tx.users.update("usr_002", { status: "suspended" }));
      expect(await leads("active")).toEqual(["usr_001"]);
      expect(await leads("suspended")).toEqual(["usr_002"]);
      await store.transaction((tx) => tx.users.update("usr_002", { status: "active", name: "Eve" }));
      expect(await leads("active")).toEqual(["usr_001", "usr_002"]);
      expect(await store.users.count({ role: "lead", status: "suspended" })).toBe(0);
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
