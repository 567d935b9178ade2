import { describe, expect, test } from "vitest";
import type { Store, StoreTransaction } from "../../../model/store.ts";
import type { UserStatus } from "../../../model/user.ts";
import { each, grant, ids, NOW, ODD_TEXTS, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

type Written = (store: Store) => Promise<void>;

/** Before and after what makes them quick to find has been written: nobody may see a difference. */
const TIMES: Readonly<Record<string, Written>> = {
  "who have just come": async () => {},
  "who have been written into the index": async (store) => {
    while ((await store.transaction((tx) => tx.users.index(500))) === 500);
  },
};

/** What every store promises about looking for users. */
export function searchedUserPromises(migrated: Migrated): void {
  describe.each(Object.entries(TIMES))("users %s", (_, written) => {
    test("are listed by the beginning of a word of name or e-mail, or a whole id, in any case and any script", async () => {
      const store = await migrated();
      const users = [
        user(1, { name: "Zoë Ünal", email: "zoe@example.com" }),
        user(2, { name: "张伟", email: "Zhang.Wei@Example.com" }),
        user(3, { name: null, email: null }),
        user(4, { name: "Zoe\u0308 decomposed", email: "d@x.org" }),
      ];
      await store.transaction((tx) => each(users, tx.users.insert));
      await written(store);
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
      await written(store);
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
      await written(store);
      const search = (text: string) => ids(store.users.list({ text, limit: 10 }));
      await store.transaction((tx) => tx.users.update(id, { name: "Ada Lake" }));
      await written(store);
      expect(await search("marsh")).toEqual([]);
      expect(await search("lake")).toEqual([id]);
      await store.transaction((tx) => tx.users.update(id, { email: null }));
      await written(store);
      expect(await search("x.org")).toEqual([]);
      expect(await search("lake")).toEqual([id]);
      await store.transaction((tx) => tx.users.delete(id));
      await written(store);
      expect(await search("lake")).toEqual([]);
      await store.transaction((tx) => tx.users.insert(user(1, { name: "Ada Marsh" })));
      await written(store);
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
      await written(store);
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
      await written(store);
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
      await written(store);
      const leads = (status: "active" | "suspended") =>
        ids(store.users.list({ role: "lead", status, limit: 10 }));
      await store.transaction((tx) => tx.users.update("usr_002", { status: "suspended" }));
      await written(store);
      expect(await leads("active")).toEqual(["usr_001"]);
      expect(await leads("suspended")).toEqual(["usr_002"]);
      await store.transaction((tx) => tx.users.update("usr_002", { status: "active", name: "Eve" }));
      await written(store);
      expect(await leads("active")).toEqual(["usr_001", "usr_002"]);
      expect(await store.users.count({ role: "lead", status: "suspended" })).toBe(0);
    });

    test("are found as they are, whatever became of them in whichever order", async () => {
      const store = await migrated();
      const people = new Map<string, Person>();
      for (let round = 0; round < 8; round++) {
        await store.transaction(async (tx) => {
          for (let n = 0; n < 10; n++) await happen(tx, people, round * 10 + n);
          // Some are written, others wait.
          if (round % 3 === 0) await tx.users.index(4);
        });
        if (round % 4 === 3) await written(store);
        for (const query of QUERIES) {
          const expected = expectedIds(people, query);
          const all = await ids(store.users.list({ ...query, limit: 200 }));
          expect(all, `${round}: ${JSON.stringify(query)}`).toEqual(expected);
          const [first, second] = expected;
          const after = first === undefined ? {} : { after: first };
          const next = first === undefined ? [] : second === undefined ? [] : [second];
          expect(await ids(store.users.list({ ...query, ...after, limit: 1 }))).toEqual(next);
          expect(await store.users.count(query)).toBe(expected.length);
        }
      }
    });
  });
}

interface Person {
  readonly name: string;
  readonly status: UserStatus;
  /** `lead from rule` */
  readonly grants: ReadonlySet<string>;
}

const NAMES = ["Ada Marsh", "Ada Lake", "Bo Marsh", "Bo  Lakeside"];
const SOURCES = ["rule", "direct"] as const;
const QUERIES = [undefined, "ada", "bo lake", "arsh"].flatMap((text) =>
  [undefined, "lead"].flatMap((role) =>
    ([undefined, "active", "suspended"] as const).map((status) => ({
      ...(text !== undefined && { text }),
      ...(role !== undefined && { role }),
      ...(status !== undefined && { status }),
    })),
  ),
);

/** One of the things that happen to people, to one of a few; the same in every run. */
async function happen(tx: StoreTransaction, people: Map<string, Person>, n: number): Promise<void> {
  const draw = (salt: number, limit: number) => (Math.imul(n * 31 + salt, 0x9e3779b1) >>> 8) % limit;
  const id = user(draw(1, 12)).id;
  const name = NAMES[draw(2, NAMES.length)] ?? "";
  const person = people.get(id);
  if (person === undefined) {
    await tx.users.insert({ ...user(1, { name, email: null }), id });
    people.set(id, { name, status: "active", grants: new Set() });
    return;
  }
  const grants = new Set(person.grants);
  const source = SOURCES[draw(3, 2)] ?? "rule";
  const role = { userId: id, role: "lead", source };
  switch (draw(4, 6)) {
    case 0:
      await tx.users.update(id, { name });
      return void people.set(id, { ...person, name });
    case 1:
      await tx.users.delete(id);
      return void people.delete(id);
    case 2:
      await tx.grants.delete(role);
      grants.delete(source);
      return void people.set(id, { ...person, grants });
    case 3: {
      const status = person.status === "active" ? "suspended" : "active";
      await tx.users.update(id, { status });
      return void people.set(id, { ...person, status });
    }
    default:
      await tx.grants.insert({ ...role, createdAt: NOW });
      people.set(id, { ...person, grants: grants.add(source) });
  }
}

function expectedIds(people: ReadonlyMap<string, Person>, { text, role, status }: (typeof QUERIES)[number]) {
  const found = [...people].filter(
    ([, person]) =>
      (text === undefined || ` ${person.name.toLowerCase().replace("  ", " ")}`.includes(` ${text}`)) &&
      (role === undefined || person.grants.size > 0) &&
      (status === undefined || person.status === status),
  );
  return found.map(([id]) => id).sort();
}
