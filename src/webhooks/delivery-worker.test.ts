import { afterEach, beforeEach, expect, test } from "vitest";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";
import { openVerbRuntime, type VerbRuntime } from "../../test/support/verb-runtime.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../test/support/webhook-receiver.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { WebhookDelivery, WebhookOptions } from "../model/webhook.ts";
import { hostKey } from "../oauth/host-key.ts";
import { createOutbound, type OutboundTimeouts } from "../oauth/outbound.ts";
import { announce } from "./announce.ts";
import { MOST_ATTEMPTS, pauseAfter } from "./back-off.ts";
import { createDeliveryWorker, type DeliveryWorker } from "./delivery-worker.ts";
import { testWebhook } from "./test-webhook.ts";

const SECRET = "a-webhook-secret-for-tests-0123456789";
const DAY = 24 * 60 * 60 * 1_000;
const START = Date.UTC(2030, 0, 1);

let now = START;
let folder: ScratchFolder;
let receiver: WebhookReceiver;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  now = START;
  folder = scratchFolder();
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await receiver.close();
  folder.remove();
});

/** One instance: a store of its own on the database, a client, a worker. */
async function instance(
  webhook: WebhookOptions | readonly WebhookOptions[] = { url: receiver.url, secret: SECRET },
  { database = folder.database("postern.db"), timeouts = {} as OutboundTimeouts } = {},
) {
  const runtime = await openVerbRuntime({ database, now: () => now, options: { webhook } });
  const { webhooks } = runtime.settings;
  const outbound = createOutbound({
    allowedHosts: new Set(webhooks.map(({ url }) => hostKey(url))),
    // The circuit of a host that is down closes with the clock, which these tests move.
    now: () => now,
    log: SILENT_LOG,
    timeouts,
  });
  const worker = createDeliveryWorker(runtime, outbound, () => 0.5);
  closing.push(() => runtime.store.close());
  closing.push(() => worker.close());
  return { runtime, worker, outbound };
}

const tell = (runtime: VerbRuntime, data: object = { n: 1 }) =>
  runtime.store.transaction((tx) => announce(runtime, tx, now, "access_request.created", data));

const deliveries = ({ store }: VerbRuntime): Promise<readonly WebhookDelivery[]> =>
  store.webhookDeliveries.list({ limit: 100 });

/** Lets as much time pass as the next attempt needs, and makes it. */
async function tryAgain(runtime: VerbRuntime, worker: DeliveryWorker): Promise<void> {
  const [next] = (await deliveries(runtime)).filter(({ state }) => state === "pending");
  now = Math.max(now, next?.nextAttemptAt ?? now);
  await worker.deliverDue();
}

test("a message that waits is sent once, signed, and is done", async () => {
  const { runtime, worker } = await instance();
  await tell(runtime, { note: "张伟 <b>" });
  await worker.deliverDue();
  await worker.deliverDue();
  const [only, ...others] = receiver.received;
  expect(others).toEqual([]);
  expect(only).toMatchObject({ type: "access_request.created", data: { note: "张伟 <b>" } });
  expect(only?.headers).toMatchObject({
    "content-type": "application/json",
    "webhook-timestamp": String(START / 1_000),
    "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  });
  expect(await deliveries(runtime)).toMatchObject([
    { id: only?.headers["webhook-id"], state: "delivered", attempts: 1, lastStatus: 204, finishedAt: now },
  ]);
});

test("what is rolled back is never sent, and no event that an endpoint does not want", async () => {
  const { runtime, worker } = await instance({
    url: receiver.url,
    secret: SECRET,
    events: ["break_glass.used"],
  });
  await tell(runtime);
  await expect(
    runtime.store.transaction(async (tx) => {
      await announce(runtime, tx, now, "break_glass.used", {});
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  await worker.deliverDue();
  expect(receiver.received).toEqual([]);
  expect(await deliveries(runtime)).toEqual([]);
});

test("an endpoint that answers 500 twice gets the same message a third time", async () => {
  const { runtime, worker } = await instance();
  receiver.answer = (response, count) => response.writeHead(count < 3 ? 500 : 200).end();
  await tell(runtime);
  await worker.deliverDue();
  // Not before its time.
  now += 29_000;
  await worker.deliverDue();
  expect(receiver.received).toHaveLength(1);
  expect(await deliveries(runtime)).toMatchObject([{ state: "pending", lastFailure: "status_500" }]);
  await tryAgain(runtime, worker);
  await tryAgain(runtime, worker);
  expect(receiver.received).toHaveLength(3);
  const same = receiver.received.map(({ headers, body }) => [headers["webhook-id"], body]);
  expect(new Set(same.map((one) => JSON.stringify(one))).size).toBe(1);
  const [first, , third] = receiver.received;
  expect(third?.headers["webhook-signature"]).not.toBe(first?.headers["webhook-signature"]);
  expect(await deliveries(runtime)).toMatchObject([{ state: "delivered", attempts: 3, lastFailure: null }]);
});

test("after about a day it is given up, once, and the audit log tells", async () => {
  const { runtime, worker } = await instance();
  receiver.answer = (response) => response.writeHead(503).end();
  await tell(runtime);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) await tryAgain(runtime, worker);
  expect(now - START).toBeGreaterThan(0.9 * DAY);
  expect(now - START).toBeLessThan(1.3 * DAY);
  now += DAY;
  await worker.deliverDue();
  expect(receiver.received).toHaveLength(MOST_ATTEMPTS);
  const [delivery] = await deliveries(runtime);
  expect(delivery).toMatchObject({ state: "given_up", attempts: MOST_ATTEMPTS, lastStatus: 503 });
  expect(await runtime.store.audit.list({ limit: 9 })).toMatchObject([
    { action: "webhook.given_up", actor: "system", target: delivery?.id, detail: { failure: "status_503" } },
  ]);
});

test.each<readonly [string, WebhookReceiver["answer"], string, number | null]>([
  [
    "a redirect, which is not followed",
    (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
    "redirect_refused",
    302,
  ],
  [
    "a huge answer, which is not read to its end",
    (response) => response.writeHead(200).end("x".repeat(200_000)),
    "response_too_large",
    null,
  ],
  ["a connection that is cut", (response) => response.destroy(), "connection_failed", null],
  ["an answer that never comes", () => {}, "timeout", null],
])("%s is a failure and is tried again", async (_, answer, lastFailure, lastStatus) => {
  const { runtime, worker } = await instance(undefined, { timeouts: { exchange: 200 } });
  receiver.answer = answer;
  await tell(runtime);
  await worker.deliverDue();
  expect(receiver.received).toHaveLength(1);
  expect(await deliveries(runtime)).toMatchObject([
    { state: "pending", lastFailure, lastStatus, attempts: 1 },
  ]);
  receiver.answer = (response) => response.writeHead(200).end();
  await tryAgain(runtime, worker);
  expect(await deliveries(runtime)).toMatchObject([{ state: "delivered" }]);
});

test("an endpoint that is down, and one that is slow, hold up no other", async () => {
  const silent = await startWebhookReceiver();
  closing.push(() => silent.close());
  const down = await startWebhookReceiver();
  await down.close();
  silent.answer = () => {};
  const { runtime, worker } = await instance(
    [silent, down, receiver].map(({ url }) => ({ url, secret: SECRET })),
  );
  await tell(runtime);
  const round = worker.deliverDue();
  await receiver.untilReceived(1);
  await silent.untilReceived(1);
  // While the slow one still hangs, what is new reaches the others.
  await tell(runtime);
  void worker.deliverDue();
  await receiver.untilReceived(2);
  await silent.close();
  await round;
  expect((await deliveries(runtime)).map(({ lastFailure }) => lastFailure)).toContain("connection_refused");
});

test("410 stops an endpoint: what waits is dropped, nothing new is put aside, an accepted test resumes it", async () => {
  const { runtime, worker, outbound } = await instance();
  const [endpoint] = runtime.settings.webhooks;
  if (endpoint === undefined) throw new Error("there is no endpoint");
  receiver.answer = (response) => response.writeHead(410).end();
  for (let n = 0; n < 25; n++) await tell(runtime);
  await worker.deliverDue();
  expect(receiver.received.length).toBeLessThanOrEqual(10);
  expect(new Set((await deliveries(runtime)).map(({ state }) => state))).toEqual(new Set(["dropped"]));
  await tell(runtime);
  expect(await deliveries(runtime)).toHaveLength(25);
  expect(await runtime.store.audit.list({ limit: 9 })).toMatchObject([
    { action: "webhook.stopped", target: endpoint.id, detail: { host: endpoint.url.host } },
  ]);

  const test = () => testWebhook(runtime, outbound, endpoint, "cli:root@host");
  expect(await test()).toMatchObject({ kind: "gone", status: 410, resumed: false });
  receiver.answer = (response) => response.writeHead(200).end();
  expect(await test()).toMatchObject({ kind: "accepted", status: 200, resumed: true });
  expect(await test()).toMatchObject({ kind: "accepted", resumed: false });
  expect(receiver.received.at(-1)?.type).toBe("webhook.test");
  await tell(runtime);
  await worker.deliverDue();
  expect(receiver.received.at(-1)?.type).toBe("access_request.created");
});

test("a clock that was set back holds up nothing for longer than a pause", async () => {
  const { runtime, worker } = await instance();
  now = START + 400 * DAY;
  await tell(runtime);
  now = START;
  await worker.deliverDue();
  expect(receiver.received).toHaveLength(1);
});

test("closing cuts off what hangs; another instance sends it again", async () => {
  const database = folder.database("shared.db");
  const first = await instance(undefined, { database });
  receiver.answer = () => {};
  await tell(first.runtime);
  const round = first.worker.deliverDue();
  await receiver.untilReceived(1);
  await first.worker.close();
  await round;
  expect(await deliveries(first.runtime)).toMatchObject([
    { state: "pending", attempts: 1, lastFailure: null },
  ]);
  receiver.answer = (response) => response.writeHead(200).end();
  const second = await instance(undefined, { database });
  await second.worker.deliverDue();
  expect(receiver.received).toHaveLength(1);
  await tryAgain(second.runtime, second.worker);
  expect(receiver.received).toHaveLength(2);
});

test("two instances at once send every message once", async () => {
  const database = folder.database("shared.db");
  const one = await instance(undefined, { database });
  const other = await instance(undefined, { database });
  for (let n = 0; n < 30; n++) await tell(n % 2 === 0 ? one.runtime : other.runtime, { n });
  await Promise.all([one.worker.deliverDue(), other.worker.deliverDue()]);
  await Promise.all([one.worker.deliverDue(), other.worker.deliverDue()]);
  const numbers = receiver.received.map(({ data }) => data.n as number);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test("pauses double from half a minute to four hours, a fifth more or less, and outlast an attempt", () => {
  expect([1, 2, 3, 9, 10, 15, 99].map((attempts) => pauseAfter(attempts, 0.5) / 60_000)).toEqual([
    0.5, 1, 2, 128, 240, 240, 240,
  ]);
  expect(pauseAfter(1, 0)).toBe(24_000);
  expect(pauseAfter(1, 0.999999)).toBeCloseTo(36_000, -1);
});
