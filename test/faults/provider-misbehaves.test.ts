import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/index.ts";
import type { Endpoint } from "../../src/rehearsal/endpoints.ts";
import { type MisbehaviourMode, misbehaviour, misbehavioursOf } from "../../src/rehearsal/misbehaviours.ts";
import { Person } from "../../src/testing/person.ts";
import {
  expectSafeFailure,
  type FaultStage,
  openFaultStage,
  providerOf,
  signInWhile,
} from "./fault-stage.ts";

/** What our back channel asks, of both kinds of provider. */
const ASKED: readonly Endpoint[] = [
  "discovery",
  "jwks",
  "token",
  "userinfo",
  "github.token",
  "github.user",
  "github.emails",
];

type Row = readonly [MisbehaviourMode, readonly Endpoint[], ErrorCode, string];

/** THE TABLE: the fault, where, the page that people get, and the cause that administrators find. */
const ROWS: readonly Row[] = [
  ["status-500", ["discovery"], "provider_unavailable", "discovery_status"],
  ["status-500", ["jwks"], "provider_unavailable", "jwks_status"],
  [
    "status-500",
    ["token", "userinfo", "github.token", "github.user", "github.emails"],
    "provider_unavailable",
    "server_error",
  ],
  ["huge-body", ASKED, "provider_untrusted", "response_too_large"],
  ["garbage", ASKED, "provider_untrusted", "json_malformed"],
  ["html", ASKED, "provider_untrusted", "content_type"],
  ["redirect", ASKED, "provider_untrusted", "redirect_refused"],
  ["wrong-nonce", ["token"], "provider_untrusted", "nonce_mismatch"],
  ["no-nonce", ["token"], "provider_untrusted", "nonce_mismatch"],
  ["wrong-audience", ["token"], "provider_untrusted", "audience_mismatch"],
  ["wrong-issuer", ["token"], "provider_untrusted", "issuer_mismatch"],
  ["expired", ["token"], "provider_untrusted", "token_expired"],
  ["issued-in-future", ["token"], "clock_skew", "issued_in_future"],
  ["unsigned", ["token"], "provider_untrusted", "algorithm_refused"],
  ["hs256-with-public-key", ["token"], "provider_untrusted", "algorithm_refused"],
  ["unknown-key", ["token"], "provider_untrusted", "unknown_key"],
  ["bad-signature", ["token"], "provider_untrusted", "signature_invalid"],
  ["missing-id-token", ["token"], "provider_untrusted", "id_token_missing"],
  ["userinfo-other-subject", ["userinfo"], "provider_untrusted", "userinfo_subject_mismatch"],
];

/** Proven elsewhere: silence and drips take ten seconds each; the others are no failures, or the person's own wish. */
const SLOW: readonly MisbehaviourMode[] = ["never-answer", "drip"];
const HARMLESS: readonly MisbehaviourMode[] = ["slow", "key-rotation", "no-auth-time", "stale-auth-time"];

const CASES = ROWS.flatMap(([mode, endpoints, code, cause]) =>
  endpoints.map((endpoint) => ({ mode, endpoint, code, cause })),
);

let stage: FaultStage;
beforeAll(async () => {
  stage = await openFaultStage();
});
afterEach(() => stage.rehearsal.behave());
afterAll(() => stage.close());

test.each(CASES)("$mode at $endpoint: $code, $cause", async ({ mode, endpoint, code, cause }) => {
  const provider = providerOf(endpoint);
  const outcome = await signInWhile(stage, provider, {
    at: endpoint === "discovery" ? "start" : "callback",
    breakIt: () => stage.rehearsal.misbehave(mode, { endpoint }),
  });
  await expectSafeFailure(outcome, { code, cause });
  expect(stage.rehearsal.requests.elsewhere).toBe(0);

  // It passes as soon as the provider has recovered.
  stage.rehearsal.behave();
  const again = new Person(outcome.office.url);
  expect((await again.signIn(provider, "bo")).headers.get("location")).toBe("/");
});

test.each(["rehearsal", "github"])("cancel at %s is the person's own wish and no alarm", async (provider) => {
  const office = await stage.openOffice();
  const person = new Person(office.url);
  const refused = await person.signIn(provider, "bo", { misbehave: "cancel" });
  expect(refused.status).toBe(403);
  expect(await office.door.audit.list({ limit: 1 })).toMatchObject([
    { action: "login.cancelled", reason: "access_denied_by_user" },
  ]);
  expect(office.logged.join("\n")).not.toMatch(/error|warn/i);
});

describe.each(["rehearsal", "github"])("no failure at all: %s", (provider) => {
  test("slow, but in time", async () => {
    for (const endpoint of ASKED.filter((asked) => providerOf(asked) === provider)) {
      stage.rehearsal.misbehave("slow", { endpoint, milliseconds: 300 });
      const office = await stage.openOffice();
      expect((await new Person(office.url).signIn(provider, "bo")).headers.get("location")).toBe("/");
    }
  });
});

test("no failure at all: the key changes between two sign-ins", async () => {
  const office = await stage.openOffice();
  expect((await new Person(office.url).signIn("rehearsal", "bo")).status).toBe(303);
  stage.rehearsal.misbehave("key-rotation", { times: 1 });
  expect((await new Person(office.url).signIn("rehearsal", "bo")).status).toBe(303);
});

test("a code exchange that failed is never sent a second time", async () => {
  for (const endpoint of ["token", "github.token"] as const) {
    const before = stage.rehearsal.requests[endpoint];
    await signInWhile(stage, providerOf(endpoint), {
      at: "callback",
      breakIt: () => stage.rehearsal.misbehave("status-500", { endpoint }),
    });
    expect(stage.rehearsal.requests[endpoint] - before).toBe(1);
    stage.rehearsal.behave();
  }
});

test("after five failures in a row the provider is left alone, which the page and the sign-in page tell", async () => {
  const office = await stage.openOffice();
  stage.rehearsal.misbehave("status-500", { endpoint: "github.token" });
  for (let attempt = 0; attempt < 5; attempt++) {
    expect((await new Person(office.url).signIn("github", "bo")).status).toBe(503);
  }
  const before = stage.rehearsal.requests["github.token"];
  expect((await new Person(office.url).signIn("github", "bo")).status).toBe(503);
  expect(stage.rehearsal.requests["github.token"]).toBe(before);
  expect((await office.door.audit.list({ limit: 1 }))[0]?.detail.cause).toBe("circuit_open");
  expect(await (await new Person(office.url).request("/auth/sign-in")).text()).toContain('class="trouble"');

  stage.rehearsal.behave();
  stage.passTime(11_000);
  expect((await new Person(office.url).signIn("github", "bo")).status).toBe(303);
});

test("the table knows every fault that the rehearsal provider can have", () => {
  const modes = new Set([...misbehavioursOf("openid"), ...misbehavioursOf("github")]);
  for (const mode of [...SLOW, ...HARMLESS, "cancel"] as const) modes.delete(mode);
  expect([...modes].sort()).toEqual([...new Set(ROWS.map(([mode]) => mode))].sort());
  for (const mode of modes) {
    const { answer, at } = misbehaviour(mode);
    const expected = answer === undefined ? ASKED.filter((endpoint) => at.includes(endpoint)) : ASKED;
    const covered = CASES.filter((row) => row.mode === mode).map(({ endpoint }) => endpoint);
    expect(covered.sort()).toEqual([...expected].sort());
  }
});
