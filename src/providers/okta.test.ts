import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { okta } from "./okta.ts";

const ISSUER = "https://acme.okta.com/oauth2/default";
const DISCOVERY = `GET ${ISSUER}/.well-known/openid-configuration`;
const KEYS = `GET ${ISSUER}/v1/keys`;
const TOKEN = `POST ${ISSUER}/v1/token`;
const USERINFO = `GET ${ISSUER}/v1/userinfo`;

const metadata = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/v1/authorize`,
  token_endpoint: `${ISSUER}/v1/token`,
  userinfo_endpoint: `${ISSUER}/v1/userinfo`,
  jwks_uri: `${ISSUER}/v1/keys`,
  revocation_endpoint: `${ISSUER}/v1/revoke`,
  end_session_endpoint: `${ISSUER}/v1/logout`,
  id_token_signing_alg_values_supported: ["RS256"],
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
};
const token = {
  token_type: "Bearer",
  expires_in: 3600,
  access_token: SUITE.accessToken,
  scope: "openid profile email groups",
  id_token: ID_TOKEN,
};
const person = {
  sub: "00u1demo",
  name: "Ana Li",
  preferred_username: "ana@example.com",
  email: "ana@example.com",
  email_verified: true,
  zoneinfo: "Asia/Shanghai",
  groups: ["Everyone", "ops"],
};
const { groups: _, ...withoutGroups } = person;
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: (credentials) => okta({ ...credentials, issuer: ISSUER }),
  authorizeUrl: `${ISSUER}/v1/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: { json: metadata },
    [KEYS]: JWKS,
    [TOKEN]: { json: token },
    [USERINFO]: { json: person },
  },
  // Thin: everything else is in userinfo.
  idToken: { sub: "00u1demo", ver: 1, amr: ["pwd"] },
  arrives: {
    issuer: ISSUER,
    subject: "00u1demo",
    handle: "ana@example.com",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, KEYS, USERINFO],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: "The resource owner denied the request." },
      ends: "cancelled",
    },
    "a bare access_denied": { callback: { error: "access_denied" }, ends: "cancelled" },
    "somebody who is not assigned": {
      callback: {
        error: "access_denied",
        error_description: "User is not assigned to the client application.",
      },
      ends: { fails: { code: "provider_rejected", reason: "access_denied" } },
    },
    "an authorization server without a policy for the app": {
      callback: {
        error: "access_denied",
        error_description:
          "Policy evaluation failed for this request, please check the policy configurations.",
      },
      ends: { fails: { code: "provider_rejected", reason: "access_denied" } },
    },
    "a scope that the server does not have": {
      callback: { error: "invalid_scope", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "a wrong secret": {
      answers: refused(401, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "nothing but an id": {
      answers: { [USERINFO]: { json: { sub: "00u1demo" } } },
      ends: { arrives: { subject: "00u1demo", name: null, email: null, emailVerified: null, picture: null } },
    },
    "userinfo of somebody else": {
      answers: { [USERINFO]: { json: { ...person, sub: "00u2demo" } } },
      ends: { fails: { code: "provider_untrusted", reason: "userinfo_subject_mismatch" } },
    },
    "an e-mail that is not verified": {
      make: (credentials) => okta({ ...credentials, issuer: ISSUER, trustEmail: true }),
      answers: { [USERINFO]: { json: { ...person, email_verified: false } } },
      ends: { arrives: { email: "ana@example.com", emailVerified: false } },
    },
  },
  membership: [
    { check: "group", wanted: "ops", answer: "yes" },
    { check: "group", wanted: "lead", answer: "no" },
    {
      check: "group",
      wanted: "lead",
      answer: "yes",
      idToken: { groups: ["lead"] },
    },
    {
      check: "group",
      wanted: "ops",
      answer: "cannot_tell",
      answers: { [USERINFO]: { json: withoutGroups } },
    },
  ],
};

providerSuite("okta", fixtures);

test("the organization's own server wants the scope for groups, one of your own may not know it", () => {
  expect(okta({ ...CREDENTIALS, issuer: "https://acme.okta.com/" }).membership?.group?.scopes).toEqual([
    "groups",
  ]);
  expect(okta({ ...CREDENTIALS, issuer: ISSUER }).membership?.group?.scopes).toEqual([]);
});

test("two organizations side by side", () => {
  const other = okta({
    ...CREDENTIALS,
    id: "okta-acme",
    name: "Acme",
    issuer: "https://login.acme.example/",
  });
  expect(other).toMatchObject({
    id: "okta-acme",
    name: { en: "Acme", "zh-CN": "Acme" },
    issuer: "https://login.acme.example",
  });
  expect(other.problems()).toEqual([]);
});

test.each([
  ["https://acme-admin.okta.com", "is the address of the admin console"],
  ["https://acme.okta.com/oauth2", "is the address of an endpoint"],
  ["https://acme.okta.com/oauth2/v1/authorize", "is the address of an endpoint"],
  ["https://acme.okta.com/.well-known/openid-configuration", "is the address of an endpoint"],
  ["acme.okta.com", "is not an address"],
  ["http://acme.okta.com", "is not https"],
  [undefined, "is missing"],
])("%s as issuer is told", (issuer, message) => {
  expect(okta({ ...CREDENTIALS, issuer }).problems()).toMatchObject([{ path: "issuer", message }]);
});

test("other mistakes are told, all at once", () => {
  const found = okta({
    id: "Okta!",
    clientId: "your-client-id",
    clientSecret: "",
    issuer: ISSUER,
    scopes: ["a b"],
    authorizationParameters: { state: "mine" },
    redirectOrigins: ["idp.example.com"],
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "authorizationParameters.state",
    "redirectOrigins[0]",
  ]);
});
