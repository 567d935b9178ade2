import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserRequest } from "../../src/testing/browser-fetch.ts";
import { Person } from "../../src/testing/person.ts";
import { openStage, type Stage } from "../attacks/stage.ts";

const FRONT_END = "https://app.example.com";
const ORDERS = `${FRONT_END}/orders?page=2&q=%E8%8C%B6#top`;
const MINUTE = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    options: {
      allowedOrigins: [FRONT_END],
      access: [
        { when: { email: "mallory@demo.example" }, then: "deny" },
        { when: { email: "grace@demo.example" }, then: "ask" },
        { when: { emailDomain: "demo.example" }, then: "allow" },
      ],
    },
  });
});
afterAll(() => stage.close());

/** A program that follows redirects by itself. */
class PlainClient extends Person {
  override request(path: string, init: BrowserRequest & { readonly api?: boolean } = {}) {
    const headers = { ...init.headers, accept: "*/*", "sec-fetch-mode": "cors" };
    return super.request(path, { ...init, headers });
  }
}

function expectHandedOver(response: Response, markup: string, target = ORDERS): void {
  expect([response.status, response.headers.get("location")]).toEqual([200, null]);
  expect(markup).toContain(`<meta http-equiv="refresh" content="0; url=${target.replaceAll("&", "&amp;")}">`);
  expect(markup).toContain(`<a class="button primary" href="${target.replaceAll("&", "&amp;")}">`);
  expect(markup).toContain("You will be taken to <bdi>app.example.com</bdi>");
}

describe("a sign-in leads back to a front end on another origin", () => {
  test("from the sign-in page, which says plainly where to", async () => {
    const bo = new Person(stage.office.url);
    const page = await bo.request(`/auth/sign-in?return_to=${encodeURIComponent(ORDERS)}`);
    const markup = await page.text();
    expect(markup).toContain("You will return to <strong><bdi>app.example.com</bdi></strong>");
    expect(markup).toContain(`name="return_to" value="${ORDERS.replaceAll("&", "&amp;")}"`);
    // Whom the provider knows already is back at the front end in one chain of redirects.
    expect(page.headers.get("content-security-policy")).toContain(` ${FRONT_END};`);

    const back = await bo.signIn("rehearsal", "bo", { returnTo: ORDERS });
    expectHandedOver(back, await back.text());
    expect((await bo.session())?.user.email).toBe("bo@demo.example");
  });

  test("for a client that is no browser, by a redirect", async () => {
    const bo = new PlainClient(stage.office.url);
    const back = await bo.signIn("github", "bo", { returnTo: ORDERS });
    expect([back.status, back.headers.get("location")]).toEqual([303, ORDERS]);
  });

  test("when the tab has gone stale and begins again by itself", async () => {
    const bo = new Person(stage.office.url);
    const first = await bo.pick(await bo.start("rehearsal", ORDERS), "bo");
    stage.passTime(11 * MINUTE);
    const restarted = await bo.request(first);
    const second = await bo.pick(new URL(restarted.headers.get("location") ?? ""), "bo");
    const back = await bo.request(second);
    expectHandedOver(back, await back.text());
  });

  test("when it was cancelled or refused first: the button of the error page still knows", async () => {
    for (const [persona, options] of [
      ["bo", { cancel: true }],
      ["mallory", {}],
    ] as const) {
      const person = new Person(stage.office.url);
      const page = await person.signIn("rehearsal", persona, { returnTo: ORDERS, ...options });
      expect(page.status).toBe(403);
      const markup = await page.text();
      const kept = markup.includes(`value="${ORDERS.replaceAll("&", "&amp;")}"`);
      expect(kept || markup.includes(`return_to=${encodeURIComponent(ORDERS)}`)).toBe(true);
    }
  });

  test("when access had to be asked for, and at the first entry after the approval", async () => {
    const grace = new Person(stage.office.url);
    const page = await grace.signIn("rehearsal", "grace", { returnTo: ORDERS });
    const nonce = /name="for" value="([^"]*)"/.exec(await page.text())?.[1] ?? "";
    await grace.post("/auth/request-access", { for: nonce, note: "" });
    const [request] = await stage.office.door.requests.list({ status: "pending" });
    await stage.office.door.requests.approve(request?.id ?? "", "member", "cli:test@here");

    const told = await grace.request("/auth/request-access");
    expect(await told.text()).toContain(`name="return_to" value="${ORDERS.replaceAll("&", "&amp;")}"`);
    expect(told.headers.get("content-security-policy")).toContain(` ${FRONT_END};`);
    const welcome = await grace.signIn("rehearsal", "grace", { returnTo: ORDERS });
    const markup = await welcome.text();
    expect(markup).toContain("Welcome to Back Office");
    expect(markup).toContain(`<a class="button primary" href="${ORDERS.replaceAll("&", "&amp;")}">`);
  });

  test("no longer, once the front end was taken off the list while they were away", async () => {
    const bo = new Person(stage.office.url);
    const callback = await bo.pick(await bo.start("rehearsal", ORDERS), "bo");
    const strict = await stage.openOffice({ publicUrl: stage.office.url, allowedOrigins: [] });
    const there = new Person(strict.url, { jar: bo.jar });
    const back = await there.request(callback);
    expect([back.status, back.headers.get("location")]).toEqual([303, "/"]);
  });

  test.each(["https://app.example.org/", "https://app.example.com.evil.test/", "http://app.example.com/"])(
    "but never to %s, which nobody listed",
    async (elsewhere) => {
      const bo = new Person(stage.office.url);
      const page = await bo.request(`/auth/sign-in?return_to=${encodeURIComponent(elsewhere)}`);
      expect(await page.text()).not.toContain(elsewhere);
      const back = await bo.signIn("rehearsal", "bo", { returnTo: elsewhere });
      expect([back.status, back.headers.get("location")]).toEqual([303, "/"]);
    },
  );
});

describe("a link of a front end straight to a provider", () => {
  const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  const path = `/auth/sign-in/rehearsal?return_to=${encodeURIComponent(ORDERS)}`;
  const follow = (headers: Record<string, string>) =>
    new Person(stage.office.url).request(path, { headers: { ...NAVIGATION, ...headers } });

  test("begins the sign-in", async () => {
    const response = await follow({ "sec-fetch-site": "same-site", referer: `${FRONT_END}/` });
    expect(new URL(response.headers.get("location") ?? "").origin).toBe(stage.rehearsal.url);
  });

  test.each([
    ["without a referrer", { "sec-fetch-site": "same-site" }],
    ["from a sibling", { "sec-fetch-site": "same-site", referer: "https://wiki.example.com/" }],
    ["from a look-alike", { "sec-fetch-site": "same-site", referer: `${FRONT_END}.evil.test/` }],
    ["by way of another site", { "sec-fetch-site": "cross-site", referer: `${FRONT_END}/` }],
    ["in a frame", { "sec-fetch-site": "same-site", "sec-fetch-dest": "iframe", referer: `${FRONT_END}/` }],
    ["without Fetch Metadata", { "sec-fetch-site": "", "sec-fetch-mode": "", referer: `${FRONT_END}/` }],
  ] as [string, Record<string, string>][])("%s it leads to the sign-in page", async (_, headers) => {
    const response = await follow(headers);
    expect(response.headers.get("location")).toBe(`/auth/sign-in?return_to=${encodeURIComponent(ORDERS)}`);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

test("a front end is told where to sign in and come back: 401 in JSON, never a redirect", async () => {
  const stranger = new Person(stage.office.url);
  const headers = { origin: FRONT_END, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" };
  for (const [path, referer, back] of [
    ["/auth/session", `${FRONT_END}/`, `${FRONT_END}/`],
    ["/auth/session", "https://evil.test/", `${FRONT_END}/`],
    ["/auth/session", ORDERS.split("#")[0], ORDERS.split("#")[0]],
    ["/orders", `${FRONT_END}/`, `${FRONT_END}/`],
  ]) {
    const response = await stranger.request(path ?? "", {
      api: true,
      headers: { ...headers, referer: referer ?? "" },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "authentication_required",
      signInUrl: `${stage.office.url}/auth/sign-in?return_to=${encodeURIComponent(back ?? "")}`,
    });
  }
});

test("after signing out at a front end the page of the back office, which the provider leads to, knows the way back", async () => {
  const bo = new Person(stage.office.url);
  await bo.signIn("rehearsal", "bo");
  const headers = { origin: FRONT_END, "sec-fetch-site": "same-site", referer: "https://evil.test/" };
  const answer = await bo.request("/auth/sign-out", { method: "POST", api: true, headers });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toHaveProperty("endSessionUrl");
  expect(answer.headers.get("access-control-allow-origin")).toBe(FRONT_END);
  expect(await bo.session()).toBeNull();
  const markup = await (await bo.request("/auth/signed-out")).text();
  expect(markup).toContain(
    `<a class="button" href="${FRONT_END}/"><span>Back to <bdi>app.example.com</bdi></span></a>`,
  );
  expect(markup).toContain(`/auth/sign-in?return_to=${encodeURIComponent(`${FRONT_END}/`)}`);
});

test("a sign-out asked for by our own page leads to no front end", async () => {
  const bo = new Person(stage.office.url);
  await bo.signIn("rehearsal", "bo");
  await bo.post("/auth/sign-out", { return_to: ORDERS });
  expect(await (await bo.request("/auth/signed-out")).text()).not.toContain("app.example.com");
});
