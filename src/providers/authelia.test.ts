import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type AutheliaOptions, authelia } from "./authelia.ts";

const BASE = "https://auth.example.com";
const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
const TOKEN = `POST ${BASE}/api/oidc/token`;
const USERINFO = `GET ${BASE}/api/oidc/userinfo`;
const SUB = "f0e1d2c3-0000-4000-8000-000000000001";

const person = {
  sub: SUB,
  name: "Ana Li",
  preferred_username: "ana",
  email: "ana@example.com",
  email_verified: true,
  groups: ["admins"],
  rat: 1_795_000_000,
  updated_at: 1_795_000_000,
};
const { groups: _, ...withoutGroups } = person;
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: (credentials) => authelia({ ...credentials, baseUrl: BASE }),
  authorizeUrl: `${BASE}/api/oidc/authorization?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email%20groups&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: BASE,
        authorization_endpoint: `${BASE}/api/oidc/authorization`,
        token_endpoint: `${BASE}/api/oidc/token`,
        userinfo_endpoint: `${BASE}/api/oidc/userinfo`,
        jwks_uri: `${BASE}/jwks.json`,
        revocation_endpoint: `${BASE}/api/oidc/revocation`,
        id_token_signing_alg_values_supported: ["RS256", "none"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
        authorization_response_iss_parameter_supported: true,
      },
    },
    [`GET ${BASE}/jwks.json`]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        token_type: "bearer",
        expires_in: 3599,
        scope: "openid profile email groups",
        id_token: ID_TOKEN,
      },
    },
    [USERINFO]: { json: person },
  },
  callback: { code: SUITE.code, iss: BASE, scope: "openid profile email groups" },
  // Since 4.39 there is nothing else.
  idToken: { sub: SUB, amr: ["pwd", "otp"], azp: SUITE.clientId },
  arrives: {
    issuer: BASE,
    subject: SUB,
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, `GET ${BASE}/jwks.json`, USERINFO],
  subject: { claims: ["sub"] },
  cases: {
    "a refused consent": {
      callback: { error: "access_denied", error_description: SUITE.freeText, iss: BASE },
      ends: "cancelled",
    },
    "a secret that does not fit, or the wrong way of telling it": {
      answers: refused(401, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a scope that the client may not ask for": {
      callback: { error: "invalid_scope", error_description: SUITE.freeText, iss: BASE },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "a callback without the issuer that was promised": {
      callback: { code: SUITE.code },
      ends: { fails: { code: "callback_invalid", reason: "issuer_missing" } },
    },
    "nothing but an id": {
      answers: { [USERINFO]: { json: { sub: SUB } } },
      ends: { arrives: { subject: SUB, handle: null, name: null, email: null, emailVerified: null } },
    },
  },
  membership: [
    { check: "group", wanted: "admins", answer: "yes" },
    { check: "group", wanted: "dev", answer: "no" },
    {
      check: "group",
      wanted: "admins",
      answer: "cannot_tell",
      answers: { [USERINFO]: { json: withoutGroups } },
    },
  ],
};

providerSuite("authelia", fixtures);

test("a portal below a path, beside another, with the other way of telling the secret", () => {
  const other = authelia({
    ...CREDENTIALS,
    id: "authelia-lab",
    baseUrl: "https://lab.example.com/authelia/",
    clientAuthentication: "client_secret_post",
  });
  expect(other).toMatchObject({
    id: "authelia-lab",
    issuer: "https://lab.example.com/authelia",
    clientAuthentication: "client_secret_post",
  });
  expect(other.problems()).toEqual([]);
  expect(authelia({ ...CREDENTIALS, baseUrl: BASE }).clientAuthentication).toBe("client_secret_basic");
});

test.each<[Partial<AutheliaOptions>, string, string]>([
  [{ baseUrl: undefined }, "baseUrl", "is missing"],
  [{ baseUrl: "http://auth.example.com" }, "baseUrl", "is not https"],
  [{ baseUrl: `${BASE}/api/oidc/authorization` }, "baseUrl", "is the address of an endpoint"],
  [{ baseUrl: `${BASE}/.well-known/openid-configuration` }, "baseUrl", "is the address of an endpoint"],
  [{ clientSecret: "$pbkdf2-sha512$310000$c8p78n7p" }, "clientSecret", "is the hash of the secret"],
  [{ scopes: ["a b"] }, "scopes[0]", "is not a scope"],
])("%j is told", (options, path, message) => {
  expect(authelia({ ...CREDENTIALS, baseUrl: BASE, ...options }).problems()).toMatchObject([
    { path, message },
  ]);
});
