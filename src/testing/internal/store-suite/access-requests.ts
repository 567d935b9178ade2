import { describe, expect, test } from "vitest";
import type { AccessRequest } from "../../../model/access-request.ts";
import { ids, NOW } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about requests for access. */
export function accessRequestPromises(migrated: Migrated): void {
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

    test("of one user move to another, as they stand", async () => {
      const store = await migrated();
      const mine = [accessRequest(1), accessRequest(2, { subject: "subject-2", status: "declined" })];
      const others = [
        accessRequest(3, { subject: "subject-3", userId: "usr_003" }),
        accessRequest(4, { subject: "subject-4", userId: null }),
      ];
      await store.transaction(async (tx) => {
        for (const one of [...mine, ...others]) await tx.accessRequests.insert(one);
        await tx.accessRequests.move("usr_001", "usr_002");
      });
      for (const one of [...mine.map((each) => ({ ...each, userId: "usr_002" })), ...others])
        expect(await store.accessRequests.get(one.id)).toStrictEqual(one);
    });
  });
}

export function accessRequest(n: number, change: Partial<AccessRequest> = {}): AccessRequest {
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
