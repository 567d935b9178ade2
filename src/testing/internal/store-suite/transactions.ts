import { describe, expect, test } from "vitest";
import type { Store, StoreTransaction } from "../../../model/store.ts";
import { event, grant, identity, session, user } from "./fixtures.ts";
import type { Migrated, OpenedStore } from "./opened-store.ts";

/** What every store promises about transactions. */
export function transactionPromises(migrated: Migrated, opened: () => OpenedStore): void {
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

    test("do what is asked at once in the order in which it was asked", async () => {
      const store = await migrated();
      const seen = await store.transaction((tx) =>
        Promise.all([
          tx.policy.hold(),
          tx.policy.version(),
          // Each of them is refused when it comes before the one that it belongs to.
          tx.users.insert(user(1)),
          tx.identities.insert(identity(1)),
          tx.sessions.insert(session(1)),
          tx.users.lock("usr_001"),
          tx.identities.find(identity(1)),
          tx.audit.insert(event(1)),
        ]),
      );
      expect(seen.slice(5, 7)).toStrictEqual([user(1), identity(1)]);
      expect((await store.sessions.get("ses_001"))?.userId).toBe("usr_001");
    });

    test("are lost as a whole when one of what was asked at once failed, and disturb nobody after them", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.users.insert(user(1)));
      for (let time = 0; time < 20; time++) {
        const failing = store.transaction((tx) =>
          Promise.all([
            tx.users.insert(user(2)),
            tx.users.insert(user(1)),
            tx.users.insert(user(3)),
            tx.audit.insert(event(time)),
          ]),
        );
        await expect(failing).rejects.toThrow();
        await store.transaction((tx) => tx.users.update("usr_001", { name: `Time ${time}` }));
        expect((await store.users.get("usr_001"))?.name).toBe(`Time ${time}`);
      }
      expect(await store.users.count({})).toBe(1);
      expect(await store.audit.list({ limit: 10 })).toEqual([]);
    });

    test("do nothing that is asked when their work has ended", async () => {
      const store = await migrated();
      const late = Promise.withResolvers<unknown>();
      const refused = expect(late.promise).rejects.toThrow();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        // Its end has been said by then, and may not have been answered yet.
        setImmediate(() => tx.users.insert(user(2)).then(late.resolve, late.reject));
      });
      await refused;
      expect([await store.users.get(user(1).id), await store.users.get(user(2).id)]).toEqual([user(1), null]);
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

async function writeOneOfEach(tx: StoreTransaction): Promise<void> {
  await tx.users.insert(user(1));
  await tx.identities.insert(identity(1));
  await tx.sessions.insert(session(1));
  await tx.grants.insert(grant(1, "member"));
  await tx.audit.insert(event(1));
}
