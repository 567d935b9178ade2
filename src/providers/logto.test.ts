import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type LogtoOptions, logto } from "./logto.ts";

const BASE = "https://acme.logto.app";
const ISSUER = `${BASE}/oidc`;
const TOKEN = `POST ${ISSUER}/token`;

const make = (options: Partial<LogtoOptions>) => {
  return (credentials: { clientId: string; clientSecret: string }) =>
    logto({ ...credentials, baseUrl: BASE, ...options });
};
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  // What a tenant signs with by default.
  make: (credentials) => {
    const definition = make({})(credentials);
    return { ...definition, checks: { ...definition.checks, idTokenAlgorithms: ["ES384"] } };
  },
  authorizeUrl: `${ISSUER}/auth?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${ISSUER}/.well-known/openid-configuration`]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/auth`,
        token_endpoint: `${ISSUER}/token`,
        userinfo_endpoint: `${ISSUER}/me`,
        jwks_uri: `${ISSUER}/jwks`,
        revocation_endpoint: `${ISSUER}/token/revocation`,
        end_session_endpoint: `${ISSUER}/session/end`,
        id_token_signing_alg_values_supported: ["ES384"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
        authorization_response_iss_parameter_supported: true,
      },
    },
    [`GET ${ISSUER}/jwks`]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        expires_in: 3600,
        id_token: ID_TOKEN,
        scope: "openid profile email",
        token_type: "Bearer",
      },
    },
    [`GET ${ISSUER}/me`]: { json: { sub: "k8x2demo", username: "ana" } },
  },
  callback: { code: SUITE.code, iss: ISSUER },
  idToken: {
    sub: "k8x2demo",
    name: "Ana Li",
    username: "ana",
    picture: null,
    email: "ana@example.com",
    email_verified: true,
    roles: ["admin"],
    organizations: ["9f3kq2demo"],
    organization_roles: ["9f3kq2demo:admin"],
  },
  arrives: {
    issuer: ISSUER,
    subject: "k8x2demo",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
    picture: null,
  },
  asks: [`GET ${ISSUER}/.well-known/openid-configuration`, TOKEN, `GET ${ISSUER}/jwks`],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied", iss: ISSUER }, ends: "cancelled" },
    "a wrong secret": {
      answers: refused(401, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a scope that the application may not ask for": {
      callback: { error: "invalid_scope", iss: ISSUER },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "a user name and no name": {
      idToken: { name: null },
      ends: { arrives: { handle: "ana", name: "ana" } },
    },
    "an e-mail and no user name": {
      idToken: { username: null },
      ends: { arrives: { handle: "ana@example.com", name: "Ana Li" } },
    },
    "hardly anything but an id": {
      idToken: { name: undefined, username: undefined, email: undefined, email_verified: undefined },
      ends: { arrives: { handle: "ana", name: "ana", email: null, emailVerified: null } },
    },
  },
  membership: [
    { check: "role", wanted: "admin", answer: "yes" },
    { check: "role", wanted: "lead", answer: "no" },
    { check: "role", wanted: "admin", answer: "cannot_tell", idToken: { roles: undefined } },
    { check: "organization", wanted: "9f3kq2demo", answer: "yes" },
    { check: "organization", wanted: "other", answer: "no" },
    { check: "organization", wanted: "other", answer: "cannot_tell", idToken: { organizations: undefined } },
    { check: "organizationRole", wanted: "9f3kq2demo:admin", answer: "yes" },
    { check: "organizationRole", wanted: "9f3kq2demo:lead", answer: "no" },
    {
      check: "organizationRole",
      wanted: "9f3kq2demo:admin",
      answer: "cannot_tell",
      idToken: { organization_roles: undefined },
    },
  ],
};

providerSuite("logto", fixtures);

test("all the algorithms that a tenant may choose are taken", () => {
  const { checks } = logto({ ...CREDENTIALS, baseUrl: BASE });
  expect(checks.idTokenAlgorithms).toEqual(expect.arrayContaining(["ES384", "RS256"]));
});

test("two tenants side by side", () => {
  const other = logto({ ...CREDENTIALS, id: "logto-own", baseUrl: "https://auth.example.com/" });
  expect(other).toMatchObject({ id: "logto-own", issuer: "https://auth.example.com/oidc" });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["auth.example.com:443"]);
});

test.each<[Partial<LogtoOptions>, string, string]>([
  [{ baseUrl: undefined }, "baseUrl", "is missing"],
  [{ baseUrl: ISSUER }, "baseUrl", "is the issuer"],
  [{ baseUrl: "https://cloud.logto.io/acme" }, "baseUrl", "is Logto's console"],
  [{ baseUrl: "http://auth.example.com" }, "baseUrl", "is not https"],
  [{ redirectOrigins: ["https://id.example.com/"] }, "redirectOrigins[0]", "is not an origin"],
  [{ id: "Logto" }, "id", "is not lower case letters, digits and inner hyphens, 40 at most"],
])("%j is told", (options, path, message) => {
  expect(logto({ ...CREDENTIALS, baseUrl: BASE, ...options }).problems()).toMatchObject([{ path, message }]);
});
