import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type OidcOptions, oidc } from "./oidc.ts";

const GOOD: OidcOptions = {
  id: "corp",
  name: "Corp SSO",
  issuer: "https://sso.example.com/realms/staff",
  clientId: "back-office",
  clientSecret: "s3cr3t-of-the-client",
};

function problems(change: Partial<Record<keyof OidcOptions, unknown>>): readonly string[] {
  return oidc({ ...GOOD, ...change } as OidcOptions)
    .problems()
    .map(({ path, message }) => `${path} ${message}`);
}

test("good options have no problems", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ issuer: "http://localhost:9000/" })).toEqual([]);
  expect(problems({ clientSecret: undefined, clientAuthentication: "none" })).toEqual([]);
  expect(problems({ name: { en: "Corp", "zh-CN": "公司" }, scopes: ["profile", "urn:corp:groups"] })).toEqual(
    [],
  );
});

test("every mistake is told at once", () => {
  const found = problems({
    id: "Corp SSO",
    name: "",
    issuer: undefined,
    clientId: undefined,
    clientSecret: "",
  });
  expect(found.map((line) => line.split(" ")[0])).toEqual([
    "id",
    "name",
    "issuer",
    "clientId",
    "clientSecret",
  ]);
});

describe("a mistake is told with its place", () => {
  test.each([
    [{ id: "" }, "id"],
    [{ id: "-corp" }, "id"],
    [{ id: "x".repeat(41) }, "id"],
    [{ id: "../corp" }, "id"],
    [{ id: undefined }, "id"],
    [{ name: { en: "Corp", "zh-CN": " " } }, "name"],
    [{ name: {} }, "name"],
    [{ issuer: "sso.example.com" }, "issuer is not an address"],
    [{ issuer: "http://sso.example.com" }, "issuer is not https"],
    [{ issuer: "http://10.0.0.1" }, "issuer is not https"],
    [{ issuer: "https://user:pass@sso.example.com" }, "issuer holds a user name"],
    [{ issuer: "https://sso.example.com/#x" }, "issuer holds a fragment"],
    [{ issuer: "https://sso.example.com/?x=1" }, "issuer holds a query"],
    [{ issuer: " https://sso.example.com" }, "issuer is not an address"],
    [{ issuer: 7 }, "issuer is missing"],
    [
      { issuer: "https://sso.example.com/.well-known/openid-configuration" },
      "issuer is the address of the discovery document",
    ],
    [{ clientId: "changeme" }, "clientId looks like a placeholder"],
    [{ clientId: "<client-id>" }, "clientId looks like a placeholder"],
    [{ clientId: "\u0024{CLIENT_ID}" }, "clientId looks like a placeholder"],
    [{ clientId: "your-client-id" }, "clientId looks like a placeholder"],
    [{ clientSecret: "undefined" }, "clientSecret looks like a placeholder"],
    [{ clientSecret: "s3cr3t\n" }, "clientSecret holds white space"],
    [{ clientSecret: 12 }, "clientSecret is not a text"],
    [{ clientAuthentication: "none" }, 'clientSecret is given, but clientAuthentication is "none"'],
    [{ scopes: ["openid email"] }, "scopes[0] is not a scope"],
    [{ scopes: ["email", ""] }, "scopes[1] is not a scope"],
    [{ authorizationParameters: { state: "x" } }, "authorizationParameters.state is set by Postern itself"],
    [{ authorizationParameters: { max_age: 0 } }, "authorizationParameters.max_age is not a text"],
    [{ redirectOrigins: ["https://login.example.com/"] }, "redirectOrigins[0] is not an origin"],
    [{ redirectOrigins: ["https://a.example", "*"] }, "redirectOrigins[1] is not an origin"],
  ])("%j: %s", (change, expected) => {
    const found = problems(change as Partial<Record<keyof OidcOptions, unknown>>);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
});

test("every problem comes with its fix, and none shows a secret", () => {
  for (const { message, fix } of oidc({
    ...GOOD,
    clientSecret: "s3cr3t of the client",
    clientId: "",
  }).problems()) {
    expect(fix).not.toBe("");
    expect(message + fix).not.toContain("s3cr3t");
  }
});

test("printing a definition does not print its secret", () => {
  const definition = oidc(GOOD);
  expect(definition.clientSecret()).toBe("s3cr3t-of-the-client");
  expect(inspect(definition, { depth: null, showHidden: true })).not.toContain("s3cr3t");
  expect(JSON.stringify(definition)).not.toContain("s3cr3t");
});

test.each([
  ["https://sso.example.com/realms/staff", ["sso.example.com:443"]],
  ["https://sso.example.com:8443", ["sso.example.com:8443"]],
  ["http://localhost:9000", ["localhost:9000"]],
  ["http://[::1]", ["[::1]:80"]],
  ["nonsense", []],
])("the issuer %s names %j", (issuer, expected) => {
  expect(oidc({ ...GOOD, issuer }).namedHosts()).toEqual(expected);
});

test("private hosts are named beside it", () => {
  const { namedHosts } = oidc({ ...GOOD, privateHosts: ["keycloak.internal:8443"] });
  expect(namedHosts()).toEqual(["sso.example.com:443", "keycloak.internal:8443"]);
});

test("openid is always among the scopes, once", () => {
  expect(oidc(GOOD).authorize.scopes).toEqual(["openid", "profile", "email"]);
  expect(oidc({ ...GOOD, scopes: ["groups", "openid"] }).authorize.scopes).toEqual(["openid", "groups"]);
});

const ISSUER = "https://sso.example.com/realms/staff";
const ASK_TOKEN = `POST ${ISSUER}/token`;
const ANA = {
  sub: "f5b1",
  preferred_username: "ana",
  name: "Ana Li",
  email: "ana@example.com",
  email_verified: true,
  groups: ["ops"],
  realm_access: { roles: ["admin"] },
};

providerSuite("oidc", {
  make: (credentials) =>
    oidc({ id: "corp", name: "Corp SSO", issuer: ISSUER, rolesClaim: "realm_access.roles", ...credentials }),
  authorizeUrl: `${ISSUER}/auth?response_type=code&client_id=client-1&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${ISSUER}/.well-known/openid-configuration`]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/auth`,
        token_endpoint: `${ISSUER}/token`,
        jwks_uri: `${ISSUER}/certs`,
      },
    },
    [`GET ${ISSUER}/certs`]: JWKS,
    [ASK_TOKEN]: { json: { access_token: SUITE.accessToken, token_type: "Bearer", id_token: ID_TOKEN } },
  },
  idToken: ANA,
  arrives: {
    issuer: ISSUER,
    subject: "f5b1",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  subject: { claims: ["sub"] },
  cases: {
    "nothing but a subject": {
      idToken: {
        preferred_username: undefined,
        name: undefined,
        email: undefined,
        email_verified: undefined,
      },
      ends: { arrives: { subject: "f5b1", handle: null, name: null, email: null, emailVerified: null } },
    },
    "an e-mail that nobody vouches for, in a directory that the operator trusts": {
      make: (credentials) =>
        oidc({ id: "corp", name: "Corp SSO", issuer: ISSUER, trustEmail: true, ...credentials }),
      idToken: { email_verified: undefined },
      ends: { arrives: { emailVerified: true } },
    },
    "an e-mail that is not verified, in the same directory": {
      make: (credentials) =>
        oidc({ id: "corp", name: "Corp SSO", issuer: ISSUER, trustEmail: true, ...credentials }),
      idToken: { email_verified: false },
      ends: { arrives: { emailVerified: false } },
    },
    "a changed mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code": {
      answers: {
        [ASK_TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a provider that is down": {
      callback: { error: "temporarily_unavailable", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_unavailable" } },
    },
  },
  membership: [
    { check: "group", wanted: "ops", answer: "yes" },
    { check: "group", wanted: "sales", answer: "no" },
    { check: "group", wanted: "ops", answer: "cannot_tell", idToken: { groups: undefined } },
    { check: "role", wanted: "admin", answer: "yes" },
    { check: "role", wanted: "owner", answer: "no" },
    { check: "role", wanted: "admin", answer: "cannot_tell", idToken: { realm_access: {} } },
  ],
});
