import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SILENT_LOG } from "../../src/model/log.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, type BackOfficeOptions, SECRET, startBackOffice } from "../support/back-office.ts";
import { findCanaries } from "../support/canaries.ts";
import { changeTokens } from "../support/expired-tokens.ts";
import { freshDatabase } from "../support/postgres.ts";
import { readMetrics } from "../support/read-metrics.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";

const TOKEN = "a-token-for-prometheus-0123456789-abcdef";
const OLD_TOKEN = "an-older-token-for-prometheus-0123456789";

let rehearsal: Rehearsal;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open({ options, ...rest }: Partial<BackOfficeOptions> = {}): Promise<BackOffice> {
  const office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: { metrics: { token: [TOKEN, OLD_TOKEN] }, ...options },
    ...rest,
  });
  closing.push(() => office.close());
  return office;
}

const scrape = (office: BackOffice, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
  fetch(`${office.url}/auth/metrics`, { headers });

const valuesOf = async (office: BackOffice) => readMetrics(await (await scrape(office)).text());

test("whoever shows a token may read them, and nobody else", async () => {
  const office = await open();
  const response = await scrape(office);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect((await scrape(office, { authorization: `Bearer ${OLD_TOKEN}` })).status).toBe(200);

  const ada = new Person(office.url);
  await ada.signIn("rehearsal", "ada");
  for (const headers of [
    {},
    { authorization: "Bearer" },
    { authorization: "Bearer " },
    { authorization: `Bearer ${TOKEN}x` },
    { authorization: `Bearer ${TOKEN.slice(1)}` },
    { authorization: `Basic ${btoa(`prometheus:${TOKEN}`)}` },
    { cookie: ada.jar.header() },
    { "x-forwarded-for": "127.0.0.1" },
  ]) {
    const refused = await scrape(office, headers as Record<string, string>);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    expect(await refused.text()).not.toContain("postern_");
  }
});

test("what a limit turns away at the start is counted as well", async () => {
  const office = await open({ options: { metrics: { token: TOKEN }, limits: { starts: 2 } } });
  const begin = () => new Person(office.url).post("/auth/sign-in/rehearsal", {});
  for (const status of [303, 303, 429, 429, 429]) expect((await begin()).status).toBe(status);
  const values = await valuesOf(office);
  const starts = (outcome: string) =>
    values.get(`postern_login_starts_total{provider="rehearsal",purpose="login",outcome="${outcome}"}`);
  expect([starts("started"), starts("rate_limited")]).toEqual([2, 3]);
  expect(values.get('postern_limits_exceeded_total{limit="starts"}')).toBe(3);
  expect([...values.keys()].filter((series) => series.startsWith("postern_limits_"))).toHaveLength(1);
});

test("where nobody may read them there is no such door; the application has them all the same", async () => {
  const office = await open({ options: { metrics: undefined } });
  expect((await scrape(office)).status).toBe(404);
  expect(readMetrics(office.door.metrics()).get("process_start_time_seconds")).toBeGreaterThan(1.7e9);
});

test("what happens is counted, by provider and outcome, and tells of nobody", async () => {
  const receiver = await startWebhookReceiver();
  closing.push(() => receiver.close());
  const office = await open({
    refreshLease: 100,
    options: {
      access: [
        { when: { emailDomain: "demo.example" }, then: "allow", roles: ["admin"] },
        { when: { provider: "rehearsal" }, then: "ask" },
      ],
      webhook: { url: receiver.url, secret: "a-webhook-secret-for-tests-0123456789" },
      metrics: { token: TOKEN },
    },
  });
  const ada = new Person(office.url);
  await ada.signIn("rehearsal", "ada");
  await ada.request("/admin");
  await ada.request("/admin");
  const stranger = new Person(office.url);
  await stranger.signIn("github", "mallory");
  expect((await stranger.request("/auth/callback/rehearsal?state=x&code=y")).status).toBe(400);
  const asking = new Person(office.url);
  const body = await (await asking.signIn("rehearsal", "mallory")).text();
  const nonce = /name="for" value="([^"]+)"/.exec(body)?.[1] ?? "";
  await asking.post("/auth/request-access", { for: nonce, note: "please" });
  await receiver.untilReceived(1);
  await fetch(`${office.url}/admin`, { headers: { cookie: `postern=${"x".repeat(43)}` } });

  const values = await valuesOf(office);
  const count = (series: string) => values.get(series) ?? 0;
  const login = (provider: string, outcome: string) =>
    count(`postern_logins_total{provider="${provider}",purpose="login",outcome="${outcome}"}`);
  expect(login("rehearsal", "succeeded")).toBe(1);
  expect(login("rehearsal", "state_mismatch")).toBe(1);
  expect(login("rehearsal", "pending_approval") + login("rehearsal", "not_allowed")).toBe(1);
  expect(login("github", "not_allowed")).toBe(1);
  expect(count('postern_login_starts_total{provider="rehearsal",purpose="login",outcome="started"}')).toBe(2);
  expect(count('postern_callback_duration_seconds_count{provider="rehearsal"}')).toBe(3);
  expect(count('postern_callback_duration_seconds_bucket{provider="rehearsal",le="+Inf"}')).toBe(3);
  expect(count('postern_callback_duration_seconds_sum{provider="rehearsal"}')).toBeGreaterThan(0);
  expect(count('postern_session_checks_total{outcome="read"}')).toBeGreaterThan(0);
  expect(count('postern_session_checks_total{outcome="hit"}')).toBeGreaterThan(0);
  expect(count('postern_session_checks_total{outcome="refused"}')).toBe(1);
  expect(count('postern_signals_state{state="proven"}')).toBe(1);
  expect(count("postern_session_cache_oldest_answer_seconds")).toBeLessThan(0.9);
  expect(count('postern_provider_circuit_open{provider="github"}')).toBe(0);
  await vi.waitFor(async () =>
    expect((await valuesOf(office)).get('postern_webhook_deliveries_total{outcome="accepted"}')).toBe(1),
  );
  // SQLite has no pool.
  expect([...values.keys()].filter((series) => series.includes("pool"))).toEqual([]);

  const text = await (await scrape(office)).text();
  const id = (await ada.session())?.user.id ?? "none";
  for (const told of ["ada", "mallory", "demo.example", id, SECRET, TOKEN, receiver.url, "rehearsal-secret"])
    expect(text).not.toContain(told);
  expect(findCanaries({ text }, {})).toEqual([]);
});

test("refreshes are counted, and a provider that is gone opens its circuit and no other", {
  timeout: 60_000,
}, async () => {
  const own = await startRehearsal();
  const database = await freshDatabase();
  const office = await open({ rehearsalUrl: own.url, database, refreshLease: 100 });
  const ada = new Person(office.url);
  await ada.signIn("rehearsal", "ada");
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  closing.push(() => store.close());
  const id = (await ada.session())?.user.id ?? "";
  await changeTokens(store, id);
  await office.door.accessToken({ id }, "rehearsal");
  expect(
    (await valuesOf(office)).get('postern_token_refreshes_total{provider="rehearsal",outcome="refreshed"}'),
  ).toBe(1);

  await own.close();
  const open_ = (provider: string) => `postern_provider_circuit_open{provider="${provider}"}`;
  expect((await valuesOf(office)).get(open_("rehearsal"))).toBe(0);
  for (let n = 0; n < 5; n++)
    await expect(office.door.api({ id }, "rehearsal").get("/userinfo")).rejects.toThrow();
  const values = await valuesOf(office);
  expect(values.get(open_("rehearsal"))).toBe(1);
  expect(values.get(open_("google"))).toBe(0);
});

test("on PostgreSQL: the pool, and how soon changes are heard", async () => {
  const office = await open({ database: await freshDatabase() });
  expect((await valuesOf(office)).get('postern_signals_state{state="idle"}')).toBe(1);
  const ada = new Person(office.url);
  await ada.signIn("rehearsal", "ada");
  await vi.waitFor(
    async () => {
      await ada.request("/admin");
      const values = await valuesOf(office);
      expect(values.get('postern_signals_state{state="proven"}')).toBe(1);
      expect(values.get("postern_revocation_delay_seconds_count")).toBeGreaterThan(1);
    },
    { timeout: 10_000 },
  );
  const values = await valuesOf(office);
  expect(values.get('postern_store_pool_connections{state="idle"}')).toBeGreaterThan(0);
  expect(values.get('postern_store_pool_connections{state="in_use"}')).toBe(0);
  expect(values.get("postern_store_pool_waiting")).toBe(0);
  expect(values.get("postern_revocation_delay_seconds_sum")).toBeLessThan(
    values.get("postern_revocation_delay_seconds_count") ?? 0,
  );
});
