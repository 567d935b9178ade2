import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CANARIES,
  NOW,
  type RecordingLog,
  recordingLog,
  type ScriptedProvider,
  START,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { providerSuite, SUITE } from "../testing/provider-suite.ts";
import { connect } from "./connect.ts";
import { github } from "./github.ts";
import type { FinishResult } from "./provider.ts";

const CLIENT = { clientId: "Iv1.demo0001", clientSecret: CANARIES.clientSecret };
const TOKEN = "/login/oauth/access_token";
const USER = {
  login: "octo-demo",
  id: 583231,
  avatar_url: "https://img.example/u/583231",
  name: "Octo Demo",
  email: null,
  type: "User",
};
const EMAILS = [
  { email: "old@example.com", primary: false, verified: true, visibility: null },
  { email: "octo@example.com", primary: true, verified: true, visibility: "private" },
];

let ghes: ScriptedProvider;
let outbound: Outbound;
let log: RecordingLog;

beforeEach(async () => {
  ghes = await startScriptedProvider();
  ghes.json(TOKEN, {
    access_token: CANARIES.accessToken,
    token_type: "bearer",
    scope: "read:user,user:email",
  });
  ghes.json("/api/v3/user", USER);
  ghes.json("/api/v3/user/emails", EMAILS);
  log = recordingLog();
  outbound = createOutbound({ allowedHosts: new Set([ghes.host]), now: () => NOW, log });
});

afterEach(async () => {
  await outbound.close();
  await ghes.close();
});

function comeBack(parameters: Record<string, string> = { code: CANARIES.code }): Promise<FinishResult> {
  const provider = connect(github({ ...CLIENT, baseUrl: ghes.url }), { outbound, now: () => NOW, log });
  return provider.finish({
    ...START,
    parameters: new URLSearchParams({ state: START.state, ...parameters }),
  });
}

test("the way there", async () => {
  const provider = connect(github({ ...CLIENT, allowSignup: false }), { outbound, now: () => NOW, log });
  const { url } = await provider.start(START);
  expect(url.href).toMatchInlineSnapshot(
    `"https://github.com/login/oauth/authorize?allow_signup=false&response_type=code&client_id=Iv1.demo0001&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=read%3Auser%20user%3Aemail&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
  );
  expect(await provider.formActionOrigins()).toEqual(["https://github.com"]);
});

test("somebody arrives", async () => {
  const result = await comeBack({ code: CANARIES.code, iss: `${ghes.url}/login/oauth` });
  expect(result).toEqual({
    kind: "arrived",
    belongs: expect.any(Function),
    userInfo: {
      issuer: `${ghes.url}/login/oauth`,
      subject: "583231",
      handle: "octo-demo",
      name: "Octo Demo",
      email: "octo@example.com",
      emailVerified: true,
      picture: "https://img.example/u/583231",
      groups: null,
      subjectAliases: [],
      claims: USER,
    },
    tokens: {
      accessToken: CANARIES.accessToken,
      refreshToken: null,
      idToken: null,
      expiresAt: null,
      scope: "read:user,user:email",
    },
    sessionThere: null,
  });

  const [token, user, emails] = ghes.requests;
  expect(token).toMatchObject({ method: "POST", path: TOKEN, headers: { accept: "application/json" } });
  expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
    grant_type: "authorization_code",
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    code: CANARIES.code,
    redirect_uri: START.redirectUri,
    code_verifier: START.codeVerifier,
  });
  for (const request of [user, emails]) {
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${CANARIES.accessToken}`,
      "x-github-api-version": "2022-11-28",
      "user-agent": expect.stringMatching(/^postern\//),
    });
  }
});

test("an id beyond 2^53 keeps its digits", async () => {
  ghes.on("/api/v3/user", (_request, response) => {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end('{"id":9007199254740993,"login":"octo"}');
  });
  expect(await comeBack()).toMatchObject({ userInfo: { subject: "9007199254740993", name: null } });
});

describe("the e-mail", () => {
  test.each([
    [EMAILS, null, "octo@example.com", true],
    [
      [{ email: "new@example.com", primary: true, verified: false }],
      "public@example.com",
      "new@example.com",
      false,
    ],
    [[{ email: "new@example.com", primary: true, verified: "true" }], null, "new@example.com", false],
    [[], "public@example.com", "public@example.com", null],
    [[null, 7, {}], null, null, null],
    [{ message: "odd" }, null, null, null],
  ])("%j and public %s: %s, verified %s", async (emails, email, expected, emailVerified) => {
    ghes.json("/api/v3/user", { ...USER, email });
    ghes.json("/api/v3/user/emails", emails);
    expect(await comeBack()).toMatchObject({ kind: "arrived", userInfo: { email: expected, emailVerified } });
  });

  test.each([403, 404])("a list that is refused (%s) leaves the public one, unverified", async (status) => {
    ghes.json("/api/v3/user", { ...USER, email: "public@example.com" });
    ghes.json("/api/v3/user/emails", { message: "Resource not accessible" }, status);
    expect(await comeBack()).toMatchObject({
      userInfo: { email: "public@example.com", emailVerified: null },
    });
  });

  test("an outage is not taken for a person without e-mail", async () => {
    ghes.json("/api/v3/user/emails", {}, 502);
    expect(await comeBack()).toMatchObject({
      kind: "failed",
      code: "provider_unavailable",
      reason: "server_error",
    });
  });
});

test.each([
  ["bad_verification_code", "code_invalid"],
  ["incorrect_client_credentials", "client_invalid"],
  ["redirect_uri_mismatch", "redirect_mismatch"],
  ["unverified_user_email", "refused"],
])("status 200 with %s: %s", async (error, reason) => {
  ghes.json(TOKEN, { error, error_description: `about ${CANARIES.code}` });
  const result = await comeBack();
  expect(result).toMatchObject({ kind: "failed", code: "provider_rejected", reason });
  expect(JSON.stringify([result, log.lines])).not.toContain(CANARIES.code);
});

test.each([
  ["application_suspended", "provider_rejected", "application_suspended"],
  ["redirect_uri_mismatch", "provider_rejected", "redirect_mismatch"],
])("the callback tells of %s", async (error, code, reason) => {
  expect(await comeBack({ error })).toMatchObject({ kind: "failed", code, reason });
});

test("a change of mind", async () => {
  const parameters = {
    error: "access_denied",
    error_description: "The user has denied your application access.",
  };
  expect(await comeBack(parameters)).toEqual({ kind: "cancelled" });
});

test("an answer of another server", async () => {
  const result = await comeBack({ code: CANARIES.code, iss: "https://github.com/login/oauth" });
  expect(result).toMatchObject({ code: "callback_invalid", reason: "issuer_mismatch" });
});

test.each([{}, [], null, { id: null }, { id: "" }, { login: "octo" }])(
  "a user without an id: %j",
  async (user) => {
    ghes.json("/api/v3/user", user);
    expect(await comeBack()).toMatchObject({ kind: "failed", code: "no_identifier" });
  },
);

describe("where GitHub lives", () => {
  test.each([
    [undefined, "https://github.com/login/oauth", "https://api.github.com/user", []],
    [
      "https://github.com/",
      "https://github.com/login/oauth",
      "https://api.github.com/user",
      ["github.com:443", "api.github.com:443"],
    ],
    [
      "https://github.example.com/",
      "https://github.example.com/login/oauth",
      "https://github.example.com/api/v3/user",
      ["github.example.com:443", "github.example.com:443"],
    ],
    [
      "https://acme.ghe.com",
      "https://acme.ghe.com/login/oauth",
      "https://api.acme.ghe.com/user",
      ["acme.ghe.com:443", "api.acme.ghe.com:443"],
    ],
  ])("%s", (baseUrl, issuer, user, hosts) => {
    const definition = github({ ...CLIENT, baseUrl });
    expect(definition.issuer).toBe(issuer);
    expect(definition.identity[0]?.url).toBe(user);
    expect(definition.namedHosts()).toEqual(hosts);
  });

  test.each([
    ["https://github.example.com/api/v3", "is the address of the API"],
    ["http://github.example.com", "is not https"],
    ["github.example.com", "is not an address"],
  ])("%s is told", (baseUrl, message) => {
    expect(github({ ...CLIENT, baseUrl }).problems()).toMatchObject([{ path: "baseUrl", message }]);
  });
});

test("the number of a GitHub App is not its client id", () => {
  expect(github({ ...CLIENT, clientId: "123456" }).problems()).toMatchObject([
    { path: "clientId", message: "is a number: it looks like the App ID" },
  ]);
});

test("several live side by side", () => {
  const other = github({
    ...CLIENT,
    id: "github-acme",
    name: "Acme GitHub",
    baseUrl: "https://git.acme.example",
  });
  expect(other).toMatchObject({ id: "github-acme", name: { en: "Acme GitHub", "zh-CN": "Acme GitHub" } });
  expect(other.problems()).toEqual([]);
  expect(github({ clientId: undefined, clientSecret: undefined }).problems()).toHaveLength(2);
});

const API = "https://api.github.com";
const ASK_TOKEN = "POST https://github.com/login/oauth/access_token";
const ASK_USER = `GET ${API}/user`;
const ASK_EMAILS = `GET ${API}/user/emails`;
const ASK_TEAMS = `GET ${API}/user/teams`;
const ASK_ORGANIZATION = `GET ${API}/user/memberships/orgs/acme`;
const teams = (...slugs: readonly string[]) =>
  slugs.map((slug) => ({ slug, organization: { login: "acme" } }));
const withToken = (body: object) => ({ [ASK_TOKEN]: { json: body } });

providerSuite("github", {
  make: (credentials) => github(credentials),
  authorizeUrl: `https://github.com/login/oauth/authorize?response_type=code&client_id=client-1&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=read%3Auser%20user%3Aemail&state=${SUITE.state}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    ...withToken({
      access_token: SUITE.accessToken,
      token_type: "bearer",
      scope: "read:org,read:user,user:email",
    }),
    [ASK_USER]: { json: USER },
    [ASK_EMAILS]: { json: EMAILS },
  },
  arrives: {
    issuer: "https://github.com/login/oauth",
    subject: "583231",
    handle: "octo-demo",
    name: "Octo Demo",
    email: "octo@example.com",
    emailVerified: true,
  },
  asks: [ASK_TOKEN, ASK_USER, ASK_EMAILS],
  subject: { answer: ASK_USER, paths: ["id"] },
  cases: {
    "nothing but an id, and e-mails that may not be seen": {
      answers: { [ASK_USER]: { json: { id: 7 } }, [ASK_EMAILS]: { status: 404, json: {} } },
      ends: { arrives: { subject: "7", handle: null, name: null, email: null, emailVerified: null } },
    },
    "a changed mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code, told with 200": {
      answers: withToken({ error: "bad_verification_code", error_description: SUITE.freeText }),
      ends: {
        fails: {
          code: "provider_rejected",
          reason: "code_invalid",
          providerCode: "bad_verification_code",
        },
      },
    },
    "a wrong secret, told with 200": {
      answers: withToken({ error: "incorrect_client_credentials", error_description: SUITE.freeText }),
      ends: { fails: { code: "provider_rejected", providerCode: "incorrect_client_credentials" } },
    },
    "another callback address": {
      callback: { error: "redirect_uri_mismatch", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch" } },
    },
    "too many requests": {
      answers: { [ASK_USER]: { status: 429, json: { message: SUITE.freeText } } },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
  },
  membership: [
    {
      check: "team",
      wanted: "Acme/Ops",
      answer: "yes",
      answers: {
        [ASK_TEAMS]: [
          { json: teams("sales"), headers: { link: `<${API}/user/teams?per_page=100&page=2>; rel="next"` } },
          { json: teams("ops") },
        ],
      },
    },
    { check: "team", wanted: "acme/ops", answer: "no", answers: { [ASK_TEAMS]: { json: teams("sales") } } },
    {
      check: "team",
      wanted: "acme/ops",
      answer: "cannot_tell",
      answers: { [ASK_TEAMS]: { status: 403, json: { message: SUITE.freeText } } },
    },
    {
      check: "organization",
      wanted: "acme",
      answer: "yes",
      answers: { [ASK_ORGANIZATION]: { json: { state: "active" } } },
    },
    {
      check: "organization",
      wanted: "acme",
      answer: "no",
      answers: { [ASK_ORGANIZATION]: { json: { state: "pending" } } },
    },
    {
      check: "organization",
      wanted: "acme",
      answer: "no",
      answers: { [ASK_ORGANIZATION]: { status: 404, json: {} } },
    },
    // The organisation restricts applications, or demands its own single sign-on first.
    {
      check: "organization",
      wanted: "acme",
      answer: "cannot_tell",
      answers: { [ASK_ORGANIZATION]: { status: 403, json: { message: SUITE.freeText } } },
    },
  ],
});
