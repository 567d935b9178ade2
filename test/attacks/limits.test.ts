import { afterEach, describe, expect, test } from "vitest";
import type { PosternOptions } from "../../src/index.ts";
import { Person } from "../../src/testing/person.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { allEvents, ENGINES, type Engine, openStage, type Stage } from "./stage.ts";
import { callbackOf } from "./transaction.ts";

const MINUTE = 60_000;
const JSON_ONLY = { accept: "application/json" };

let stage: Stage;
afterEach(() => stage.close());

const person = () => new Person(stage.office.url);
const garbage = (headers: Record<string, string> = {}) =>
  person().request("/auth/callback/rehearsal?code=x&state=nonsense", { headers });
const start = (headers: Record<string, string> = {}) => person().post("/auth/sign-in/rehearsal", {}, headers);
const reached = async () => (await allEvents(stage)).filter(({ action }) => action === "limit.reached");

/** A back office whose clock stands at the beginning of a span of time, so that none ends while a test runs. */
async function open(
  limits: PosternOptions["limits"],
  options: Partial<PosternOptions> = {},
  engine: Engine = "sqlite",
): Promise<void> {
  stage = await openStage({ engine, options: { limits, ...options } });
  stage.passTime(10 * MINUTE - (Date.now() % (10 * MINUTE)));
}

/** Statuses of so many requests, one after the other. */
async function statuses(count: number, ask: (n: number) => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let n = 0; n < count; n++) seen.push((await ask(n)).status);
  return seen;
}

describe.each(ENGINES)("garbage at the callback (%s)", (engine) => {
  test("is refused after a while, and one event tells of all that came after", async () => {
    await open({ failures: 5 }, {}, engine);
    expect(await statuses(5, () => garbage())).toEqual(Array(5).fill(400));
    const refused = await garbage();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(20 * 60);
    await statuses(20, () => garbage());
    const [event, ...others] = await reached();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ reason: "failures", address: "127.0.0.1" });
    expect(await refused.text()).toContain(event?.reference);
    expect((await allEvents(stage)).filter(({ action }) => action === "login.failed")).toHaveLength(5);

    stage.passTime((seconds + 1) * 1_000);
    expect((await garbage()).status).toBe(400);
  });

  test("keeps nobody at the same address from signing in", async () => {
    await open({ failures: 5 }, {}, engine);
    const grace = person();
    const callback = await callbackOf(grace, "rehearsal", "grace");
    await statuses(10, () => garbage());
    expect((await grace.request(callback)).status).toBe(303);
    expect((await person().signIn("github", "bo")).status).toBe(303);
    // A sign-in of one's own that comes to nothing is told of as ever.
    const cancelled = await person().signIn("rehearsal", "bo", { cancel: true });
    expect(cancelled.status).toBe(403);
    expect((await allEvents(stage)).filter(({ action }) => action === "login.cancelled")).toHaveLength(1);
    // Their spent callback is garbage.
    expect((await grace.request(callback)).status).toBe(429);
  });

  test("at one instance is known at the other", async () => {
    await open({ failures: 5 }, {}, engine);
    const other = new Person((await stage.openOffice()).url);
    const elsewhere = () => other.request("/auth/callback/rehearsal?code=x&state=nonsense");
    await statuses(5, () => garbage());
    await expect.poll(async () => (await elsewhere()).status, { timeout: 10_000, interval: 300 }).toBe(429);
  });
});

describe("whose count it is", () => {
  test("what a client writes into X-Forwarded-For itself makes it nobody else", async () => {
    await open({ failures: 5 });
    const forged = (n: number) => garbage({ "x-forwarded-for": `198.51.100.${n}` });
    expect(await statuses(7, forged)).toEqual([...Array(5).fill(400), 429, 429]);
  });

  test("behind one proxy only its own entry counts, whatever stands left of it", async () => {
    await open({ failures: 5 }, { trustProxy: 1 });
    const forged = (n: number) => garbage({ "x-forwarded-for": `198.51.100.${n}, 203.0.113.7` });
    expect(await statuses(7, forged)).toEqual([...Array(5).fill(400), 429, 429]);
    expect((await garbage({ "x-forwarded-for": "203.0.113.8" })).status).toBe(400);
    expect((await reached())[0]?.address).toBe("203.0.113.7");
  });

  test("an IPv6 client that changes its address within its /64 stays the same", async () => {
    await open({ failures: 5 }, { trustProxy: 1 });
    const rotating = (n: number) => garbage({ "x-forwarded-for": `2001:db8:0:7:${n}:${n}:${n}:${n}` });
    expect(await statuses(7, rotating)).toEqual([...Array(5).fill(400), 429, 429]);
    expect((await garbage({ "x-forwarded-for": "2001:db8:0:8::1" })).status).toBe(400);
  });

  test("many addresses together: after a while no event for each, whoever they are", async () => {
    await open({ allFailures: 8 }, { trustProxy: 1 });
    const many = (n: number) => garbage({ "x-forwarded-for": `203.0.113.${n}` });
    expect(await statuses(20, many)).toEqual([...Array(8).fill(400), ...Array(12).fill(429)]);
    expect(await reached()).toHaveLength(1);
    expect((await person().signIn("rehearsal", "grace")).status).toBe(303);
  });

  test("a clock that is set back by a day opens nothing and locks nobody out for a day", async () => {
    await open({ failures: 5 });
    await statuses(6, () => garbage());
    stage.passTime(-24 * 60 * MINUTE);
    const refused = await garbage();
    expect(refused.status).toBe(429);
    stage.passTime((Number(refused.headers.get("retry-after")) + 1) * 1_000);
    expect((await garbage()).status).toBe(400);
  });
});

describe("the provider is not hammered through us", () => {
  test("sign-ins that are begun and never finished, by address", async () => {
    await open({ starts: 6 });
    expect(await statuses(8, () => start())).toEqual([...Array(6).fill(303), 429, 429]);
    expect((await start({ "x-forwarded-for": "203.0.113.7" })).status).toBe(429);
    expect(await reached()).toMatchObject([{ reason: "starts", address: "127.0.0.1" }]);
  });

  test("and in all, at one provider", async () => {
    await open({ startsAtProvider: 6 }, { trustProxy: 1 });
    const many = (n: number) => start({ "x-forwarded-for": `203.0.113.${n}` });
    expect(await statuses(8, many)).toEqual([...Array(6).fill(303), 429, 429]);
    expect((await person().post("/auth/sign-in/github")).status).toBe(303);
  });

  test("sign-ins that come to a good end count for nothing", async () => {
    await open({ starts: 3 });
    expect(await statuses(12, (n) => person().signIn("rehearsal", `load-${n}`))).toEqual(Array(12).fill(303));
  });

  test("one person who comes again and again", async () => {
    await open({ arrivals: 4 });
    expect(await statuses(6, () => person().signIn("rehearsal", "grace"))).toEqual([
      ...Array(4).fill(303),
      429,
      429,
    ]);
    expect((await person().signIn("rehearsal", "bo")).status).toBe(303);
    expect(await reached()).toMatchObject([{ reason: "arrivals", detail: { provider: "rehearsal" } }]);
  });

  test("a cross-site page cannot use up what an office has", async () => {
    await open({ starts: 2 });
    const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    expect(await statuses(5, () => start(foreign))).toEqual(Array(5).fill(403));
    const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
    await statuses(5, () => person().request("/auth/sign-in/rehearsal", { headers: image }));
    expect((await start()).status).toBe(303);
  });

  test("a provider that is down: everybody is told so, and the audit log is not filled with it", async () => {
    await open({ failures: 5, starts: 5 });
    await stage.endProvider();
    const seen = await statuses(9, () => start());
    expect(seen).toEqual(Array(9).fill(503));
    expect((await allEvents(stage)).filter(({ action }) => action === "login.failed")).toHaveLength(5);
    const page = await (await start()).text();
    expect(page).toContain((await reached())[0]?.reference);
  });
});

describe("an anonymous visitor writes nothing", () => {
  test("by looking at the sign-in page or by beginning to sign in", async () => {
    await open({});
    const counted = async () => {
      const raw = await openRawDatabase(stage.database);
      const [row] = await raw.rows("select count(*) as n from postern_limit_counts");
      await raw.close();
      return row?.n;
    };
    await statuses(50, () => person().request("/auth/sign-in"));
    await statuses(50, () => start());
    await stage.openOffice();
    expect([await counted(), (await allEvents(stage)).length]).toEqual([0, 0]);
  });
});

describe("people who are signed in", () => {
  test("tokens for services, by person, as a problem with Retry-After", async () => {
    await open({ tokens: 3 }, { tokens: { audiences: ["orders-api"] } });
    const [grace, bo] = [person(), person()];
    await grace.signIn("rehearsal", "grace");
    await bo.signIn("rehearsal", "bo");
    const ask = (who: Person) =>
      who.request("/auth/token", {
        api: true,
        method: "POST",
        body: '{"audience":"orders-api"}',
        headers: { "content-type": "application/json", origin: stage.office.url },
      });
    expect(await statuses(4, () => ask(grace))).toEqual([200, 200, 200, 429]);
    const refused = await ask(grace);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: "rate_limited",
      status: 429,
      reference: expect.any(String),
    });
    expect((await ask(bo)).status).toBe(200);
  });

  test("confirming that it is them, by person", async () => {
    await open({ confirmations: 2 });
    const grace = person();
    await grace.signIn("rehearsal", "grace");
    const confirm = () => grace.post("/auth/step-up/rehearsal");
    expect(await statuses(4, confirm)).toEqual([303, 303, 429, 429]);
    expect(await (await confirm()).text()).toContain('class="button primary" href="/auth/account"');
    const userId = (await grace.session())?.user.id;
    expect(await reached()).toMatchObject([{ reason: "confirmations", actor: userId, target: userId }]);
  });

  test("calls, by person and by address; a guarded route of the application is not limited", async () => {
    await open({ callsOfPerson: 4, calls: 12 });
    const [grace, bo] = [person(), person()];
    await grace.signIn("rehearsal", "grace");
    await bo.signIn("rehearsal", "bo");
    expect(await statuses(6, () => grace.request("/auth/account"))).toEqual([
      ...Array(4).fill(200),
      429,
      429,
    ]);
    expect((await bo.request("/auth/account")).status).toBe(200);
    // Whoever is not signed in uses up what the address has, and no more.
    const anonymous = await statuses(9, () => person().request("/auth/account"));
    expect(anonymous).toEqual([...Array(5).fill(303), ...Array(4).fill(429)]);
    expect(await statuses(60, () => grace.request("/orders"))).toEqual(Array(60).fill(200));
    expect(await statuses(5, () => person().request("/auth/sign-in"))).toEqual(Array(5).fill(200));
  });
});

describe("guesses", () => {
  test("at links of invitations; one that opens something is opened all the same", async () => {
    await open({ links: 3 });
    const owner = person();
    await owner.signIn("rehearsal", "ada");
    const id = (await owner.session())?.user.id ?? "";
    const { link: url } = await stage.office.door.invitations.create({ roles: ["member"] }, id);
    expect(await statuses(5, (n) => person().request(`/auth/invite/guess-${n}`))).toEqual([
      404, 404, 404, 429, 429,
    ]);
    const before = (await allEvents(stage)).length;
    expect(await statuses(5, (n) => person().post(`/auth/invite/guess-${n}`))).toEqual(Array(5).fill(429));
    expect((await allEvents(stage)).length).toBe(before);
    expect((await person().request(url.pathname)).status).toBe(200);
    expect((await person().post(url.pathname)).status).toBe(303);
  });

  test("at owner links", async () => {
    await open({ links: 3 }, { owners: [] });
    const { url } = await stage.office.door.ownerLinks.create(
      { userId: null, breakGlass: false },
      "cli:test",
    );
    expect(await statuses(4, (n) => person().request(`/auth/owner-link/guess-${n}`))).toEqual([
      410, 410, 410, 429,
    ]);
    expect((await person().post("/auth/owner-link", { token: "guess" })).status).toBe(429);
    expect((await person().request(url.pathname)).status).toBe(200);
  });

  test("at logout tokens", async () => {
    await open({ logoutTokens: 3 }, { signOut: { rehearsal: { backChannel: true } } });
    const hear = () =>
      person().request("/auth/backchannel-logout/rehearsal", {
        method: "POST",
        body: "logout_token=nonsense",
        headers: { "content-type": "application/x-www-form-urlencoded", ...JSON_ONLY },
      });
    expect(await statuses(5, hear)).toEqual([400, 400, 400, 429, 429]);
  });
});

test("limits: false", async () => {
  await open(false);
  expect(await statuses(80, () => garbage())).toEqual(Array(80).fill(400));
});
