import { describe, expect, test } from "vitest";
import type { LogoutNotice } from "../../../model/logout-notice.ts";
import { each, NOW } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

const PLACE = { provider: "corp", issuer: "https://sso.example.com" };

function notice(tokenHash: string, over: Partial<LogoutNotice> = {}): LogoutNotice {
  return {
    ...PLACE,
    tokenHash,
    sid: "sid-1",
    subject: "ada",
    issuedAt: NOW - 1_000,
    receivedAt: NOW,
    expiresAt: NOW + 1_000,
    ...over,
  };
}

/** What every store promises about notices of sessions that ended at a provider. */
export function logoutNoticePromises(migrated: Migrated): void {
  describe("logout notices", () => {
    test("count once, however often and at once they come", async () => {
      const store = await migrated();
      const come = () => store.transaction((tx) => tx.logoutNotices.insert(notice("token-1")));
      const came = await Promise.all(Array.from({ length: 20 }, come));
      expect(came.filter(Boolean)).toHaveLength(1);
      expect(await come()).toBe(false);
      expect(await store.transaction((tx) => tx.logoutNotices.insert(notice("Token-1")))).toBe(true);
    });

    test("are found for the session or the person that they are about", async () => {
      const store = await migrated();
      const notices = [
        notice("by-sid"),
        notice("by-subject", { sid: null }),
        notice("another-sid", { sid: "sid-2" }),
        notice("another-subject", { sid: null, subject: "bo" }),
        notice("another-provider", { provider: "other" }),
        notice("another-issuer", { issuer: "https://sso.example.com/" }),
        notice("earlier", { receivedAt: NOW - 1 }),
      ];
      await store.transaction((tx) => each(notices, tx.logoutNotices.insert));
      await store.transaction(async (tx) => {
        const found = async (sid: string | null, subject: string) =>
          (await tx.logoutNotices.lockAndFind({ ...PLACE, sid, subject }, NOW)).map((one) => one.tokenHash);
        expect(await found("sid-1", "ada")).toEqual(["by-sid", "by-subject"]);
        // Nobody knows which of her sessions it is: each of these may be about it.
        expect(await found(null, "ada")).toEqual(["another-sid", "by-sid", "by-subject"]);
        expect(await found("sid-9", "Ada")).toEqual([]);
        const [first] = await tx.logoutNotices.lockAndFind({ ...PLACE, sid: "sid-1", subject: "x" }, NOW);
        expect(first).toStrictEqual(notice("by-sid"));
      });
    });

    test("that expired are carried out by the next", async () => {
      const store = await migrated();
      const insert = (one: LogoutNotice) => store.transaction((tx) => tx.logoutNotices.insert(one));
      expect(await insert(notice("ancient", { expiresAt: 1 }))).toBe(true);
      expect(await insert(notice("token-1"))).toBe(true);
      expect(await insert(notice("ancient"))).toBe(true);
      expect(await insert(notice("token-1"))).toBe(false);
    });

    test.each([
      ["of the session", {}],
      ["of the person", { sid: null }],
    ])("%s wait for a sign-in that has looked, and then see what it wrote", async (_, over) => {
      const store = await migrated();
      const order: string[] = [];
      let looked = () => {};
      const hasLooked = new Promise<void>((resolve) => {
        looked = resolve;
      });
      const signIn = store.transaction(async (tx) => {
        await tx.logoutNotices.lockAndFind({ ...PLACE, sid: "sid-1", subject: "ada" }, NOW);
        looked();
        // Work that takes a while, on the same connection.
        for (let n = 0; n < 20; n++) await tx.users.get("usr_none");
        order.push("signed in");
      });
      await hasLooked;
      const told = store.transaction(async (tx) => {
        await tx.logoutNotices.insert(notice("token-1", over));
        order.push("told");
      });
      await Promise.all([signIn, told]);
      expect(order).toEqual(["signed in", "told"]);
    });
  });
}
