import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { hydra } from "./hydra.ts";

const ISSUER = "https://sso.example.com/";
const DISCOVERY = `GET ${ISSUER}.well-known/openid-configuration`;
const TOKEN = `POST ${ISSUER}oauth2/token`;
const KEYS = `GET ${ISSUER}.well-known/jwks.json`;
const USER_INFO = `GET ${ISSUER}userinfo`;
const OPTIONS = { issuer: ISSUER, clientId: SUITE.clientId, clientSecret: SUITE.clientSecret };

providerSuite("Ory Hydra", {
  make: (credentials) => hydra({ ...credentials, issuer: ISSUER }),
  authorizeUrl:
    "https://sso.example.com/oauth2/auth?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}oauth2/auth`,
        token_endpoint: `${ISSUER}oauth2/token`,
        jwks_uri: `${ISSUER}.well-known/jwks.json`,
        userinfo_endpoint: `${ISSUER}userinfo`,
        // Both, although the client may have only one.
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        expires_in: 3599,
        id_token: ID_TOKEN,
        refresh_token: SUITE.refreshToken,
        scope: "openid profile email",
        token_type: "bearer",
      },
    },
    [USER_INFO]: { json: { sub: "staff-204" } },
  },
  idToken: {
    sub: "staff-204",
    auth_time: SUITE.now / 1000,
    rat: SUITE.now / 1000,
    email: "mei@example.com",
    email_verified: true,
    name: "Mei Chen",
    groups: ["ops"],
  },
  arrives: {
    issuer: ISSUER,
    subject: "staff-204",
    handle: "mei@example.com",
    name: "Mei Chen",
    email: "mei@example.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "another way to prove the client than it has": {
      answers: {
        [TOKEN]: {
          status: 401,
          json: { error: "invalid_client", error_hint: SUITE.freeText, error_debug: SUITE.freeText },
        },
      },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_grant", error_hint: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a scope that the client may not ask for": {
      callback: { error: "invalid_scope", error_hint: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "a state that it does not like": {
      callback: { error: "invalid_state" },
      ends: { fails: { code: "provider_rejected", providerCode: "invalid_state" } },
    },
    "a consent app that tells nothing": {
      idToken: { email: undefined, email_verified: undefined, name: undefined },
      ends: { arrives: { subject: "staff-204", email: null, emailVerified: null, name: null } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => hydra({ ...credentials, issuer: ISSUER, trustEmail: true }),
      idToken: { email_verified: undefined },
      ends: { arrives: { emailVerified: true } },
    },
  },
  membership: [
    { check: "group", wanted: "ops", answer: "yes" },
    { check: "group", wanted: "finance", answer: "no" },
    { check: "group", wanted: "ops", idToken: { groups: undefined }, answer: "cannot_tell" },
    {
      make: (credentials) => hydra({ ...credentials, issuer: ISSUER, groupsClaim: "realm.teams" }),
      check: "group",
      wanted: "lead",
      idToken: { realm: { teams: ["lead"] } },
      answer: "yes",
    },
  ],
});

test("two servers stand side by side, and a client may prove itself in another way", () => {
  const first = hydra(OPTIONS);
  const second = hydra({
    id: "ory",
    issuer: "https://demo.projects.oryapis.com",
    clientId: "web-2",
    clientAuthentication: "none",
  });
  expect([first.id, second.id]).toEqual(["hydra", "ory"]);
  expect([first.clientAuthentication, second.clientAuthentication]).toEqual(["client_secret_basic", "none"]);
  expect([...first.problems(), ...second.problems()]).toEqual([]);
});

test("mistakes are told", () => {
  const found = hydra({
    issuer: `${ISSUER}.well-known/openid-configuration`,
    clientId: undefined,
    clientSecret: "with space",
    groupsClaim: "realm..teams",
    scopes: ["email profile"],
  }).problems();
  expect(found.map(({ path }) => path)).toEqual([
    "issuer",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "groupsClaim",
  ]);
});
