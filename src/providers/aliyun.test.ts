import { describe, expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { aliyun } from "./aliyun.ts";

const BASE = "https://oauth.aliyun.com";
const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
const KEYS = `GET ${BASE}/v1/keys`;
const TOKEN = `POST ${BASE}/v1/token`;
const USER_INFO = `GET ${BASE}/v1/userinfo`;
const ACCOUNT = "1234567890120000";

const userInfo = {
  sub: "123456789012demo",
  name: "alice",
  upn: "alice@acme.onaliyun.example",
  aid: ACCOUNT,
  uid: "2345678901230000",
};
const token = {
  access_token: SUITE.accessToken,
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: SUITE.refreshToken,
  id_token: ID_TOKEN,
};
const refused = (error: string) => ({
  [TOKEN]: { status: 400, json: { error, error_description: SUITE.freeText } },
});
const only =
  (accountId: string): ProviderFixtures["make"] =>
  (credentials) =>
    aliyun({ ...credentials, accountId });

const fixtures: ProviderFixtures = {
  make: aliyun,
  authorizeUrl: `https://signin.aliyun.com/oauth2/v1/auth?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20aliuid&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: BASE,
        authorization_endpoint: "https://signin.aliyun.com/oauth2/v1/auth",
        token_endpoint: `${BASE}/v1/token`,
        revocation_endpoint: `${BASE}/v1/revoke`,
        jwks_uri: `${BASE}/v1/keys`,
        code_challenge_methods_supported: ["plain", "S256"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: { json: token },
    [USER_INFO]: { json: userInfo },
  },
  idToken: { sub: userInfo.sub },
  arrives: {
    issuer: BASE,
    subject: userInfo.sub,
    subjectAliases: [userInfo.uid],
    handle: userInfo.upn,
    name: "alice",
    email: null,
    emailVerified: null,
    picture: null,
  },
  asks: [DISCOVERY, TOKEN, KEYS, USER_INFO],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "the owner of the account has no upn": {
      answers: {
        [USER_INFO]: { json: { sub: userInfo.sub, login_name: "acme@aliyun.example", aid: ACCOUNT } },
      },
      ends: { arrives: { handle: "acme@aliyun.example", name: "acme@aliyun.example", email: null } },
    },
    "nothing but an id": {
      answers: { [USER_INFO]: { json: { sub: userInfo.sub } } },
      ends: { arrives: { subject: userInfo.sub, subjectAliases: [], handle: null, name: null } },
    },
    "an address among the claims is not a mailbox": {
      answers: { [USER_INFO]: { json: { ...userInfo, email: "alice@example.com", email_verified: true } } },
      ends: { arrives: { email: null, emailVerified: null } },
    },
    "the right cloud account": { make: only(ACCOUNT), ends: { arrives: { subject: userInfo.sub } } },
    "the right cloud account as a number": {
      make: only(ACCOUNT),
      idToken: { aid: Number(ACCOUNT) },
      ends: { arrives: { subject: userInfo.sub } },
    },
    "another cloud account": {
      make: only("9999999999990000"),
      ends: { fails: { code: "not_allowed", reason: "cloud_account" } },
    },
    "no cloud account at all": {
      make: only(ACCOUNT),
      answers: { [USER_INFO]: { json: { sub: userInfo.sub } } },
      ends: { fails: { code: "not_allowed", reason: "cloud_account" } },
    },
    "a used code": {
      answers: refused("invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused("invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a scope that was not added": {
      callback: { error: "invalid_scope", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
  },
  membership: [
    { check: "account", wanted: ACCOUNT, answer: "yes" },
    { check: "account", wanted: "9999999999990000", answer: "no" },
    {
      check: "account",
      wanted: ACCOUNT,
      answer: "cannot_tell",
      answers: { [USER_INFO]: { json: { sub: userInfo.sub } } },
    },
  ],
};

providerSuite("aliyun", fixtures);

describe("where it lives", () => {
  test("on two sites, whose identities never mix", () => {
    const international = aliyun({ ...CREDENTIALS, id: "alibaba-cloud", site: "international" });
    expect(international).toMatchObject({
      issuer: "https://oauth.alibabacloud.com",
      redirectOrigins: ["https://signin.alibabacloud.com", "https://account.alibabacloud.com"],
      endpoints: { userInfo: "https://oauth.alibabacloud.com/v1/userinfo" },
    });
    expect(international.problems()).toEqual([]);
    expect(international.namedHosts()).toEqual([]);
  });

  test("elsewhere", () => {
    const moved = aliyun({ ...CREDENTIALS, baseUrl: "http://127.0.0.1:7001/" });
    expect(moved).toMatchObject({ issuer: "http://127.0.0.1:7001", redirectOrigins: [] });
    expect(moved.namedHosts()).toEqual(["127.0.0.1:7001"]);
  });
});

test("mistakes are told, all at once", () => {
  const found = aliyun({
    id: "Aliyun",
    clientId: "",
    clientSecret: "undefined",
    site: "mars" as "china",
    accountId: "alice@acme.onaliyun.example",
    scopes: ["openid profile"],
    baseUrl: "oauth.aliyun.com",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "site",
    "accountId",
    "scopes[0]",
    "baseUrl",
  ]);
  expect(aliyun({ ...CREDENTIALS, accountId: "" }).problems()).toMatchObject([
    { path: "accountId", message: "is empty: nobody could sign in" },
  ]);
});
