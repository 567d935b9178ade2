import { describe, expect, test, vi } from "vitest";
import type { Changed, Signals } from "../../../model/signals.ts";
import type { Store, StoreTransaction } from "../../../model/store.ts";
import { grant, identity, session, user } from "./fixtures.ts";
import type { Migrated, OpenedStore } from "./opened-store.ts";

/** Everything that may change what a session of `usr_001` is worth, and who has to be told of. */
const CHANGES: Readonly<Record<string, readonly [string, (tx: StoreTransaction) => Promise<unknown>]>> = {
  "a suspension": ["usr_001", (tx) => tx.users.update("usr_001", { status: "suspended" })],
  "a deletion": ["usr_001", (tx) => tx.users.delete("usr_001")],
  "a role that is given": ["usr_001", (tx) => tx.grants.insert(grant(1, "owner"))],
  "a role that is taken away": ["usr_001", (tx) => tx.grants.delete(grant(1, "member"))],
  "a role that is abolished": ["usr_001", (tx) => tx.grants.deleteOfRole("member")],
  "a session that ends": ["ses_001", (tx) => tx.sessions.delete(["ses_001"])],
  "all sessions of somebody": ["ses_001", (tx) => tx.sessions.deleteOfUser("usr_001")],
  "another policy": ["everything", (tx) => tx.policy.change()],
};

/** What every store promises about its signals. */
export function signalPromises(migrated: Migrated, opened: () => OpenedStore): void {
  describe("signals", () => {
    test.each(Object.entries(CHANGES))(
      "%s is told before anything later is proven",
      async (_, [who, change]) => {
        const [store, other] = [await migrated(), await opened().reopen()];
        await store.transaction(writeOneOfEach);
        const told = listenTo(store.signals);
        if (await tellsNothing(store)) return;
        await other.transaction(change);
        await untilProven(store.signals, performance.now());
        expect(told.has(who) || told.has("everything")).toBe(true);
      },
    );

    test("its own changes are told like those of others", async () => {
      const store = await migrated();
      await store.transaction(writeOneOfEach);
      const told = listenTo(store.signals);
      if (await tellsNothing(store)) return;
      await store.transaction((tx) => tx.sessions.delete(["ses_001"]));
      await untilProven(store.signals, performance.now());
      expect(told.has("ses_001") || told.has("everything")).toBe(true);
    });

    test("nothing is told of what was not committed, nor of reading", async () => {
      const [store, other] = [await migrated(), await opened().reopen()];
      await store.transaction(writeOneOfEach);
      if (await tellsNothing(store)) return;
      await untilProven(store.signals, performance.now());
      const told = listenTo(store.signals);
      const failing = other.transaction(async (tx) => {
        await tx.users.update("usr_001", { status: "suspended" });
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      await other.users.get("usr_001");
      await untilProven(store.signals, performance.now());
      expect([...told]).toEqual([]);
    });

    test("a look after closing proves nothing, or fails", async () => {
      const store = await migrated();
      await store.close();
      const closedAt = performance.now();
      await expect(untilProven(store.signals, closedAt + 1_000, 100)).rejects.toThrow();
    });
  });
}

function listenTo(signals: Signals): Set<string> {
  const told = new Set<string>();
  signals.listen((changed: Changed) => {
    for (const id of changed ?? ["everything"]) told.add(id);
  });
  return told;
}

/** True for an engine that has no signals; otherwise waits until its signals prove something. */
async function tellsNothing(store: Store): Promise<boolean> {
  if (store.changeCounter === null && store.signals.longest === Number.POSITIVE_INFINITY) {
    expect(store.signals.look(performance.now()).until).toBe(Number.NEGATIVE_INFINITY);
    return true;
  }
  await untilProven(store.signals, performance.now());
  return false;
}

async function untilProven(signals: Signals, moment: number, timeout = 10_000): Promise<void> {
  const proven = () => {
    const { since, until } = signals.look(performance.now());
    expect(since).toBeLessThan(until);
    expect(until).toBeGreaterThan(moment);
  };
  await vi.waitFor(proven, { timeout, interval: 5 });
}

async function writeOneOfEach(tx: StoreTransaction): Promise<void> {
  await tx.users.insert(user(1));
  await tx.identities.insert(identity(1));
  await tx.sessions.insert(session(1));
  await tx.grants.insert(grant(1, "member"));
}
