import { describe, expect, test } from "vitest";
import type { ProviderSession } from "../../../model/provider-session.ts";
import { each, NOW, ODD_TEXTS, session, user } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

function there(sessionId: string, over: Partial<ProviderSession> = {}): ProviderSession {
  return {
    sessionId,
    provider: "corp",
    issuer: "https://sso.example.com",
    subject: "ada",
    sid: "sid-1",
    idToken: "sealed",
    createdAt: NOW,
    ...over,
  };
}

/** What every store promises about sessions at providers. */
export function providerSessionPromises(migrated: Migrated): void {
  const withSessions = async () => {
    const store = await migrated();
    await store.transaction(async (tx) => {
      await each([user(1), user(2)], tx.users.insert);
      await each(
        [1, 2, 3, 4, 5, 6].map((n) => session(n)),
        tx.sessions.insert,
      );
    });
    return store;
  };

  describe("sessions at providers", () => {
    test("are kept as they are given", async () => {
      const store = await withSessions();
      const plain = there("ses_001", { sid: null, idToken: null });
      const odd = there("ses_002", { subject: ODD_TEXTS[0] ?? "", sid: ODD_TEXTS[3] ?? "" });
      await store.transaction((tx) => each([plain, odd], tx.providerSessions.insert));
      expect(await store.providerSessions.get("ses_001")).toStrictEqual(plain);
      expect(await store.providerSessions.get("ses_002")).toStrictEqual(odd);
      expect(await store.providerSessions.get("ses_003")).toBeNull();
    });

    test("are found by what the provider calls them, at that provider and issuer only", async () => {
      const store = await withSessions();
      const rows = [
        there("ses_001"),
        there("ses_002"),
        there("ses_003", { sid: "sid-2" }),
        there("ses_004", { provider: "other" }),
        there("ses_005", { issuer: "https://sso.example.com/" }),
        there("ses_006", { sid: null, subject: "Ada" }),
      ];
      await store.transaction((tx) => each(rows, tx.providerSessions.insert));
      const place = { provider: "corp", issuer: "https://sso.example.com" };
      await store.transaction(async (tx) => {
        const find = (sid: string | null, subject: string | null, issuer = place.issuer) =>
          tx.providerSessions.find({ ...place, issuer, sid, subject });
        expect(await find("sid-1", null)).toEqual(["ses_001", "ses_002"]);
        expect(await find("SID-1", "ada")).toEqual([]);
        expect(await find(null, "ada")).toEqual(["ses_001", "ses_002", "ses_003"]);
        expect(await find(null, "Ada")).toEqual(["ses_006"]);
        // Of which it is not known what the provider calls it: it may be the one.
        expect(await find("sid-2", "Ada")).toEqual(["ses_003", "ses_006"]);
        expect(await find("sid-1", null, "https://sso.example.com/")).toEqual(["ses_005"]);
        expect(await find(null, null)).toEqual([]);
      });
    });

    test("go with the session, and with the user", async () => {
      const store = await withSessions();
      await store.transaction(async (tx) => {
        await tx.sessions.insert(session(7, { userId: "usr_002" }));
        await each([there("ses_001"), there("ses_002"), there("ses_007")], tx.providerSessions.insert);
      });
      await store.transaction((tx) => tx.sessions.delete(["ses_001"]));
      expect(await store.providerSessions.get("ses_001")).toBeNull();
      expect(await store.providerSessions.get("ses_002")).not.toBeNull();
      await store.transaction((tx) => tx.sessions.deleteOfUser("usr_001"));
      expect(await store.providerSessions.get("ses_002")).toBeNull();
      expect(await store.providerSessions.get("ses_007")).not.toBeNull();
    });

    test("are forgotten alone, and kept anew", async () => {
      const store = await withSessions();
      await store.transaction((tx) => each([there("ses_001"), there("ses_002")], tx.providerSessions.insert));
      const anew = there("ses_001", { sid: "sid-9", idToken: null });
      await store.transaction(async (tx) => {
        await tx.providerSessions.delete("ses_001");
        await tx.providerSessions.delete("ses_none");
        await tx.providerSessions.insert(anew);
      });
      expect(await store.providerSessions.get("ses_001")).toStrictEqual(anew);
      expect(await store.providerSessions.get("ses_002")).toStrictEqual(there("ses_002"));
      await store.transaction(async (tx) => {
        expect(await tx.sessions.ofUser("usr_001")).toHaveLength(6);
      });
    });

    test("need a session here", async () => {
      const store = await withSessions();
      const lost = store.transaction((tx) => tx.providerSessions.insert(there("ses_none")));
      await expect(lost).rejects.toThrow();
    });
  });
}
