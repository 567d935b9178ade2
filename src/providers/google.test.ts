import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CANARIES,
  DISCOVERY,
  metadata,
  NOW,
  recordingLog,
  type ScriptedProvider,
  START,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { connect } from "./connect.ts";
import { type GoogleOptions, google } from "./google.ts";
import type { FinishResult, Provider } from "./provider.ts";

const CLIENT = { clientId: "1080-demo.apps.googleusercontent.com", clientSecret: CANARIES.clientSecret };

let idp: ScriptedProvider;
let outbound: Outbound;

beforeEach(async () => {
  idp = await startScriptedProvider();
  idp.json(DISCOVERY, { ...metadata(idp.url), userinfo_endpoint: `${idp.url}/userinfo` });
  idp.claims({
    iss: "accounts.google.com",
    aud: CLIENT.clientId,
    azp: CLIENT.clientId,
    sub: "110248495921238986420",
    hd: "example.com",
    email: "ana@example.com",
    name: "Ana Li",
    picture: "https://img.example/ana.png",
  });
  outbound = createOutbound({ allowedHosts: new Set([idp.host]), now: () => NOW, log: recordingLog() });
});

afterEach(async () => {
  await outbound.close();
  await idp.close();
});

// Google's definition, its discovery moved to this machine.
function connected(options: Partial<GoogleOptions> = {}): Provider {
  const definition = google({ ...CLIENT, ...options });
  const moved = { ...definition, issuer: idp.url, idTokenIssuers: [...definition.idTokenIssuers, idp.url] };
  return connect(moved, { outbound, now: () => NOW, log: recordingLog() });
}

function comeBack(provider: Provider, parameters: Record<string, string>): Promise<FinishResult> {
  return provider.finish({
    ...START,
    parameters: new URLSearchParams({ state: START.state, ...parameters }),
  });
}

test("the way there", async () => {
  const { url } = await connected({ hostedDomain: "example.com" }).start(START);
  expect(url.href.replace(idp.url, "")).toMatchInlineSnapshot(
    `"/authorize?hd=example.com&prompt=select_account&response_type=code&client_id=1080-demo.apps.googleusercontent.com&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=openid%20email%20profile&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
  );
});

test("somebody arrives", async () => {
  const result = await comeBack(connected({ hostedDomain: "example.com" }), {
    code: "4/0AdemoCodeWithSlash",
    scope: "email profile openid",
    authuser: "0",
    hd: "evil.example",
    prompt: "none",
  });
  expect(result).toMatchObject({
    kind: "arrived",
    userInfo: {
      subject: "110248495921238986420",
      handle: "ana@example.com",
      name: "Ana Li",
      email: "ana@example.com",
      emailVerified: true,
      picture: "https://img.example/ana.png",
    },
  });
  const form = new URLSearchParams(idp.requests.find(({ path }) => path === "/token")?.body);
  expect(form.get("code")).toBe("4/0AdemoCodeWithSlash");
  expect(form.get("client_secret")).toBe(CLIENT.clientSecret);
  expect(idp.count("/userinfo")).toBe(0);
});

test("both spellings of the issuer are one", () => {
  const definition = google(CLIENT);
  expect(definition.issuer).toBe("https://accounts.google.com");
  expect(definition.idTokenIssuers).toEqual(["https://accounts.google.com", "accounts.google.com"]);
});

describe("a hosted domain", () => {
  test.each([
    ["example.com", "example.com", true],
    ["Example.com", "example.com", true],
    ["*", "anything.example", true],
    [undefined, undefined, true],
    ["example.com", undefined, false],
    ["example.com", "evil.example", false],
    ["example.com", "sub.example.com", false],
    ["example.com", "example.com.evil.example", false],
    ["*", undefined, false],
    ["*", "", false],
    ["example.com", ["example.com"], false],
  ])("%s and the claim %j: %s", async (hostedDomain, hd, enters) => {
    idp.claims({ aud: CLIENT.clientId, hd });
    const result = await comeBack(connected({ hostedDomain }), { code: "c-1" });
    if (enters) expect(result.kind).toBe("arrived");
    else expect(result).toMatchObject({ kind: "failed", code: "not_allowed", reason: "hosted_domain" });
  });

  test.each(["", "example", "@example.com", "https://example.com", 7])("%j is no domain", (hostedDomain) => {
    const found = google({ ...CLIENT, hostedDomain: hostedDomain as string }).problems();
    expect(found.map(({ path }) => path)).toEqual(["hostedDomain"]);
  });
});

test("a change of mind", async () => {
  expect(await comeBack(connected(), { error: "access_denied" })).toEqual({ kind: "cancelled" });
});

test.each([
  [400, { error: "invalid_grant", error_description: "Malformed auth code." }, "code_invalid"],
  [401, { error: "invalid_client", error_description: "Unauthorized" }, "client_invalid"],
])("%s %j: %s", async (status, body, reason) => {
  idp.json("/token", body, status);
  expect(await comeBack(connected(), { code: "used" })).toMatchObject({ code: "provider_rejected", reason });
});

test("missing credentials are told, a whole configuration has no problems", () => {
  expect(google(CLIENT).problems()).toEqual([]);
  expect(
    google({ clientId: undefined, clientSecret: undefined })
      .problems()
      .map(({ path }) => path),
  ).toEqual(["clientId", "clientSecret"]);
  expect(google(CLIENT).namedHosts()).toEqual([]);
});

test.each(["1080", "GOCSPX-secret", "1080-demo.apps.googleusercontent.com.example"])(
  "%s is no client id",
  (clientId) => {
    expect(
      google({ ...CLIENT, clientId })
        .problems()
        .map(({ path }) => path),
    ).toEqual(["clientId"]);
  },
);

test("a stand-in of its own lives beside Google", () => {
  const definition = google({
    id: "google-lab",
    clientId: "lab",
    clientSecret: "s",
    baseUrl: "http://127.0.0.1:7001/",
  });
  expect(definition).toMatchObject({ id: "google-lab", issuer: "http://127.0.0.1:7001" });
  expect(definition.idTokenIssuers).toEqual(["http://127.0.0.1:7001"]);
  expect(definition.problems()).toEqual([]);
  expect(definition.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(google({ ...CLIENT, baseUrl: "google.example" }).problems()).toMatchObject([{ path: "baseUrl" }]);
});

const ISSUER = "https://accounts.google.com";
const ASK_TOKEN = "POST https://oauth2.googleapis.com/token";
const ANA = {
  sub: "110248495921238986420",
  hd: "example.com",
  email: "ana@example.com",
  email_verified: true,
  name: "Ana Li",
  picture: "https://img.example/ana.png",
};

providerSuite("google", {
  make: ({ clientSecret }) => google({ ...CLIENT, clientSecret, hostedDomain: "*" }),
  authorizeUrl: `${ISSUER}/o/oauth2/v2/auth?hd=*&prompt=select_account&response_type=code&client_id=${CLIENT.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20email%20profile&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${ISSUER}/.well-known/openid-configuration`]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/o/oauth2/v2/auth`,
        token_endpoint: "https://oauth2.googleapis.com/token",
        jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
      },
    },
    "GET https://www.googleapis.com/oauth2/v3/certs": JWKS,
    [ASK_TOKEN]: {
      json: { access_token: SUITE.accessToken, expires_in: 3599, token_type: "Bearer", id_token: ID_TOKEN },
    },
  },
  idToken: ANA,
  arrives: {
    issuer: ISSUER,
    subject: ANA.sub,
    handle: "ana@example.com",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  subject: { claims: ["sub"] },
  cases: {
    "an issuer as old tokens write it": {
      idToken: { iss: "accounts.google.com" },
      ends: { arrives: { issuer: ISSUER, subject: ANA.sub } },
    },
    "neither name nor e-mail": {
      idToken: { name: undefined, email: undefined, email_verified: undefined, picture: undefined },
      ends: { arrives: { subject: ANA.sub, name: null, email: null, emailVerified: null } },
    },
    "a consumer account where a Workspace is wanted": {
      idToken: { hd: undefined },
      ends: { fails: { code: "not_allowed", reason: "hosted_domain" } },
    },
    "a changed mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: {
        [ASK_TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "invalid_grant" } },
    },
    "a wrong secret": {
      answers: {
        [ASK_TOKEN]: { status: 401, json: { error: "invalid_client", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", providerCode: "invalid_client" } },
    },
  },
  membership: [
    { check: "hostedDomain", wanted: "Example.com", answer: "yes" },
    { check: "hostedDomain", wanted: "other.example", answer: "no" },
    {
      check: "hostedDomain",
      wanted: "example.com",
      answer: "no",
      make: (credentials) => google(credentials),
      idToken: { hd: undefined },
    },
  ],
});
