import { afterEach, beforeEach, expect, test } from "vitest";
import {
  CANARIES,
  NOW,
  recordingLog,
  type ScriptedProvider,
  START,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { connect } from "./connect.ts";
import { gitlab } from "./gitlab.ts";
import type { Provider } from "./provider.ts";

const CLIENT = { clientId: "client-1", clientSecret: CANARIES.clientSecret };

let server: ScriptedProvider;
let outbound: Outbound;

beforeEach(async () => {
  server = await startScriptedProvider();
  server.claims({ sub: "4421", name: undefined, groups_direct: ["acme/ops"] });
  server.json("/userinfo", {
    sub: "4421",
    name: "Ana Li",
    nickname: "ana",
    preferred_username: "ana",
    email: "ana@example.com",
    email_verified: true,
    picture: "https://gitlab.example/a.png",
    groups: ["acme", "acme/ops"],
  });
  outbound = createOutbound({ allowedHosts: new Set([server.host]), now: () => NOW, log: recordingLog() });
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

function connected(): Provider {
  // With the slash that people copy along.
  const definition = gitlab({ ...CLIENT, baseUrl: `${server.url}/` });
  return connect(definition, { outbound, now: () => NOW, log: recordingLog() });
}

test("the way there", async () => {
  const { url } = await connected().start(START);
  expect(url.href.replace(server.url, "")).toMatchInlineSnapshot(
    `"/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
  );
});

test("somebody arrives, with groups from userinfo", async () => {
  const parameters = new URLSearchParams({ code: CANARIES.code, state: START.state });
  expect(await connected().finish({ ...START, parameters })).toMatchObject({
    kind: "arrived",
    userInfo: {
      issuer: server.url,
      subject: "4421",
      handle: "ana",
      name: "Ana Li",
      email: "ana@example.com",
      emailVerified: true,
      claims: { groups: ["acme", "acme/ops"], groups_direct: ["acme/ops"] },
    },
  });
  expect(
    new URLSearchParams(server.requests.find(({ path }) => path === "/token")?.body).get("client_secret"),
  ).toBe(CLIENT.clientSecret);
});

test("gitlab.com unless told otherwise", () => {
  expect(gitlab(CLIENT)).toMatchObject({ id: "gitlab", issuer: "https://gitlab.com" });
  expect(gitlab(CLIENT).problems()).toEqual([]);
  expect(gitlab(CLIENT).namedHosts()).toEqual([]);
  expect(gitlab({ ...CLIENT, baseUrl: "https://git.example.com" }).namedHosts()).toEqual([
    "git.example.com:443",
  ]);
  expect(gitlab({ ...CLIENT, baseUrl: "https://git.example.com/gitlab/" }).issuer).toBe(
    "https://git.example.com/gitlab",
  );
});

test.each(["/api/v4", "/oauth/authorize", "/.well-known/openid-configuration"])(
  "%s is no part of baseUrl",
  (extra) => {
    expect(gitlab({ ...CLIENT, baseUrl: `https://git.example.com${extra}` }).problems()).toEqual([
      { path: "baseUrl", message: "is more than the server's address", fix: `Leave out "${extra}".` },
    ]);
  },
);

test("mistakes are told", () => {
  const found = gitlab({
    id: "Git Lab",
    clientId: "",
    clientSecret: "xxxx",
    baseUrl: "git.example.com",
    scopes: ["a b"],
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "baseUrl",
    "scopes[0]",
  ]);
});

const GITLAB = "https://gitlab.com";
const ASK_TOKEN = `POST ${GITLAB}/oauth/token`;
const ASK_USERINFO = `GET ${GITLAB}/oauth/userinfo`;
const ANA = {
  sub: "4421",
  name: "Ana Li",
  preferred_username: "ana",
  email: "ana@example.com",
  email_verified: true,
  groups: ["acme/ops/eu"],
};

providerSuite("gitlab", {
  make: (credentials) => gitlab(credentials),
  authorizeUrl: `${GITLAB}/oauth/authorize?response_type=code&client_id=client-1&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${GITLAB}/.well-known/openid-configuration`]: {
      json: {
        issuer: GITLAB,
        authorization_endpoint: `${GITLAB}/oauth/authorize`,
        token_endpoint: `${GITLAB}/oauth/token`,
        userinfo_endpoint: `${GITLAB}/oauth/userinfo`,
        jwks_uri: `${GITLAB}/oauth/discovery/keys`,
      },
    },
    [`GET ${GITLAB}/oauth/discovery/keys`]: JWKS,
    [ASK_TOKEN]: {
      json: { access_token: SUITE.accessToken, token_type: "Bearer", expires_in: 7200, id_token: ID_TOKEN },
    },
    [ASK_USERINFO]: { json: ANA },
  },
  idToken: { sub: "4421", groups_direct: ["acme/ops/eu"] },
  arrives: { issuer: GITLAB, subject: "4421", handle: "ana", name: "Ana Li", emailVerified: true },
  subject: { claims: ["sub"] },
  cases: {
    "nothing but a subject": {
      answers: { [ASK_USERINFO]: { json: { sub: "4421" } } },
      ends: { arrives: { subject: "4421", name: null, email: null, emailVerified: null } },
    },
    "the user info of somebody else": {
      answers: { [ASK_USERINFO]: { json: { ...ANA, sub: "4422" } } },
      ends: { fails: { code: "provider_untrusted", reason: "userinfo_subject_mismatch" } },
    },
    "a changed mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a scope that is not ticked": {
      callback: { error: "invalid_scope", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "a used code": {
      answers: {
        [ASK_TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
  },
  membership: [
    { check: "group", wanted: "acme/ops/eu", answer: "yes" },
    { check: "group", wanted: "acme", answer: "yes" },
    { check: "group", wanted: "acme/o", answer: "no" },
    {
      check: "group",
      wanted: "acme",
      answer: "cannot_tell",
      answers: { [ASK_USERINFO]: { json: { ...ANA, groups: undefined } } },
    },
  ],
});
