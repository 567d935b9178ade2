import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type AuthentikOptions, authentik } from "./authentik.ts";

const BASE = "https://sso.example.com";
const ISSUER = `${BASE}/application/o/back-office/`;
const DISCOVERY = `GET ${ISSUER}.well-known/openid-configuration`;
const KEYS = `GET ${ISSUER}jwks/`;
const TOKEN = `POST ${BASE}/application/o/token/`;
const USERINFO = `GET ${BASE}/application/o/userinfo/`;
const HERE = { baseUrl: BASE, application: "back-office" };

const make = (options: Partial<AuthentikOptions>) => {
  return (credentials: { clientId: string; clientSecret: string }) =>
    authentik({ ...credentials, ...HERE, ...options });
};
const metadata = {
  issuer: ISSUER,
  authorization_endpoint: `${BASE}/application/o/authorize/`,
  token_endpoint: `${BASE}/application/o/token/`,
  userinfo_endpoint: `${BASE}/application/o/userinfo/`,
  jwks_uri: `${ISSUER}jwks/`,
  end_session_endpoint: `${ISSUER}end-session/`,
  revocation_endpoint: `${BASE}/application/o/revoke/`,
  id_token_signing_alg_values_supported: ["RS256"],
  token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
};

const fixtures: ProviderFixtures = {
  make: make({}),
  authorizeUrl: `${BASE}/application/o/authorize/?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: { json: metadata },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        token_type: "Bearer",
        scope: "openid email profile",
        expires_in: 300,
        id_token: ID_TOKEN,
      },
    },
    [USERINFO]: { json: { sub: "4d0edemo", name: "Ana Li", email: "ana@example.com", groups: ["lead"] } },
  },
  idToken: {
    sub: "4d0edemo",
    email: "ana@example.com",
    email_verified: false,
    name: "Ana Li",
    given_name: "Ana Li",
    preferred_username: "ana",
    nickname: "ana",
    groups: ["ops"],
  },
  arrives: {
    issuer: ISSUER,
    subject: "4d0edemo",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: null,
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a wrong secret": {
      answers: {
        [TOKEN]: { status: 401, json: { error: "invalid_client", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: {
        [TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a directory that the operator vouches for": {
      make: make({ trustEmail: true }),
      ends: { arrives: { email: "ana@example.com", emailVerified: true } },
    },
    "a mapping that tells the truth": {
      idToken: { email_verified: true },
      ends: { arrives: { emailVerified: true } },
    },
    "a text is no truth": {
      idToken: { email_verified: "true" },
      ends: { arrives: { emailVerified: null } },
    },
    "claims that are in userinfo only": {
      idToken: { name: undefined, email: undefined, email_verified: undefined, nickname: undefined },
      ends: { arrives: { name: "Ana Li", email: "ana@example.com" } },
    },
    "nothing but an id": {
      answers: { [USERINFO]: { json: { sub: "4d0edemo" } } },
      idToken: {
        name: undefined,
        email: undefined,
        email_verified: undefined,
        preferred_username: undefined,
        nickname: undefined,
      },
      ends: { arrives: { subject: "4d0edemo", handle: null, name: null, email: null, emailVerified: null } },
    },
    "one issuer for all applications": {
      make: make({ issuerMode: "global" }),
      answers: { [DISCOVERY]: { json: { ...metadata, issuer: `${BASE}/` } } },
      ends: { arrives: { issuer: `${BASE}/`, subject: "4d0edemo" } },
    },
  },
  membership: [
    { check: "group", wanted: "ops", answer: "yes" },
    { check: "group", wanted: "lead", answer: "no" },
    { check: "group", wanted: "ops", answer: "cannot_tell", idToken: { groups: undefined } },
    { check: "group", wanted: "lead", answer: "yes", idToken: { groups: undefined, name: undefined } },
  ],
};

providerSuite("authentik", fixtures);

test("two applications side by side", () => {
  const other = authentik({
    ...CREDENTIALS,
    ...HERE,
    id: "authentik-lab",
    application: "lab",
    baseUrl: `${BASE}/`,
  });
  expect(other).toMatchObject({ id: "authentik-lab", issuer: `${BASE}/application/o/lab/` });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["sso.example.com:443"]);
});

test.each<[Partial<AuthentikOptions>, string, string]>([
  [{ baseUrl: undefined }, "baseUrl", "is missing"],
  [{ baseUrl: ISSUER }, "baseUrl", "holds the application"],
  [{ baseUrl: `${BASE}/if/admin/` }, "baseUrl", "is a page of authentik"],
  [{ baseUrl: "http://sso.example.com" }, "baseUrl", "is not https"],
  [{ application: "" }, "application", "is missing (is its environment variable set?)"],
  [{ application: "Back Office" }, "application", "is not a slug"],
  [{ clientSecret: "changeme" }, "clientSecret", "looks like a placeholder"],
  [{ redirectOrigins: ["https://id.example.com/"] }, "redirectOrigins[0]", "is not an origin"],
])("%j is told", (options, path, message) => {
  expect(authentik({ ...CREDENTIALS, ...HERE, ...options }).problems()).toMatchObject([{ path, message }]);
});
