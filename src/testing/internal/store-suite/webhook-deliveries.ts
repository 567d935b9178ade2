import { describe, expect, test } from "vitest";
import type { Store } from "../../../model/store.ts";
import type { WebhookDelivery } from "../../../model/webhook.ts";
import { each, ids, NOW, numbered, ODD_TEXTS } from "./fixtures.ts";
import type { Migrated } from "./opened-store.ts";

const FARTHEST = 1_000_000;

/** What every store promises about messages to webhooks. */
export function webhookDeliveryPromises(migrated: Migrated): void {
  describe("messages to webhooks", () => {
    test("are kept as they are given, byte for byte, and listed newest first", async () => {
      const store = await migrated();
      const all = [
        ...ODD_TEXTS.map((body, n) => delivery(n, { body })),
        delivery(50, { state: "given_up", lastStatus: 500, lastFailure: "status_500", finishedAt: NOW + 2 }),
      ];
      await store.transaction((tx) => each(all, tx.webhookDeliveries.insert));
      expect(await store.webhookDeliveries.list({ limit: 99 })).toStrictEqual(all.toReversed());
      expect(await ids(store.webhookDeliveries.list({ limit: 2, after: "whd_003" }))).toEqual([
        "whd_002",
        "whd_001",
      ]);
    });

    test("are taken by one of many who look at once, each once", async () => {
      const store = await migrated();
      const all = Array.from({ length: 12 }, (_, n) => delivery(n));
      await store.transaction((tx) => each(all, tx.webhookDeliveries.insert));
      const taken = await Promise.all(Array.from({ length: 6 }, () => claim(store, { limit: 5 })));
      const found = taken.flat().map(({ id }) => id);
      expect(new Set(found).size).toBe(found.length);
      const left = await claim(store, { limit: 99 });
      expect([...found, ...left.map(({ id }) => id)].sort()).toEqual(all.map(({ id }) => id));
      expect(await claim(store)).toEqual([]);
      expect(taken.flat()[0]).toMatchObject({ attempts: 1, nextAttemptAt: NOW + 60_000 });
    });

    test("are due when their time has come, or lies so far ahead that a clock was wrong", async () => {
      const store = await migrated();
      const all = [
        delivery(1, { nextAttemptAt: NOW }),
        delivery(2, { nextAttemptAt: NOW + 1 }),
        delivery(3, { nextAttemptAt: NOW + FARTHEST }),
        delivery(4, { nextAttemptAt: NOW + FARTHEST + 1 }),
        delivery(5, { endpoint: "whe_other" }),
        delivery(6, { state: "delivered" }),
      ];
      await store.transaction((tx) => each(all, tx.webhookDeliveries.insert));
      const look = { endpoint: "whe_one", now: NOW, farthest: FARTHEST };
      expect(await store.webhookDeliveries.isAnyDue(look)).toBe(true);
      expect((await claim(store)).map(({ id }) => id)).toEqual(["whd_001", "whd_004"]);
      expect(await store.webhookDeliveries.isAnyDue(look)).toBe(false);
    });

    test("are settled once, and a failure only by the attempt that it was", async () => {
      const store = await migrated();
      await store.transaction((tx) => tx.webhookDeliveries.insert(delivery(1, { attempts: 2 })));
      const settle = (attempts: number, state: "pending" | "delivered") =>
        store.transaction((tx) =>
          tx.webhookDeliveries.settle(
            { id: "whd_001", attempts },
            { state, lastStatus: 500, lastFailure: "status_500", finishedAt: null },
          ),
        );
      expect(await settle(1, "pending")).toBe(false);
      expect(await settle(2, "pending")).toBe(true);
      expect(await settle(1, "delivered")).toBe(true);
      expect(await settle(2, "pending")).toBe(false);
      expect(await settle(2, "delivered")).toBe(false);
    });

    test("are dropped for an endpoint that wants none, which is stopped and resumed once", async () => {
      const store = await migrated();
      const all = [
        delivery(1),
        delivery(2),
        delivery(3, { endpoint: "whe_other" }),
        delivery(4, { state: "delivered" }),
      ];
      await store.transaction((tx) => each(all, tx.webhookDeliveries.insert));
      expect(await store.transaction((tx) => tx.webhookDeliveries.dropPending("whe_one", NOW + 5))).toBe(2);
      expect((await store.webhookDeliveries.list({ limit: 9 })).map(({ state }) => state)).toEqual([
        "delivered",
        "pending",
        "dropped",
        "dropped",
      ]);
      const stop = () => store.transaction((tx) => tx.webhookDeliveries.stop("whe_one", NOW));
      const resume = () => store.transaction((tx) => tx.webhookDeliveries.resume("whe_one"));
      expect([await stop(), await stop()]).toEqual([true, false]);
      expect(await store.webhookDeliveries.stoppedSince("whe_one")).toBe(NOW);
      expect(await store.webhookDeliveries.stoppedSince("whe_other")).toBeNull();
      expect([await resume(), await resume()]).toEqual([true, false]);
      expect(await store.webhookDeliveries.stoppedSince("whe_one")).toBeNull();
    });
  });
}

function claim(store: Store, { limit = 9 } = {}): Promise<readonly WebhookDelivery[]> {
  const due = { endpoint: "whe_one", now: NOW, farthest: FARTHEST, limit };
  return store.transaction((tx) => tx.webhookDeliveries.claim(due, (attempts) => attempts * 60_000));
}

export function delivery(n: number, over: Partial<WebhookDelivery> = {}): WebhookDelivery {
  return {
    id: numbered("whd", n),
    endpoint: "whe_one",
    event: "access_request.created",
    body: '{"type":"access_request.created"}',
    state: "pending",
    attempts: 0,
    createdAt: NOW - 1,
    nextAttemptAt: NOW - 1,
    lastStatus: null,
    lastFailure: null,
    finishedAt: null,
    ...over,
  };
}
