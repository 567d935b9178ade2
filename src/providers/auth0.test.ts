import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { auth0 } from "./auth0.ts";

const BASE = "https://acme.eu.auth0.com";
const TOKEN = `POST ${BASE}/oauth/token`;
const ROLES = "https://acme.example/roles";
const DOMAIN = { domain: "acme.eu.auth0.com" };

const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: (credentials) => auth0({ ...credentials, ...DOMAIN, rolesClaim: ROLES }),
  authorizeUrl: `${BASE}/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${BASE}/.well-known/openid-configuration`]: {
      json: {
        issuer: `${BASE}/`,
        authorization_endpoint: `${BASE}/authorize`,
        token_endpoint: `${BASE}/oauth/token`,
        userinfo_endpoint: `${BASE}/userinfo`,
        jwks_uri: `${BASE}/.well-known/jwks.json`,
        revocation_endpoint: `${BASE}/oauth/revoke`,
        id_token_signing_alg_values_supported: ["HS256", "RS256", "PS256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
      },
    },
    [`GET ${BASE}/.well-known/jwks.json`]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        id_token: ID_TOKEN,
        scope: "openid profile email",
        expires_in: 86400,
        token_type: "Bearer",
      },
    },
    [`GET ${BASE}/userinfo`]: { json: { sub: "auth0|6500demo" } },
  },
  idToken: {
    sub: "auth0|6500demo",
    nickname: "ana",
    name: "Ana Li",
    picture: "https://img.example/ana.png",
    updated_at: "2026-11-01T00:00:00.000Z",
    email: "ana@example.com",
    email_verified: true,
    org_id: "org_demo",
    org_name: "acme",
    [ROLES]: ["ops"],
  },
  arrives: {
    issuer: `${BASE}/`,
    subject: "auth0|6500demo",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://img.example/ana.png",
  },
  asks: [`GET ${BASE}/.well-known/openid-configuration`, TOKEN, `GET ${BASE}/.well-known/jwks.json`],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: "User did not authorize the request" },
      ends: "cancelled",
    },
    "somebody who is blocked": {
      callback: { error: "unauthorized", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "refused" } },
    },
    "a bad code, told with 403": {
      answers: refused(403, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused(401, "access_denied"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "an application of the wrong type": {
      answers: refused(403, "unauthorized_client"),
      ends: { fails: { code: "provider_rejected", reason: "unauthorized_client" } },
    },
    "nothing but an id": {
      idToken: {
        nickname: undefined,
        name: undefined,
        picture: undefined,
        email: undefined,
        email_verified: undefined,
      },
      ends: { arrives: { subject: "auth0|6500demo", handle: null, name: null, email: null } },
    },
    "an issuer without the slash": {
      idToken: { iss: BASE },
      ends: { fails: { code: "provider_untrusted" } },
    },
    "somebody of the organization, by id": {
      make: (credentials) => auth0({ ...credentials, ...DOMAIN, organization: "org_demo" }),
      ends: { arrives: { subject: "auth0|6500demo" } },
    },
    "somebody of the organization, by name": {
      make: (credentials) => auth0({ ...credentials, ...DOMAIN, organization: "Acme" }),
      ends: { arrives: { subject: "auth0|6500demo" } },
    },
    "somebody of another organization": {
      make: (credentials) => auth0({ ...credentials, ...DOMAIN, organization: "org_demo" }),
      idToken: { org_id: "org_other" },
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
    "somebody who took the organization out of the address": {
      make: (credentials) => auth0({ ...credentials, ...DOMAIN, organization: "acme" }),
      idToken: { org_id: undefined, org_name: undefined },
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
  },
  membership: [
    { check: "organization", wanted: "org_demo", answer: "yes" },
    { check: "organization", wanted: "acme", answer: "yes" },
    { check: "organization", wanted: "org_other", answer: "no" },
    {
      check: "organization",
      wanted: "org_demo",
      answer: "cannot_tell",
      idToken: { org_id: undefined, org_name: undefined },
    },
    { check: "role", wanted: "ops", answer: "yes" },
    { check: "role", wanted: "lead", answer: "no" },
    { check: "role", wanted: "ops", answer: "cannot_tell", idToken: { [ROLES]: undefined } },
  ],
};

providerSuite("auth0", fixtures);

test("the organization stands in the address, whatever else is set", () => {
  const { authorize } = auth0({
    ...CREDENTIALS,
    ...DOMAIN,
    organization: "org_demo",
    authorizationParameters: { organization: "org_other", connection: "google-oauth2" },
  });
  expect(authorize.parameters).toEqual({ organization: "org_demo", connection: "google-oauth2" });
});

test("signing out leads to the place that every tenant has", () => {
  const { endSession } = auth0({ ...CREDENTIALS, ...DOMAIN }).lifecycle ?? {};
  if (typeof endSession !== "function") throw new Error("no address");
  expect(endSession({ clientId: "client-1", returnTo: "https://admin.example.com/auth/signed-out" })).toBe(
    `${BASE}/v2/logout?client_id=client-1&returnTo=https%3A%2F%2Fadmin.example.com%2Fauth%2Fsigned-out`,
  );
});

test("without a claim for roles no rule can ask for one", () => {
  expect(Object.keys(auth0({ ...CREDENTIALS, ...DOMAIN }).membership ?? {})).toEqual(["organization"]);
});

test.each([
  ["acme.eu.auth0.com", "https://acme.eu.auth0.com/"],
  ["https://login.acme.example", "https://login.acme.example/"],
  ["https://login.acme.example/", "https://login.acme.example/"],
])("the domain %s", (domain, issuer) => {
  const definition = auth0({ ...CREDENTIALS, id: "auth0-two", domain });
  expect(definition).toMatchObject({ id: "auth0-two", issuer });
  expect(definition.problems()).toEqual([]);
});

test.each([
  [undefined, "is missing (is its environment variable set?)"],
  ["manage.auth0.com", "is the dashboard's"],
  ["https://acme.eu.auth0.com/authorize", "has a path"],
  ["http://acme.eu.auth0.com", "is not https"],
  ["acme eu", "is not an address"],
])("%s as domain is told", (domain, message) => {
  expect(auth0({ ...CREDENTIALS, domain }).problems()).toMatchObject([{ path: "domain", message }]);
});

test("other mistakes are told, all at once", () => {
  const found = auth0({
    ...DOMAIN,
    id: "",
    clientId: undefined,
    clientSecret: "<secret>",
    organization: " ",
    rolesClaim: "",
    scopes: ["a b"],
    redirectOrigins: ["accounts.example.com"],
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "organization",
    "rolesClaim",
    "scopes[0]",
    "redirectOrigins[0]",
  ]);
});
