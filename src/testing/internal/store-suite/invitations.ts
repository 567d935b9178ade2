import { describe, expect, test } from "vitest";
import type { Invitation } from "../../../model/invitation.ts";
import { each, ids, NOW, numbered, ODD_TEXTS } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

/** What every store promises about invitations. */
export function invitationPromises(migrated: Migrated): void {
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

    test("that are open move with whoever made them; those that are done with stay as they were", async () => {
      const store = await migrated();
      const accepted = invitation(2, { acceptedAt: NOW + 1, acceptedBy: "usr_009" });
      const revoked = invitation(3, { revokedAt: NOW + 1, revokedBy: "usr_001" });
      const others = invitation(4, { createdBy: "usr_003" });
      await store.transaction(async (tx) => {
        await each([invitation(1), accepted, revoked, others], tx.invitations.insert);
        await tx.invitations.move("usr_001", "usr_002");
      });
      const moved = invitation(1, { createdBy: "usr_002" });
      for (const one of [moved, accepted, revoked, others])
        expect(await store.invitations.get(one.id)).toStrictEqual(one);
    });
  });
}

export function invitation(n: number, over: Partial<Invitation> = {}): Invitation {
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
