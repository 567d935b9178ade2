import { type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SILENT_LOG } from "../../src/model/log.ts";
import { findTracing, inSpan, type Note } from "../../src/operation/spans.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import { callbackOf, transactionCookies } from "../attacks/transaction.ts";
import { type BackOffice, type BackOfficeOptions, SECRET, startBackOffice } from "../support/back-office.ts";
import { canariesOfAttempt, findCanaries } from "../support/canaries.ts";
import { collectSpans } from "../support/collect-spans.ts";
import { changeTokens } from "../support/expired-tokens.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";

const exporter = collectSpans();

let rehearsal: Rehearsal;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  exporter.reset();
});

async function open(rest: Partial<BackOfficeOptions> = {}): Promise<BackOffice> {
  const office = await startBackOffice({ rehearsalUrl: rehearsal.url, ...rest });
  closing.push(() => office.close());
  return office;
}

const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

function only(name: string): ReadableSpan {
  const [span, ...others] = named(name);
  if (span === undefined || others.length > 0) throw new Error(`${named(name).length} spans are ${name}.`);
  return span;
}

const parentOf = ({ parentSpanContext }: ReadableSpan) => parentSpanContext?.spanId;

/** Everything that an exporter would send. */
const everything = () =>
  JSON.stringify(
    exporter
      .getFinishedSpans()
      .map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })),
  );

test("a sign-in: the start, and the callback with what was asked of the provider and the store", async () => {
  const office = await open();
  const person = new Person(office.url);
  const callback = await callbackOf(person, "rehearsal", "ada", "/orders");
  const [name = ""] = transactionCookies(person);
  const canaries = canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback);
  await person.request(callback);

  const labels = { "postern.provider": "rehearsal", "postern.purpose": "login" };
  expect(only("postern.start").attributes).toEqual({ ...labels, "postern.outcome": "started" });
  const whole = only("postern.callback");
  expect(whole.attributes).toEqual({ ...labels, "postern.outcome": "succeeded" });
  for (const child of ["postern.token_exchange", "postern.userinfo", "postern.admit"]) {
    expect(parentOf(only(child)), child).toBe(whole.spanContext().spanId);
    expect(only(child).attributes["postern.provider"]).toBe("rehearsal");
  }
  const session = await person.session();
  const people = {
    id: session?.user.id ?? "none",
    email: "ada@demo.example",
    name: session?.user.name ?? "none",
  };
  expect(findCanaries({ spans: everything() }, { ...canaries, ...people })).toEqual([]);
});

test("what goes wrong is a code: an outage is a failure, a refusal is none, and no message comes along", async () => {
  const office = await open();
  await new Person(office.url).signIn("github", "mallory");
  expect(only("postern.callback").attributes["postern.outcome"]).toBe("not_allowed");
  expect(only("postern.callback").status.code).toBe(SpanStatusCode.UNSET);
  exporter.reset();

  const own = await startRehearsal();
  const other = await open({ rehearsalUrl: own.url });
  const person = new Person(other.url);
  const callback = await callbackOf(person, "rehearsal", "ada", "/orders");
  await own.close();
  expect((await person.request(callback)).status).toBe(503);
  expect(only("postern.callback").attributes["postern.outcome"]).toBe("provider_unavailable");
  expect(only("postern.callback").status).toEqual({ code: SpanStatusCode.ERROR });
  expect(only("postern.token_exchange").status).toEqual({ code: SpanStatusCode.ERROR });
  expect(exporter.getFinishedSpans().flatMap(({ events }) => events)).toEqual([]);
  expect(everything()).not.toContain("127.0.0.1");
});

test("a call to an API with the refresh that it needs, within the application's own span", async () => {
  const database = await freshDatabase();
  const office = await open({ database, refreshLease: 100 });
  const ada = new Person(office.url);
  await ada.signIn("rehearsal", "ada");
  const id = (await ada.session())?.user.id ?? "";
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  await changeTokens(store, id);
  await store.close();
  exporter.reset();

  await trace.getTracer("application").startActiveSpan("GET /mine", async (span: Span) => {
    await office.door.api({ id }, "rehearsal").get(`/userinfo?secret=${id}`).json();
    span.end();
  });
  const call = only("postern.api_call");
  expect(parentOf(call)).toBe(only("GET /mine").spanContext().spanId);
  expect(call.attributes).toEqual({
    "postern.provider": "rehearsal",
    "http.request.method": "GET",
    "server.address": new URL(rehearsal.url).hostname,
    "http.response.status_code": 200,
  });
  expect(parentOf(only("postern.token_refresh"))).toBe(call.spanContext().spanId);
  expect(only("postern.token_refresh").attributes["postern.outcome"]).toBe("refreshed");
  expect(findCanaries({ spans: everything() }, { id })).toEqual([]);
});

test("the delivery of a message to a webhook", async () => {
  const receiver = await startWebhookReceiver();
  closing.push(() => receiver.close());
  const secret = "a-webhook-secret-for-tests-0123456789";
  const office = await open({
    options: {
      access: [{ when: { provider: "rehearsal" }, then: "ask" }],
      webhook: { url: receiver.url, secret },
    },
  });
  const person = new Person(office.url);
  const body = await (await person.signIn("rehearsal", "mallory")).text();
  const nonce = /name="for" value="([^"]+)"/.exec(body)?.[1] ?? "";
  await person.post("/auth/request-access", { for: nonce, note: "let me in" });
  await receiver.untilReceived(1);
  await vi.waitFor(() => only("postern.webhook_delivery"));
  expect(only("postern.webhook_delivery").attributes).toEqual({
    "postern.endpoint": expect.stringMatching(/^whe_/),
    "postern.event": "access_request.created",
    "postern.attempt": 1,
    "postern.outcome": "accepted",
    "http.response.status_code": 204,
  });
  expect(findCanaries({ spans: everything() }, { url: receiver.url, secret })).toEqual([]);
});

test("an application without OpenTelemetry is served all the same", async () => {
  await findTracing(() => Promise.reject(new Error("Cannot find package '@opentelemetry/api'")));
  const work = async (note: Note) => {
    note({ "postern.outcome": "started" });
    return "done";
  };
  expect(await inSpan("postern.start", {}, work)).toBe("done");
  expect(exporter.getFinishedSpans()).toEqual([]);
  await findTracing();
  await inSpan("postern.start", {}, async () => {});
  expect(named("postern.start")).toHaveLength(1);
});
