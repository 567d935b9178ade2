import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccessRequest } from "../model/access-request.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import type { DeletedUser } from "../model/deleted-user.ts";
import type { Identity } from "../model/identity.ts";
import type { Invitation } from "../model/invitation.ts";
import type { OwnerLink } from "../model/owner-link.ts";
import type { PendingGrant } from "../model/pending-grant.ts";
import type { RoleGrant } from "../model/role.ts";
import type { Session } from "../model/session.ts";
import type { Store, StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";

/** A store on a database of its own. */
export interface OpenedStore {
  readonly store: Store;
  /** Another handle on the same database, as another process would have it. */
  reopen(): Promise<Store>;
  /** Closes every handle and throws the database away. */
  close(): Promise<void>;
}

/** Later than 2^31 seconds and 2^41 milliseconds, odd in its last digit. */
const NOW = 4_102_444_800_123;
/** What people, providers and attackers write. */
const ODD_TEXTS = [
  'O\'Brien; drop table "x" --',
  "👩‍🚀 Zoë\u0301",
  "a\\b%c_d\n\t",
  "张伟",
  "𠮷野家",
  "x".repeat(4096),
  "",
];

/** What every store promises, as one vitest suite. `open` gives an empty database for each test. */
export function storeSuite(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const empty = () => opened;
    const migrated = async () => {
      await opened.store.migrate();
      return opened.store;
    };
    migrationPromises(empty);
    userPromises(migrated);
    lockedUserPromises(migrated);
    identityPromises(migrated);
    sessionPromises(migrated);
    grantPromises(migrated);
    pendingGrantPromises(migrated);
    deletedUserPromises(migrated);
    ownerLinkPromises(migrated);
    invitationPromises(migrated);
    accessRequestPromises(migrated);
    loginTransactionPromises(migrated);
    auditPromises(migrated);
    transactionPromises(migrated, empty);
    closePromises(migrated);
  });
}

type Migrated = () => Promise<Store>;

function migrationPromises(opened: () => OpenedStore): void {
  describe("migrations", () => {
    test("run once, in order, and tell when", async () => {
      const { store } = opened();
      const before = await store.migrations();
      expect(before.length).toBeGreaterThan(0);
      expect(before.every(({ appliedAt }) => appliedAt === null)).toBe(true);
      const names = before.map(({ name }) => name);
      expect(names).toEqual([...names].sort());

      expect(await store.migrate()).toEqual(names);
      expect(await store.migrate()).toEqual([]);
      const after = await store.migrations();
      expect(after.map(({ name }) => name)).toEqual(names);
      expect(after.every(({ appliedAt }) => typeof appliedAt === "number" && appliedAt > 0)).toBe(true);
    });

    test("run once when ten start together", async () => {
      const { store, reopen } = opened();
      const stores = [store, ...(await Promise.all(Array.from({ length: 9 }, reopen)))];
      const ran = await Promise.all(stores.map((one) => one.migrate()));
      expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
      expect((await store.migrations()).every(({ appliedAt }) => appliedAt !== null)).toBe(true);
    });

    test("are asked for by name when something is read before them", async () => {
      const { store } = opened();
      await expect(store.users.get("usr_1")).rejects.toMatchObject({ code: "migrations_pending" });
      await expect(async () => store.sessions.findBySecretHash("x")).rejects.toMatchObject({
        code: "migrations_pending",
      });
    });
  });
}

function userPromises(migrated: Migrated): void {
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

    test("are listed by a part of name or e-mail, or a whole id, in any case and any script", async () => {
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
      expect(await search("ünAL")).toEqual(["usr_001"]);
      expect(await search("伟")).toEqual(["usr_002"]);
      expect(await search("wei@example")).toEqual(["usr_002"]);
      expect(await search("usr_003")).toEqual(["usr_003"]);
      expect(await search("usr_00")).toEqual([]);
      expect(await store.users.count({ text: "EXAMPLE.com" })).toBe(2);
    });

    test("are searched for what was typed: %, _ and \\ mean themselves", async () => {
      const store = await migrated();
      const names = ["50% off", "5000 off", "a_b", "aXb", "back\\slash", "it's"];
      await store.transaction((tx) =>
        each(
          names.map((name, n) => user(n, { name })),
          tx.users.insert,
        ),
      );
      const search = async (text: string) =>
        (await store.users.list({ text, limit: 10 })).map(({ name }) => name);
      expect(await search("0% o")).toEqual(["50% off"]);
      expect(await search("a_b")).toEqual(["a_b"]);
      expect(await search("k\\s")).toEqual(["back\\slash"]);
      expect(await search("'")).toEqual(["it's"]);
      expect(await search("%")).toEqual(["50% off"]);
    });

    test("are filtered by role and status, and counted by the same filter", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2, { status: "suspended" }), user(3)], tx.users.insert);
        const lead = [grant(1, "lead"), grant(1, "lead", "rule"), grant(2, "lead"), grant(3, "member")];
        await each(lead, tx.grants.insert);
      });
      expect(await ids(store.users.list({ role: "lead", limit: 10 }))).toEqual(["usr_001", "usr_002"]);
      expect(await ids(store.users.list({ role: "lead", status: "active", limit: 10 }))).toEqual(["usr_001"]);
      expect(await ids(store.users.list({ role: "lea", limit: 10 }))).toEqual([]);
      expect(await store.users.count({})).toBe(3);
      expect(await store.users.count({ role: "lead" })).toBe(2);
      expect(await store.users.count({ role: "lead", status: "suspended", text: "ada2" })).toBe(1);
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

function lockedUserPromises(migrated: Migrated): void {
  describe("users who are locked", () => {
    test("are read by one at a time, as the one before has left them", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      let second: Promise<User | null> = Promise.resolve(null);
      await store.transaction(async (tx) => {
        expect(await tx.users.lock("usr_001")).toStrictEqual(user(1));
        second = store.transaction((other) => other.users.lock("usr_001"));
        // Time enough for the second to read, if it could.
        for (let n = 0; n < 20; n++) await tx.users.get("usr_001");
        await tx.users.update("usr_001", { status: "suspended" });
      });
      expect((await second)?.status).toBe("suspended");
    });

    test("are nobody once they are deleted", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      let second: Promise<User | null> = Promise.resolve(user(1));
      await store.transaction(async (tx) => {
        await tx.users.lock("usr_001");
        second = store.transaction((other) => other.users.lock("usr_001"));
        await tx.users.delete("usr_001");
      });
      expect(await second).toBeNull();
    });

    test("take identities, grants and sessions with them when they are deleted, and nobody else's", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        await each([user(1), user(2)], tx.users.insert);
        await each([identity(1), identity(2, { userId: "usr_002" })], tx.identities.insert);
        await each([session(1), session(2, { userId: "usr_002" })], tx.sessions.insert);
        await each([grant(1, "member"), grant(2, "member")], tx.grants.insert);
        await tx.users.delete("usr_001");
      });
      expect(await ids(store.users.list({ limit: 9 }))).toEqual(["usr_002"]);
      expect(await store.identities.find(identity(1))).toBeNull();
      expect(await store.sessions.get("ses_001")).toBeNull();
      expect(await store.grants.ofUser("usr_001")).toEqual([]);
      expect(await store.identities.ofUser("usr_002")).toHaveLength(1);
      expect(await store.sessions.ofUser("usr_002")).toHaveLength(1);
      expect(await store.grants.ofUser("usr_002")).toHaveLength(1);
    });
  });
}

function identityPromises(migrated: Migrated): void {
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

function sessionPromises(migrated: Migrated): void {
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

function grantPromises(migrated: Migrated): void {
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

function pendingGrantPromises(migrated: Migrated): void {
  describe("pending grants", () => {
    test("wait once for each person and role, of one provider or of any", async () => {
      const store = await migrated();
      const all = [pendingGrant(1), pendingGrant(2, { provider: null }), pendingGrant(3, { role: "owner" })];
      await store.transaction(async (tx) => {
        for (const one of all) expect(await tx.pendingGrants.insert(one)).toBe(true);
        for (const one of all) expect(await tx.pendingGrants.insert({ ...one, id: "pgr_again" })).toBe(false);
      });
      expect(await store.pendingGrants.list()).toStrictEqual(all);
    });

    test("are found for exactly whom they wait for", async () => {
      const store = await migrated();
      const all = [
        pendingGrant(1),
        pendingGrant(2, { provider: null }),
        pendingGrant(3, { who: "583231" }),
        pendingGrant(4, { provider: "corp" }),
        ...ODD_TEXTS.map((who, n) => pendingGrant(n + 5, { who })),
      ];
      await store.transaction((tx) => each(all, tx.pendingGrants.insert));
      const found = (provider: string | null, who: string) =>
        ids(store.pendingGrants.findFor([{ provider, who }]));
      expect(await found("google", "ada@example.com")).toEqual(["pgr_001"]);
      expect(await found(null, "ada@example.com")).toEqual(["pgr_002"]);
      expect(await found("google", "ADA@example.com")).toEqual([]);
      expect(await found("google", "ada@example.com ")).toEqual([]);
      for (const [n, who] of ODD_TEXTS.entries())
        expect(await found("google", who)).toEqual([numbered("pgr", n + 5)]);
      const several = [
        { provider: "google", who: "583231" },
        { provider: null, who: "ada@example.com" },
      ];
      expect(await ids(store.pendingGrants.findFor(several))).toEqual(["pgr_002", "pgr_003"]);
      expect(await store.pendingGrants.findFor([])).toEqual([]);
    });

    test("are taken by one of many who come at once", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.pendingGrants.insert(pendingGrant(1)));
      const take = () => store.transaction((tx) => tx.pendingGrants.delete("pgr_001"));
      const taken = await Promise.all(Array.from({ length: 10 }, take));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.pendingGrants.list()).toEqual([]);
    });
  });
}

function deletedUserPromises(migrated: Migrated): void {
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

function ownerLinkPromises(migrated: Migrated): void {
  describe("owner links", () => {
    test("are kept as they are given, found by the hash of their secret", async () => {
      const store = await migrated();
      const all = [
        ownerLink(1),
        ownerLink(2, { userId: null, breakGlass: false, reason: null }),
        ownerLink(3, { usedAt: NOW, usedBy: "usr_001", reviewedAt: NOW + 1, reviewedBy: "usr_002" }),
      ];
      await store.transaction((tx) => each(all, tx.ownerLinks.insert));
      for (const one of all) {
        expect(await store.ownerLinks.get(one.id)).toStrictEqual(one);
        expect(await store.ownerLinks.findBySecretHash(one.secretHash)).toStrictEqual(one);
      }
      expect(await store.ownerLinks.findBySecretHash("Hash-of-link-1")).toBeNull();
      expect(await store.ownerLinks.get("olk_none")).toBeNull();
    });

    test("are used once, however many ask at once, and not after their end", async () => {
      const store = await migrated();
      await store.transaction((tx) => each([ownerLink(1), ownerLink(2)], tx.ownerLinks.insert));
      const use = (id: string, at: number) => store.transaction((tx) => tx.ownerLinks.use(id, "usr_009", at));
      const used = await Promise.all(Array.from({ length: 20 }, () => use("olk_001", NOW + 1)));
      expect(used.filter(Boolean)).toHaveLength(1);
      expect(await store.ownerLinks.get("olk_001")).toMatchObject({ usedAt: NOW + 1, usedBy: "usr_009" });
      const { expiresAt } = ownerLink(2);
      expect(await use("olk_002", expiresAt)).toBe(false);
      expect(await use("olk_002", expiresAt - 1)).toBe(true);
    });

    test("are reviewed once, after they were used; only those that go around the usual way", async () => {
      const store = await migrated();
      const used = { usedAt: NOW, usedBy: "usr_001" };
      const all = [ownerLink(1), ownerLink(2, used), ownerLink(3, { ...used, breakGlass: false })];
      await store.transaction((tx) => each(all, tx.ownerLinks.insert));
      expect(await ids(store.ownerLinks.unreviewed())).toEqual(["olk_002"]);
      const review = (id: string) => store.transaction((tx) => tx.ownerLinks.review(id, "usr_002", NOW + 5));
      expect(await review("olk_001")).toBe(false);
      const reviewed = await Promise.all([review("olk_002"), review("olk_002"), review("olk_002")]);
      expect(reviewed.filter(Boolean)).toHaveLength(1);
      expect(await store.ownerLinks.get("olk_002")).toMatchObject({
        reviewedAt: NOW + 5,
        reviewedBy: "usr_002",
      });
      expect(await store.ownerLinks.unreviewed()).toEqual([]);
    });
  });
}

function accessRequestPromises(migrated: Migrated): void {
  describe("requests for access", () => {
    test("are kept as they are given, one for each identity, oldest first", async () => {
      const store = await migrated();
      const all = [
        accessRequest(1),
        accessRequest(2, { subject: "Subject-1", note: null, emailVerified: null, userId: null }),
        accessRequest(3, { issuer: "https://other.example", subject: "subject-1", status: "declined" }),
        accessRequest(4, { provider: "corp", subject: "subject-1", emailVerified: false, enteredAt: NOW }),
      ];
      for (const one of all) {
        expect(await store.transaction((tx) => tx.accessRequests.insert(one))).toBe(true);
        const again = store.transaction((tx) => tx.accessRequests.insert({ ...one, id: `${one.id}x` }));
        expect(await again).toBe(false);
        expect(await store.accessRequests.get(one.id)).toStrictEqual(one);
        expect(await store.accessRequests.find(one)).toStrictEqual(one);
      }
      expect(await store.accessRequests.get("arq_none")).toBeNull();
      expect(await store.accessRequests.find({ ...accessRequest(1), subject: "SUBJECT-1" })).toBeNull();
      expect(await ids(store.accessRequests.list({ limit: 2 }))).toEqual(["arq_001", "arq_002"]);
      expect(await ids(store.accessRequests.list({ limit: 9, after: "arq_002" }))).toEqual([
        "arq_003",
        "arq_004",
      ]);
      expect(await ids(store.accessRequests.list({ limit: 9, status: "declined" }))).toEqual(["arq_003"]);
      const count = (since: number) =>
        store.transaction((tx) => tx.accessRequests.countSince("google", since));
      expect([await count(NOW), await count(NOW + 2), await count(NOW + 3)]).toEqual([3, 1, 0]);
    });

    test("are inserted, decided and used once, however many try at once", async () => {
      const store = await migrated();
      const first = accessRequest(1);
      const attempt = (id: string) =>
        store.transaction(async (tx) => {
          await tx.accessRequests.lock();
          return tx.accessRequests.insert({ ...first, id });
        });
      const inserted = await Promise.all(["arq_a", "arq_b", "arq_c", "arq_d", "arq_e"].map(attempt));
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const request = await store.accessRequests.find(first);
      if (request === null) throw new Error("nothing was inserted");
      expect(await store.transaction((tx) => tx.accessRequests.enter(request.id, NOW))).toBe(false);

      const decision = {
        status: "approved",
        decidedAt: NOW + 7,
        decidedBy: "usr_1",
        role: "member",
        reason: null,
        askAgainAt: null,
      } as const;
      const decide = () => store.transaction((tx) => tx.accessRequests.decide(request.id, request, decision));
      expect((await Promise.all([decide(), decide(), decide()])).filter(Boolean)).toHaveLength(1);
      expect(await store.accessRequests.get(request.id)).toStrictEqual({ ...request, ...decision });
      const enter = () => store.transaction((tx) => tx.accessRequests.enter(request.id, NOW + 8));
      expect((await Promise.all([enter(), enter(), enter()])).filter(Boolean)).toHaveLength(1);
      const declined = { ...decision, status: "declined" } as const;
      expect(
        await store.transaction((tx) =>
          tx.accessRequests.decide(request.id, { status: "approved", decidedAt: NOW + 7 }, declined),
        ),
      ).toBe(false);
      await store.transaction((tx) => tx.accessRequests.delete(request.id));
      expect(await store.accessRequests.find(first)).toBeNull();
    });
  });
}

function invitationPromises(migrated: Migrated): void {
  describe("invitations", () => {
    test("are kept as they are given, found by the hash of their token, listed newest first", async () => {
      const store = await migrated();
      const all = [
        invitation(1),
        invitation(2, { recipient: { kind: "handle", provider: "github", who: "octocat" }, roles: [] }),
        invitation(3, { recipient: null, reason: null, acceptedAt: NOW + 1, acceptedBy: "usr_002" }),
        invitation(4, { roles: ODD_TEXTS, revokedAt: NOW + 1, revokedBy: "cli:root@host" }),
      ];
      await store.transaction((tx) => each(all, tx.invitations.insert));
      for (const one of all) {
        expect(await store.invitations.get(one.id)).toStrictEqual(one);
        expect(await store.invitations.findBySecretHash(one.secretHash)).toStrictEqual(one);
        await store.transaction(async (tx) => {
          expect(await tx.invitations.lockBySecretHash(one.secretHash)).toStrictEqual(one);
        });
      }
      expect(await store.invitations.findBySecretHash("Hash-of-invitation-1")).toBeNull();
      expect(await store.invitations.get("inv_none")).toBeNull();
      expect(await store.invitations.list({ limit: 9 })).toStrictEqual(all.toReversed());
      expect(await ids(store.invitations.list({ limit: 2, after: "inv_004" }))).toEqual([
        "inv_003",
        "inv_002",
      ]);
    });

    test("are accepted once, however many ask at once, and not after their end", async () => {
      const store = await migrated();
      await store.transaction((tx) => each([invitation(1), invitation(2)], tx.invitations.insert));
      const accept = (id: string, at: number) =>
        store.transaction((tx) => tx.invitations.accept(id, "usr_009", at));
      const accepted = await Promise.all(Array.from({ length: 20 }, () => accept("inv_001", NOW + 1)));
      expect(accepted.filter(Boolean)).toHaveLength(1);
      expect(await store.invitations.get("inv_001")).toMatchObject({
        acceptedAt: NOW + 1,
        acceptedBy: "usr_009",
      });
      const { expiresAt } = invitation(2);
      expect(await accept("inv_002", expiresAt)).toBe(false);
      expect(await accept("inv_002", expiresAt - 1)).toBe(true);
    });

    test("are changed and revoked only while they are open", async () => {
      const store = await migrated();
      const all = [1, 2, 3].map((n) => invitation(n));
      await store.transaction((tx) => each(all, tx.invitations.insert));
      const revoke = (id: string) => store.transaction((tx) => tx.invitations.revoke(id, "usr_002", NOW + 5));
      const change = (id: string, roles: readonly string[]) =>
        store.transaction((tx) => tx.invitations.change(id, { roles }));

      const next = { secretHash: "another", expiresAt: NOW + 99, roles: ["admin"], createdBy: "usr_7" };
      expect(await store.transaction((tx) => tx.invitations.change("inv_001", next))).toBe(true);
      expect(await store.invitations.get("inv_001")).toStrictEqual(invitation(1, next));
      expect(await store.invitations.findBySecretHash(invitation(1).secretHash)).toBeNull();

      await store.transaction((tx) => tx.invitations.accept("inv_002", "usr_009", NOW));
      const revoked = await Promise.all([revoke("inv_003"), revoke("inv_003"), revoke("inv_002")]);
      expect(revoked.filter(Boolean)).toHaveLength(1);
      expect(await store.invitations.get("inv_003")).toMatchObject({
        revokedAt: NOW + 5,
        revokedBy: "usr_002",
      });
      expect(await Promise.all([change("inv_002", []), change("inv_003", [])])).toEqual([false, false]);
      expect(await store.transaction((tx) => tx.invitations.accept("inv_003", "usr_1", NOW))).toBe(false);
    });
  });
}

function loginTransactionPromises(migrated: Migrated): void {
  describe("login transactions", () => {
    test("are spent once, however many ask at once", async () => {
      const store = await migrated();
      const spend = (state: string) => store.transaction((tx) => tx.loginTransactions.consume(state, NOW));
      const spent = await Promise.all(Array.from({ length: 50 }, () => spend("state-1")));
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect(await spend("state-1")).toBe(false);
      expect(await spend("State-1")).toBe(true);
    });

    test("are not spent by a transaction that fails", async () => {
      const store = await migrated();
      const failing = store.transaction(async (tx) => {
        expect(await tx.loginTransactions.consume("state-1", NOW)).toBe(true);
        throw new Error("later");
      });
      await expect(failing).rejects.toThrow("later");
      expect(await store.transaction((tx) => tx.loginTransactions.consume("state-1", NOW))).toBe(true);
    });

    test("are forgotten long after their end, and only then", async () => {
      const store = await migrated();
      const spend = (state: string, expiresAt: number) =>
        store.transaction((tx) => tx.loginTransactions.consume(state, expiresAt));
      // The clock of the store stands later than 1970 in every suite: what ended then may go.
      expect(await spend("ancient", 1)).toBe(true);
      expect(await spend("fresh", NOW)).toBe(true);
      expect(await spend("fresh", NOW)).toBe(false);
      expect(await spend("ancient", 1)).toBe(true);
    });
  });
}

function auditPromises(migrated: Migrated): void {
  describe("audit", () => {
    test("keeps events as they are given", async () => {
      const store = await migrated();
      const odd = { list: [1, null, { deep: ODD_TEXTS }], "quote'": '"', nul: "\u0000", yes: true, big: NOW };
      const plain = event(1, { target: null, reference: null, reason: null, address: null, detail: {} });
      const full = event(2, { detail: odd });
      await store.transaction((tx) => each([plain, full], tx.audit.insert));
      expect(await store.audit.list({ limit: 10 })).toStrictEqual([full, plain]);
    });

    test("lists newest first, by reference, target and action, no more than asked for", async () => {
      const store = await migrated();
      const events = [
        event(1, { reference: "K7Q2-9FMX", action: "login.failed" }),
        event(2, { target: "ses_1", action: "login.failed" }),
        event(3, { target: "ses_1", action: "session.ended" }),
        event(4, { action: "login.failed", target: "ses_2" }),
      ];
      await store.transaction((tx) => each(events, tx.audit.insert));
      expect(await ids(store.audit.list({ limit: 2 }))).toEqual(["aud_004", "aud_003"]);
      expect(await ids(store.audit.list({ reference: "K7Q2-9FMX", limit: 10 }))).toEqual(["aud_001"]);
      expect(await ids(store.audit.list({ target: "ses_1", limit: 10 }))).toEqual(["aud_003", "aud_002"]);
      expect(await ids(store.audit.list({ action: "login.failed", limit: 2 }))).toEqual([
        "aud_004",
        "aud_002",
      ]);
      const both = { action: "login.failed", target: "ses_1", limit: 9 } as const;
      expect(await ids(store.audit.list(both))).toEqual(["aud_002"]);
    });
  });
}

function transactionPromises(migrated: Migrated, opened: () => OpenedStore): void {
  describe("transactions", () => {
    test("answer what the work answers, and see their own writes", async () => {
      const store = await migrated();
      const seen = await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        return tx.users.get("usr_001");
      });
      expect(seen).toStrictEqual(user(1));
    });

    test("leave nothing behind when the work throws, and pass its error on", async () => {
      const store = await migrated();
      const mistake = new TypeError("a mistake in the work");
      const failing = store.transaction(async (tx) => {
        await writeOneOfEach(tx);
        throw mistake;
      });
      await expect(failing).rejects.toBe(mistake);
      expect(await store.users.count({})).toBe(0);
      expect(await store.identities.find(identity(1))).toBeNull();
      expect(await store.sessions.get("ses_001")).toBeNull();
      expect(await store.grants.ofUser("usr_001")).toEqual([]);
      expect(await store.audit.list({ limit: 10 })).toEqual([]);
      await store.transaction(writeOneOfEach);
      expect(await store.users.count({})).toBe(1);
    });

    test("are lost as a whole when one statement failed, even if its error was caught", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      const careless = store.transaction(async (tx) => {
        await tx.users.insert(user(2));
        await tx.users.insert(user(1)).catch(() => {});
      });
      await expect(careless).rejects.toThrow();
      expect(await store.users.get("usr_002")).toBeNull();
    });

    test("are not seen outside before they are committed, and at once afterwards, by every handle", async () => {
      const store = await migrated();
      const other = await opened().reopen();
      await store.transaction(async (tx) => {
        await writeOneOfEach(tx);
        for (const handle of [store, other]) {
          expect(await handle.users.get("usr_001")).toBeNull();
          expect(await handle.sessions.findBySecretHash(session(1).secretHash)).toBeNull();
          expect(await handle.audit.list({ limit: 1 })).toEqual([]);
        }
      });
      for (const handle of [store, other]) {
        expect(await handle.users.get("usr_001")).toStrictEqual(user(1));
        expect((await handle.sessions.findBySecretHash(session(1).secretHash))?.session).toStrictEqual(
          session(1),
        );
      }
      await other.transaction((tx) => tx.sessions.deleteOfUser("usr_001"));
      expect(await store.sessions.findBySecretHash(session(1).secretHash)).toBeNull();
    });

    test("of two handles do not lose each other's changes", async () => {
      const store = await migrated();
      const other = await opened().reopen();
      const write = (handle: Store, n: number) => handle.transaction((tx) => tx.users.insert(user(n)));
      await Promise.all(Array.from({ length: 20 }, (_, n) => write(n % 2 === 0 ? store : other, n)));
      expect(await store.users.count({})).toBe(20);
    });

    test("move the change counter, whoever writes; reading does not", async () => {
      const store = await migrated();
      const { changeCounter } = store;
      if (changeCounter === null) return expect(store.changeCounter).toBeNull();
      const other = await opened().reopen();
      const start = changeCounter();
      await store.users.count({});
      expect(changeCounter()).toBe(start);
      await other.transaction((tx) => tx.users.insert(user(1)));
      const afterOther = changeCounter();
      expect(afterOther).not.toBe(start);
      await store.transaction((tx) => tx.users.insert(user(2)));
      expect(changeCounter()).not.toBe(afterOther);
    });
  });
}

function closePromises(migrated: Migrated): void {
  describe("closing", () => {
    test("waits for the transaction that is running", async () => {
      const store = await migrated();
      let closed: Promise<void> = Promise.resolve();
      await store.transaction(async (tx) => {
        closed = store.close();
        await tx.users.insert(user(1));
      });
      await closed;
    });

    test("refuses everything afterwards, and may be asked for twice", async () => {
      const store = await migrated();
      await store.ping();
      await store.users.count({});
      await store.sessions.findBySecretHash("x");
      await store.close();
      await store.close();
      const calls: (() => unknown)[] = [
        () => store.users.get("usr_001"),
        () => store.sessions.findBySecretHash("x"),
        () => store.audit.list({ limit: 1 }),
        () => store.transaction(async () => {}),
        () => store.migrations(),
        () => store.migrate(),
        () => store.ping(),
      ];
      for (const call of calls) {
        await expect(async () => call()).rejects.toMatchObject({ code: "store_unavailable" });
      }
      const { changeCounter } = store;
      if (changeCounter !== null)
        expect(changeCounter).toThrow(expect.objectContaining({ code: "store_unavailable" }));
    });
  });
}

async function writeOneOfEach(tx: StoreTransaction): Promise<void> {
  await tx.users.insert(user(1));
  await tx.identities.insert(identity(1));
  await tx.sessions.insert(session(1));
  await tx.grants.insert(grant(1, "member"));
  await tx.audit.insert(event(1));
}

async function each<T>(items: readonly T[], write: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await write(item);
}

async function ids(list: Promise<readonly { readonly id: string }[]>): Promise<string[]> {
  return (await list).map(({ id }) => id);
}

function numbered(prefix: string, n: number): string {
  return `${prefix}_${String(n).padStart(3, "0")}`;
}

function user(n: number, over: Partial<User> = {}): User {
  return {
    id: numbered("usr", n),
    name: `Ada ${n}`,
    email: `ada${n}@example.com`,
    picture: "https://pictures.example.com/ada",
    status: "active",
    createdAt: NOW,
    lastSignInAt: NOW + 1,
    ...over,
  };
}

function identity(n: number, over: Partial<Identity> = {}): Identity {
  return {
    id: numbered("idn", n),
    userId: "usr_001",
    provider: "google",
    issuer: "https://accounts.example.com",
    subject: `subject-${n}`,
    handle: `ada${n}`,
    email: `ada${n}@example.com`,
    emailVerified: true,
    createdAt: NOW,
    lastUsedAt: NOW + 1,
    ...over,
  };
}

function session(n: number, over: Partial<Session> = {}): Session {
  return {
    id: numbered("ses", n),
    userId: "usr_001",
    secretHash: `hash-of-${n}`,
    provider: "google",
    identityId: "idn_001",
    createdAt: NOW,
    authenticatedAt: NOW + 1,
    lastSeenAt: NOW + 2,
    expiresAt: NOW + 3,
    userAgent: "Mozilla/5.0",
    address: "2001:db8::1",
    ...over,
  };
}

function grant(n: number, role: string, source: RoleGrant["source"] = "direct"): RoleGrant {
  return { userId: numbered("usr", n), role, source, createdAt: NOW };
}

function pendingGrant(n: number, over: Partial<PendingGrant> = {}): PendingGrant {
  return {
    id: numbered("pgr", n),
    provider: "google",
    who: "ada@example.com",
    role: "admin",
    createdAt: NOW,
    createdBy: "cli:root@host",
    reason: "because",
    ...over,
  };
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

function accessRequest(n: number, change: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id: `arq_00${n}`,
    provider: "google",
    issuer: "https://accounts.example",
    subject: "subject-1",
    userId: "usr_001",
    handle: "张伟",
    name: "O'Brien",
    email: "Ada@Example.com",
    emailVerified: true,
    note: 'line 1\nline 2 "%_\\',
    status: "pending",
    createdAt: NOW + n,
    decidedAt: null,
    decidedBy: null,
    role: null,
    reason: null,
    askAgainAt: null,
    enteredAt: null,
    ...change,
  };
}

function invitation(n: number, over: Partial<Invitation> = {}): Invitation {
  return {
    id: numbered("inv", n),
    secretHash: `hash-of-invitation-${n}`,
    recipient: { kind: "email", provider: null, who: "ada@example.com" },
    roles: ["member", "support"],
    createdAt: NOW,
    createdBy: "usr_001",
    reason: "joins on Monday",
    expiresAt: NOW + 72 * 60 * 60 * 1000,
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    revokedBy: null,
    ...over,
  };
}

function ownerLink(n: number, over: Partial<OwnerLink> = {}): OwnerLink {
  return {
    id: numbered("olk", n),
    secretHash: `hash-of-link-${n}`,
    userId: "usr_001",
    breakGlass: true,
    createdAt: NOW,
    createdBy: "cli:root@host",
    reason: "provider down",
    expiresAt: NOW + 600_000,
    usedAt: null,
    usedBy: null,
    reviewedAt: null,
    reviewedBy: null,
    ...over,
  };
}

function event(n: number, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: numbered("aud", n),
    at: NOW + n,
    action: "login.succeeded",
    actor: "usr_001",
    target: "usr_001",
    reference: null,
    reason: "because",
    address: "192.0.2.1",
    detail: { provider: "google" },
    ...over,
  };
}
