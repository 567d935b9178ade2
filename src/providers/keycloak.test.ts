import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type KeycloakOptions, keycloak } from "./keycloak.ts";

const BASE = "https://sso.example.com";
const INNER = "https://keycloak.internal:8443";
const REALM = `${BASE}/realms/staff`;
const TOKEN = `POST ${REALM}/protocol/openid-connect/token`;
const USERINFO = `GET ${REALM}/protocol/openid-connect/userinfo`;
const HERE = { baseUrl: BASE, realm: "staff" };

const make = (options: Partial<KeycloakOptions>) => {
  return (credentials: { clientId: string; clientSecret: string }) =>
    keycloak({ ...credentials, ...HERE, ...options });
};
const metadata = {
  issuer: REALM,
  authorization_endpoint: `${REALM}/protocol/openid-connect/auth`,
  token_endpoint: `${REALM}/protocol/openid-connect/token`,
  userinfo_endpoint: `${REALM}/protocol/openid-connect/userinfo`,
  jwks_uri: `${REALM}/protocol/openid-connect/certs`,
  revocation_endpoint: `${REALM}/protocol/openid-connect/revoke`,
  end_session_endpoint: `${REALM}/protocol/openid-connect/logout`,
  id_token_signing_alg_values_supported: ["PS384", "RS384", "ES256", "RS256", "HS256"],
  token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post"],
  authorization_response_iss_parameter_supported: true,
};
const token = {
  access_token: SUITE.accessToken,
  expires_in: 300,
  refresh_expires_in: 1800,
  refresh_token: SUITE.refreshToken,
  token_type: "Bearer",
  id_token: ID_TOKEN,
  "not-before-policy": 0,
  session_state: "9d0c",
  scope: "openid profile email",
};
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});
/** What the callback carries beside the code. */
const CALLBACK = { code: SUITE.code, session_state: "9d0c", iss: REALM };

const fixtures: ProviderFixtures = {
  make: make({}),
  authorizeUrl: `${REALM}/protocol/openid-connect/auth?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${REALM}/.well-known/openid-configuration`]: { json: metadata },
    [`GET ${REALM}/protocol/openid-connect/certs`]: JWKS,
    [TOKEN]: { json: token },
    [USERINFO]: { json: { sub: "f5b1c2d3-0000-4000-8000-000000000001" } },
    // From within; it still calls itself by its outer address.
    [`GET ${INNER}/realms/staff/.well-known/openid-configuration`]: { json: metadata },
    [`GET ${INNER}/realms/staff/protocol/openid-connect/certs`]: JWKS,
    [`POST ${INNER}/realms/staff/protocol/openid-connect/token`]: { json: token },
  },
  callback: CALLBACK,
  idToken: {
    sub: "f5b1c2d3-0000-4000-8000-000000000001",
    email_verified: true,
    name: "Ana Li",
    preferred_username: "ana",
    email: "ana@example.com",
    groups: ["/ops", "/ops/night"],
    realm_access: { roles: ["manager", "offline_access"] },
    resource_access: { "back-office": { roles: ["editor"] }, account: { roles: ["view-profile"] } },
  },
  arrives: {
    issuer: REALM,
    subject: "f5b1c2d3-0000-4000-8000-000000000001",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", session_state: "9d0c", iss: REALM },
      ends: "cancelled",
    },
    "a sign-in page that was left open too long": {
      callback: {
        error: "temporarily_unavailable",
        error_description: "authentication_expired",
        iss: REALM,
      },
      ends: { fails: { code: "provider_unavailable", reason: "temporarily_unavailable" } },
    },
    "a callback of another realm": {
      callback: { ...CALLBACK, iss: `${BASE}/realms/other` },
      ends: { fails: { code: "callback_invalid", reason: "issuer_mismatch" } },
    },
    "a wrong secret": {
      answers: refused(401, "unauthorized_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a token of another realm": {
      idToken: { iss: `${BASE}/realms/other` },
      ends: { fails: { code: "provider_untrusted" } },
    },
    "a server that is reached elsewhere": {
      make: make({ backChannelUrl: `${INNER}/` }),
      answers: { [TOKEN]: { status: 500, json: {} } },
      ends: { arrives: { issuer: REALM, name: "Ana Li" } },
    },
    "nothing but an id": {
      idToken: {
        name: undefined,
        preferred_username: undefined,
        email: undefined,
        email_verified: undefined,
      },
      ends: { arrives: { handle: null, name: null, email: null, emailVerified: null } },
    },
    "a client without the scope basic": {
      idToken: { sub: undefined },
      ends: { fails: { code: "no_identifier", reason: "subject_missing" } },
    },
  },
  membership: [
    { check: "group", wanted: "ops", answer: "yes" },
    { check: "group", wanted: "/ops/night", answer: "yes" },
    { check: "group", wanted: "ops", answer: "yes", idToken: { groups: ["ops"] } },
    { check: "group", wanted: "night", answer: "no" },
    { check: "group", wanted: "ops", answer: "cannot_tell", idToken: { groups: undefined } },
    { check: "role", wanted: "manager", answer: "yes" },
    { check: "role", wanted: "editor", answer: "no" },
    { check: "role", wanted: "manager", answer: "cannot_tell", idToken: { realm_access: undefined } },
    { check: "clientRole", wanted: "back-office/editor", answer: "yes" },
    { check: "clientRole", wanted: "back-office/view-profile", answer: "no" },
    { check: "clientRole", wanted: "x/y", answer: "cannot_tell", idToken: { resource_access: "odd" } },
  ],
};

providerSuite("keycloak", fixtures);

test("two realms side by side, one of them old", () => {
  const other = keycloak({
    ...CREDENTIALS,
    id: "keycloak-old",
    baseUrl: "https://old.example.com/auth/",
    realm: "a b",
  });
  expect(other).toMatchObject({
    id: "keycloak-old",
    issuer: "https://old.example.com/auth/realms/a%20b",
  });
  expect(other.problems()).toEqual([]);
});

test("both hosts may be private", () => {
  const definition = keycloak({ ...CREDENTIALS, ...HERE, backChannelUrl: INNER });
  expect(definition.namedHosts()).toEqual(["sso.example.com:443", "keycloak.internal:8443"]);
});

test.each<[Partial<KeycloakOptions>, string, string]>([
  [{ baseUrl: undefined }, "baseUrl", "is missing"],
  [{ baseUrl: REALM }, "baseUrl", "holds the realm"],
  [{ baseUrl: `${BASE}/admin/staff/console` }, "baseUrl", "is the address of the admin console"],
  [{ baseUrl: "http://sso.example.com" }, "baseUrl", "is not https"],
  [{ realm: "" }, "realm", "is missing (is its environment variable set?)"],
  [{ realm: "realms/staff" }, "realm", "holds a slash"],
  [{ backChannelUrl: "http://keycloak:8080" }, "backChannelUrl", "is not https"],
  [{ scopes: ["a b"] }, "scopes[0]", "is not a scope"],
  [{ redirectOrigins: ["https://id.example.com/"] }, "redirectOrigins[0]", "is not an origin"],
])("%j is told", (options, path, message) => {
  expect(keycloak({ ...CREDENTIALS, ...HERE, ...options }).problems()).toMatchObject([{ path, message }]);
});
