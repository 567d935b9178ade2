import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { authenticateRequest } from "../http/guards.ts";
import type { StoreTransaction } from "../model/store.ts";
import { openStore } from "../storage/open-store.ts";
import { createLivePolicy } from "./live-policy.ts";

const OPTIONS = { roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] } };

let office: TestRuntime;
beforeEach(async () => {
  office = await openTestRuntime(OPTIONS);
});
afterEach(() => office.close());

async function make(tx: StoreTransaction, name: string, permissions: readonly string[]): Promise<void> {
  const { roles } = await tx.policy.change();
  await roles.insert({ name, title: null, permissions, createdAt: 1, createdBy: "test", changedAt: 1 });
}

const permissionsOf = async (cookie: string) =>
  (await authenticateRequest(office.runtime, { headers: { cookie } }))?.user.permissions;

test("what code declares is known before anything is read, and stays when the database says otherwise", async () => {
  const { policy, store } = office.runtime;
  expect(policy.configured.roles).toContain("lead");
  await store.transaction((tx) => make(tx, "lead", []));
  const { roles } = await policy.latest();
  expect(roles.permissionsOf(["lead"])).toEqual(["orders.read", "orders.refund"]);
});

test("a role of the database gives what code still declares, and nothing else", async () => {
  const { policy, store } = office.runtime;
  await store.transaction((tx) => make(tx, "refunds", ["orders.refund", "once.there"]));
  const { roles } = await policy.latest();
  expect(roles.roles).toContain("refunds");
  expect(roles.permissionsOf(["refunds"])).toEqual(["orders.refund"]);
});

test("the next look at a session has the policy that stands beside it, whoever changed it", async () => {
  const { cookie } = await office.signIn("member", "refunds");
  expect(await permissionsOf(cookie)).toEqual([]);
  const elsewhere = await openStore(office.runtime.settings.database, office.runtime);
  await elsewhere.transaction((tx) => make(tx, "refunds", ["orders.refund"]));
  office.runtime.sessionCache.clear();
  expect(await permissionsOf(cookie)).toEqual(["orders.refund"]);
  await elsewhere.transaction(async (tx) => (await tx.policy.change()).roles.delete("refunds"));
  office.runtime.sessionCache.clear();
  expect(await permissionsOf(cookie)).toEqual([]);
  await elsewhere.close();
});

test("nobody is let in by what was known before when it cannot be read anew", async () => {
  const { cookie } = await office.signIn("member");
  const { store } = office.runtime;
  await permissionsOf(cookie);
  office.runtime.sessionCache.clear();
  await store.transaction((tx) => make(tx, "refunds", []));
  const policy = createLivePolicy(office.runtime.settings, {
    policy: { version: store.policy.version, read: () => Promise.reject(new Error("gone")) },
  });
  const broken = { ...office.runtime, policy };
  await expect(async () => authenticateRequest(broken, { headers: { cookie } })).rejects.toThrow("gone");
});

test("inside a transaction its own changes count, and are forgotten when it fails", async () => {
  const { policy, store } = office.runtime;
  const before = await policy.latest();
  const failing = store.transaction(async (tx) => {
    await make(tx, "refunds", ["orders.refund"]);
    expect((await policy.within(tx)).roles.roles).toContain("refunds");
    throw new Error("a mistake");
  });
  await expect(failing).rejects.toThrow("a mistake");
  await store.transaction((tx) => make(tx, "other", []));
  const after = await policy.latest();
  expect(after.version).toBe(before.version + 1);
  expect(after.roles.roles).not.toContain("refunds");
  expect(after.roles.roles).toContain("other");
});

test("many who ask at once share one read, and none of them gets an older one", async () => {
  const { store, settings } = office.runtime;
  let reads = 0;
  let duringFirst: (() => Promise<void>) | null = async () => {
    await store.transaction((tx) => make(tx, "refunds", []));
  };
  const policy = createLivePolicy(settings, {
    policy: {
      version: store.policy.version,
      read: async () => {
        reads++;
        const found = await store.policy.read();
        const change = duringFirst;
        duringFirst = null;
        await change?.();
        return found;
      },
    },
  });
  const old = await store.policy.version();
  const first = policy.since(old);
  // Asked while the first read, which will not know it, is still under way.
  const later = Array.from({ length: 20 }, () => policy.since(old + 1));
  expect((await first).version).toBe(old);
  expect(new Set((await Promise.all(later)).map(({ version }) => version))).toEqual(new Set([old + 1]));
  expect(reads).toBe(2);
  expect(policy.since(old + 1)).not.toBeInstanceOf(Promise);
});
