import { describe, expect, test } from "vitest";
import type { StoredRole } from "../../../model/stored-role.ts";
import { NOW, ODD_TEXTS, session, user } from "./fixtures.ts";
import type { Migrated, OpenedStore } from "./opened-store.ts";

/** What every store promises about the policy: the roles that administrators make, and its version. */
export function policyPromises(migrated: Migrated, opened: () => OpenedStore): void {
  describe("the policy", () => {
    test("holds the roles as they are given, by name", async () => {
      const store = await migrated();
      const odd = ODD_TEXTS.map((text, n) => role(`odd-${n}`, { title: { en: text, "zh-CN": "财务" } }));
      const all = [role("zeta"), role("Zeta", { title: null, permissions: [] }), ...odd];
      await store.transaction(async (tx) => {
        const { roles } = await tx.policy.change();
        for (const one of all) expect(await roles.insert(one)).toBe(true);
        expect(await roles.insert(role("zeta", { permissions: [] }))).toBe(false);
      });
      const inOrder = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect((await store.policy.read()).roles).toStrictEqual(inOrder);
    });

    test("changes and loses a role of a name, and tells whether there was one", async () => {
      const store = await migrated();
      await store.transaction(async (tx) => {
        const { roles } = await tx.policy.change();
        await roles.insert(role("lead"));
        await roles.insert(role("other"));
      });
      const change = { title: null, permissions: ["a.b"], changedAt: NOW + 5 };
      await store.transaction(async (tx) => {
        const { roles } = await tx.policy.change();
        expect(await roles.change("lead", change)).toBe(true);
        expect(await roles.change("Lead", change)).toBe(false);
        expect(await roles.delete("other")).toBe(true);
        expect(await roles.delete("other")).toBe(false);
      });
      expect((await store.policy.read()).roles).toStrictEqual([role("lead", change)]);
    });

    test("has another version after every change, for every handle and beside every session", async () => {
      const store = await migrated();
      const other = await opened().reopen();
      await store.transaction(async (tx) => {
        await tx.users.insert(user(1));
        await tx.sessions.insert(session(1));
      });
      const seen: number[] = [];
      for (let n = 0; n < 3; n++) {
        const version = await other.policy.version();
        seen.push(version);
        expect((await store.policy.read()).version).toBe(version);
        const snapshot = await store.sessions.findBySecretHash(session(1).secretHash);
        expect(snapshot?.policyVersion).toBe(version);
        await store.transaction(async (tx) => {
          await (await tx.policy.change()).roles.insert(role(`role-${n}`));
          const inside = await tx.sessions.findBySecretHash(session(1).secretHash);
          expect(inside?.policyVersion).toBe(await tx.policy.version());
          expect(inside?.policyVersion).not.toBe(version);
        });
      }
      expect(new Set(seen).size).toBe(3);
    });

    test("keeps version and roles when the transaction fails", async () => {
      const store = await migrated();
      const before = await store.policy.read();
      const failing = store.transaction(async (tx) => {
        await (await tx.policy.change()).roles.insert(role("lead"));
        throw new Error("a mistake in the work");
      });
      await expect(failing).rejects.toThrow("a mistake");
      expect(await store.policy.read()).toStrictEqual(before);
    });

    test("is not changed while somebody holds it, nor held while somebody changes it", async () => {
      const store = await migrated();
      const other = await opened().reopen();
      const order: string[] = [];
      const under = async (name: string, work: () => Promise<unknown>) => {
        order.push(`${name} begins`);
        // Time enough for the others to come in, if they could.
        for (let n = 0; n < 20; n++) await work();
        order.push(`${name} ends`);
      };
      const change = (name: string) =>
        other.transaction(async (tx) => {
          await tx.policy.change();
          await under(name, () => tx.policy.version());
        });
      let [changing, holding]: Promise<void>[] = [];
      await store.transaction(async (tx) => {
        await tx.policy.hold();
        changing = change("change");
        await under("hold", () => tx.policy.version());
      });
      await store.transaction(async (tx) => {
        await tx.policy.change();
        holding = other.transaction(async (late) => {
          await late.policy.hold();
          await under("late hold", () => late.policy.version());
        });
        await under("second change", () => tx.policy.version());
      });
      await Promise.all([changing, holding]);
      // Each ends before another begins.
      for (let n = 0; n < order.length; n += 2)
        expect(order[n + 1]).toBe(order[n]?.replace("begins", "ends"));
      expect(order).toHaveLength(8);
    });

    test("loses no change when many change it at once", async () => {
      const store = await migrated();
      const handles = [store, await opened().reopen()];
      const before = await store.policy.version();
      const names = Array.from({ length: 12 }, (_, n) => `role-${n}`);
      await Promise.all(
        names.map((name, n) =>
          (handles[n % 2] ?? store).transaction(async (tx) => {
            await (await tx.policy.change()).roles.insert(role(name));
          }),
        ),
      );
      const { version, roles } = await store.policy.read();
      expect(roles.map(({ name }) => name)).toEqual(names.toSorted());
      expect(version - before).toBe(names.length);
    });
  });
}

function role(name: string, over: Partial<StoredRole> = {}): StoredRole {
  return {
    name,
    title: { en: "Lead", "zh-CN": "主管" },
    permissions: ["orders.read", "orders.refund"],
    createdAt: NOW,
    createdBy: "usr_001",
    changedAt: NOW + 1,
    ...over,
  };
}
