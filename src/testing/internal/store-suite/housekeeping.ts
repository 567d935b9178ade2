import { describe, expect, test } from "vitest";
import { newId } from "../../../crypto/random.ts";
import type { SweptKind } from "../../../model/housekeeping.ts";
import type { Store } from "../../../model/store.ts";
import { accessRequest } from "./access-requests.ts";
import { each, event, identity, ids, NOW, session, user } from "./fixtures.ts";
import { invitation } from "./invitations.ts";
import type { Migrated } from "./opened-store.ts";
import { ownerLink } from "./owner-links.ts";
import { delivery } from "./webhook-deliveries.ts";

const HOUR = 60 * 60 * 1_000;

/** What every store promises about removing what has had its time. */
export function housekeepingPromises(migrated: Migrated): void {
  const withSessions = async (count: number) => {
    const store = await migrated();
    await store.transaction(async (tx) => {
      await tx.users.insert(user(1));
      await tx.identities.insert(identity(1));
      for (let n = 1; n <= count; n++)
        await tx.sessions.insert(session(n, { expiresAt: NOW + n, lastSeenAt: NOW - n }));
    });
    return store;
  };

  describe("housekeeping", () => {
    test("takes sessions by their end, oldest first and not more than so many, with what hangs on them", async () => {
      const store = await withSessions(6);
      const there = {
        provider: "google",
        issuer: "https://i.example",
        subject: "s",
        sid: null,
        idToken: null,
      };
      await store.transaction((tx) =>
        tx.providerSessions.insert({ ...there, sessionId: "ses_001", createdAt: NOW }),
      );
      expect(await store.housekeeping.count([{ kind: "sessions", before: NOW + 5 }], 99)).toBe(4);
      expect(await store.housekeeping.count([{ kind: "sessions", before: NOW + 5 }], 3)).toBe(3);
      expect(await remove(store, "sessions", NOW + 5, 3)).toBe(3);
      expect(await ids(store.sessions.ofUser("usr_001"))).toEqual(["ses_006", "ses_005", "ses_004"]);
      expect(await store.providerSessions.get("ses_001")).toBeNull();
      expect(await remove(store, "sessions", NOW + 5)).toBe(1);
      expect(await remove(store, "sessions", NOW + 5)).toBe(0);
    });

    test("takes sessions by their last use", async () => {
      const store = await withSessions(4);
      const both = [
        { kind: "sessions", before: NOW + 4 },
        { kind: "idle_sessions", before: NOW - 2 },
      ] as const;
      expect(await store.housekeeping.count(both, 99)).toBe(4);
      expect(await store.housekeeping.count([], 99)).toBe(0);
      expect(await remove(store, "idle_sessions", NOW - 2)).toBe(2);
      expect(await ids(store.sessions.ofUser("usr_001"))).toEqual(["ses_002", "ses_001"]);
    });

    test("takes each row once, however many are at it", async () => {
      const store = await withSessions(60);
      const taken = await Promise.all(
        Array.from({ length: 8 }, () => remove(store, "sessions", NOW + 99, 20)),
      );
      const rest = await remove(store, "sessions", NOW + 99);
      expect(taken.reduce((sum, count) => sum + count, rest)).toBe(60);
    });

    test("takes what was spent, and no more", async () => {
      const store = await migrated();
      const expiring = { provider: "google", idToken: null };
      await store.transaction(async (tx) => {
        await tx.limitCounts.put("one", [
          { id: "old", count: 1, expiresAt: NOW - 1 },
          { id: "new", count: 1, expiresAt: NOW },
        ]);
        await tx.limitCounts.put("two", [{ id: "old", count: 2, expiresAt: NOW - 1 }]);
        for (const [n, expiresAt] of [NOW - 1, NOW].entries()) {
          await tx.loginTransactions.consume(`state-${n}`, expiresAt);
          await tx.providerSignOuts.insert({ ...expiring, stateHash: `state-${n}`, expiresAt });
        }
      });
      expect(await remove(store, "limit_counts", NOW)).toBe(2);
      expect(await remove(store, "login_transactions", NOW)).toBe(1);
      expect(await remove(store, "provider_sign_outs", NOW)).toBe(1);
      expect(await remove(store, "logout_notices", NOW)).toBe(0);
      const [again, fresh] = await store.transaction(async (tx) => [
        await tx.loginTransactions.consume("state-0", NOW + HOUR),
        await tx.loginTransactions.consume("state-1", NOW + HOUR),
      ]);
      expect([again, fresh]).toEqual([true, false]);
    });

    test("takes requests that nobody waits for and that no longer stand", async () => {
      const store = await migrated();
      const decided = { decidedAt: NOW - 1, decidedBy: "usr_009" };
      const all = [
        accessRequest(1, { status: "approved", ...decided, enteredAt: NOW }),
        accessRequest(2, { status: "approved", ...decided, enteredAt: null }),
        accessRequest(3, { status: "declined", ...decided, askAgainAt: NOW - 1 }),
        accessRequest(4, { status: "declined", ...decided, askAgainAt: NOW + 1 }),
        accessRequest(5, { status: "pending" }),
        accessRequest(6, { status: "approved", ...decided, decidedAt: NOW, enteredAt: NOW }),
      ];
      const apart = all.map((one) => ({ ...one, subject: one.id }));
      await store.transaction((tx) => each(apart, tx.accessRequests.insert));
      expect(await store.housekeeping.count([{ kind: "declined_requests", before: NOW }], 9)).toBe(1);
      expect(await remove(store, "approved_requests", NOW)).toBe(1);
      expect(await remove(store, "declined_requests", NOW)).toBe(1);
      const left = await ids(store.accessRequests.list({ limit: 9 }));
      expect(left).toEqual([2, 4, 5, 6].map((n) => accessRequest(n).id));
    });

    test("takes invitations and owner links past their end; not one whose use is still to be reviewed", async () => {
      const store = await migrated();
      const over = { expiresAt: NOW - 1 };
      const used = { ...over, usedAt: NOW - 2, usedBy: "usr_001" };
      await store.transaction(async (tx) => {
        await each([invitation(1, over), invitation(2, { expiresAt: NOW })], tx.invitations.insert);
        const links = [
          ownerLink(1, over),
          ownerLink(2, { ...used, breakGlass: true }),
          ownerLink(3, { ...used, breakGlass: true, reviewedAt: NOW - 1, reviewedBy: "usr_002" }),
          ownerLink(4, { ...used, breakGlass: false }),
          ownerLink(5, { expiresAt: NOW }),
        ];
        await each(links, tx.ownerLinks.insert);
      });
      expect(await remove(store, "invitations", NOW)).toBe(1);
      expect(await ids(store.invitations.list({ limit: 9 }))).toEqual([invitation(2).id]);
      expect(await remove(store, "owner_links", NOW)).toBe(3);
      const left = await Promise.all([1, 2, 3, 4, 5].map((n) => store.ownerLinks.get(ownerLink(n).id)));
      expect(left.map((link) => link !== null)).toEqual([false, true, false, false, true]);
    });

    test("takes messages to webhooks after their end, and those never sent after their beginning", async () => {
      const store = await migrated();
      const all = [
        delivery(1, { state: "delivered", finishedAt: NOW - 1 }),
        delivery(2, { state: "delivered", finishedAt: NOW }),
        delivery(3, { createdAt: NOW - 100 }),
        delivery(4, { createdAt: NOW - 101 }),
      ];
      await store.transaction((tx) => each(all, tx.webhookDeliveries.insert));
      expect(await remove(store, "finished_messages", NOW)).toBe(1);
      expect(await remove(store, "unsent_messages", NOW - 100)).toBe(1);
      expect(await ids(store.webhookDeliveries.list({ limit: 9 }))).toEqual(["whd_003", "whd_002"]);
    });

    test("takes audit events by when they happened", async () => {
      const store = await migrated();
      const happened = [NOW - HOUR, NOW - 1, NOW, NOW + 1].map((at) =>
        event(0, { id: newId("aud_", at), at }),
      );
      await store.transaction((tx) => each(happened, tx.audit.insert));
      expect(await store.housekeeping.count([{ kind: "audit_events", before: NOW }], 9)).toBe(2);
      expect(await remove(store, "audit_events", NOW, 1)).toBe(1);
      expect(await remove(store, "audit_events", NOW)).toBe(1);
      expect((await store.audit.list({ limit: 9 })).map(({ at }) => at)).toEqual([NOW + 1, NOW]);
    });

    test("is the right of one at a time, who renews it or gives it back", async () => {
      const store = await migrated();
      const hold = (owner: string, milliseconds = HOUR) =>
        store.transaction((tx) => tx.housekeeping.hold(owner, milliseconds));
      const first = await Promise.all(["a", "b", "c", "d"].map((owner) => hold(owner)));
      expect(first.filter(Boolean)).toHaveLength(1);
      const [holder = "", other = ""] = first[0]
        ? ["a", "b"]
        : [["a", "b", "c", "d"][first.indexOf(true)], "a"];
      expect([await hold(holder), await hold(holder), await hold(other)]).toEqual([true, true, false]);
      await store.transaction((tx) => tx.housekeeping.release(other));
      expect(await hold(other)).toBe(false);
      await store.transaction((tx) => tx.housekeeping.release(holder));
      expect([await hold(other), await hold(holder)]).toEqual([true, false]);
    });

    test("is renewed as often as one likes, also several times in a millisecond", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        for (let n = 0; n < 100; n++) expect(await tx.housekeeping.hold("a", HOUR)).toBe(true);
      });
    });

    test("is taken over from somebody who does not renew the right in time", async () => {
      const store = await migrated();
      const hold = (owner: string, milliseconds: number) =>
        store.transaction((tx) => tx.housekeeping.hold(owner, milliseconds));
      expect(await hold("a", -1)).toBe(true);
      expect(await hold("b", HOUR)).toBe(true);
      expect(await hold("a", HOUR)).toBe(false);
    });

    test("remembers the moment that the last run went by, earlier or later, whoever has the right", async () => {
      const store = await migrated();
      expect(await store.housekeeping.lastMoment()).toBeNull();
      for (const moment of [NOW, NOW + HOUR, NOW - HOUR]) {
        await store.transaction((tx) => tx.housekeeping.noteMoment(moment));
        expect(await store.housekeeping.lastMoment()).toBe(moment);
      }
      expect(await store.transaction((tx) => tx.housekeeping.hold("a", HOUR))).toBe(true);
      await store.transaction((tx) => tx.housekeeping.release("a"));
      expect(await store.housekeeping.lastMoment()).toBe(NOW - HOUR);
    });

    test("remembers how many events were removed until somebody tells of it", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.housekeeping.hold("a", HOUR));
      const note = (events: number) => store.transaction((tx) => tx.housekeeping.noteRemoved(events));
      await note(500);
      await note(7);
      const failing = store.transaction(async (tx) => {
        expect(await tx.housekeeping.takeRemoved()).toBe(507);
        throw new Error("later");
      });
      await expect(failing).rejects.toThrow("later");
      const take = () => store.transaction((tx) => tx.housekeeping.takeRemoved());
      expect([await take(), await take()]).toEqual([507, 0]);
    });
  });
}

function remove(store: Store, kind: SweptKind, before: number, most = 99): Promise<number> {
  return store.transaction((tx) => tx.housekeeping.remove({ kind, before }, most));
}
