import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { slack } from "./slack.ts";

const BASE = "https://slack.com";
const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
const TOKEN = `POST ${BASE}/api/openid.connect.token`;
const KEYS = `GET ${BASE}/openid/connect/keys`;
const USER_INFO = `GET ${BASE}/api/openid.connect.userInfo`;
const TEAM = "https://slack.com/team_id";
const OPTIONS = { clientId: "2210.4455", clientSecret: SUITE.clientSecret };
const IN_USER_INFO = { name: undefined, email: undefined, email_verified: undefined };

function says(
  error: string,
  code: "provider_rejected" | "not_allowed" | "provider_unavailable" | "provider_untrusted",
  reason: string,
) {
  return {
    answers: { [TOKEN]: { json: { ok: false, error } } },
    ends: { fails: { code, reason, providerCode: error } },
  };
}

providerSuite("Slack", {
  make: (credentials) => slack(credentials),
  authorizeUrl:
    "https://slack.com/openid/connect/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: BASE,
        authorization_endpoint: `${BASE}/openid/connect/authorize`,
        token_endpoint: `${BASE}/api/openid.connect.token`,
        userinfo_endpoint: `${BASE}/api/openid.connect.userInfo`,
        jwks_uri: `${BASE}/openid/connect/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: { ok: true, access_token: SUITE.accessToken, token_type: "Bearer", id_token: ID_TOKEN },
    },
    [USER_INFO]: {
      json: {
        ok: true,
        sub: "U0DEMO77",
        [TEAM]: "T0DEMO11",
        email: "bo@example.com",
        email_verified: true,
        name: "Bo Zhang",
      },
    },
  },
  idToken: {
    sub: "U0DEMO77",
    "https://slack.com/user_id": "U0DEMO77",
    [TEAM]: "T0DEMO11",
    email: "bo@example.com",
    email_verified: true,
    name: "Bo Zhang",
    picture: "https://img.example/bo.png",
  },
  arrives: {
    issuer: `${BASE}#T0DEMO11`,
    subject: "U0DEMO77",
    handle: "bo@example.com",
    name: "Bo Zhang",
    email: "bo@example.com",
    emailVerified: true,
    picture: "https://img.example/bo.png",
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "200 with a bad code": says("invalid_code", "provider_rejected", "code_invalid"),
    "200 with a used code": says("code_already_used", "provider_rejected", "code_invalid"),
    "200 with a wrong secret": says("bad_client_secret", "provider_rejected", "client_invalid"),
    "200 with a wrong id": says("invalid_client_id", "provider_rejected", "client_invalid"),
    "200 with another callback": says("bad_redirect_uri", "provider_rejected", "redirect_mismatch"),
    "200 when asked too often": says("ratelimited", "provider_unavailable", "rate_limited"),
    "200 when it is down": says("internal_error", "provider_unavailable", "transient"),
    "200 with a closed account": says("account_inactive", "not_allowed", "user_not_allowed"),
    "200 with a new word": says("unheard_of", "provider_untrusted", "protocol"),
    "200 without a word": {
      answers: { [TOKEN]: { json: { ok: false } } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "not_ok" } },
    },
    "name and e-mail from userinfo": {
      idToken: IN_USER_INFO,
      ends: { arrives: { name: "Bo Zhang", email: "bo@example.com", emailVerified: true } },
    },
    "userinfo refuses, with 200": {
      idToken: IN_USER_INFO,
      answers: { [USER_INFO]: { json: { ok: false, error: "invalid_auth" } } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "invalid_auth" } },
    },
    "userinfo of somebody else tells nothing": {
      idToken: IN_USER_INFO,
      answers: { [USER_INFO]: { json: { ok: true, sub: "U0EVIL", email: "evil@example.com" } } },
      ends: { arrives: { subject: "U0DEMO77", email: null, name: null } },
    },
    "nobody without a workspace": {
      idToken: { [TEAM]: undefined },
      ends: { fails: { code: "no_identifier", reason: "tenant_missing" } },
    },
    "only one workspace, and it is this": {
      make: (credentials) => slack({ ...credentials, team: "T0DEMO11" }),
      ends: { arrives: { subject: "U0DEMO77" } },
    },
    "only one workspace, and it is another": {
      make: (credentials) => slack({ ...credentials, team: "T0OTHER1" }),
      ends: { fails: { code: "not_allowed", reason: "team" } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => slack({ ...credentials, trustEmail: true }),
      idToken: { email_verified: undefined },
      ends: { arrives: { emailVerified: true } },
    },
  },
  membership: [
    { check: "team", wanted: "T0DEMO11", answer: "yes" },
    { check: "team", wanted: "T0OTHER1", answer: "no" },
    // A workspace is always a text; anything else cannot be compared.
    { check: "team", wanted: "12345", idToken: { [TEAM]: 12345 }, answer: "cannot_tell" },
  ],
});

test("a workspace is preselected, and several stand side by side", () => {
  const acme = slack({
    ...OPTIONS,
    id: "slack-acme",
    team: "T0DEMO11",
    redirectOrigins: ["https://acme.slack.com"],
  });
  const gov = slack({ ...OPTIONS, id: "slack-gov", baseUrl: "https://slack-gov.com/" });
  expect(acme.authorize.parameters).toEqual({ team: "T0DEMO11" });
  expect([gov.id, gov.issuer, gov.identity[0]?.url]).toEqual([
    "slack-gov",
    "https://slack-gov.com",
    "https://slack-gov.com/api/openid.connect.userInfo",
  ]);
  expect([...acme.problems(), ...gov.problems()]).toEqual([]);
  expect([acme.namedHosts(), gov.namedHosts()]).toEqual([[], ["slack-gov.com:443"]]);
});

test("a token is revoked by a call of Slack's own", () => {
  const revoke = slack(OPTIONS).lifecycle?.revoke;
  const context = { clientId: "2210.4455", clientSecret: () => null };
  expect(typeof revoke === "function" && revoke(context, "xoxp-1")).toEqual({
    method: "POST",
    url: "https://slack.com/api/auth.revoke",
    body: { form: { token: "xoxp-1" } },
  });
});

test("mistakes are told", () => {
  const found = slack({
    clientId: undefined,
    clientSecret: "todo",
    team: "acme",
    redirectOrigins: ["acme.slack.com"],
    baseUrl: "slack.com",
  }).problems();
  expect(found.map(({ path }) => path)).toEqual([
    "clientId",
    "clientSecret",
    "team",
    "redirectOrigins[0]",
    "baseUrl",
  ]);
});
