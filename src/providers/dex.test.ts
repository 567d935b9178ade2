import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { dex } from "./dex.ts";

const ISSUER = "https://dex.example.com/dex";
const DISCOVERY = `GET ${ISSUER}/.well-known/openid-configuration`;
const TOKEN = `POST ${ISSUER}/token`;
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/auth`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
};
const OPTIONS = { issuer: ISSUER, clientId: SUITE.clientId, clientSecret: SUITE.clientSecret };

providerSuite("Dex", {
  make: (credentials) => dex({ ...credentials, issuer: ISSUER }),
  authorizeUrl:
    "https://dex.example.com/dex/auth?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [DISCOVERY]: { json: METADATA },
    [`GET ${ISSUER}/keys`]: JWKS,
    [TOKEN]: {
      json: { access_token: SUITE.accessToken, token_type: "bearer", expires_in: 86399, id_token: ID_TOKEN },
    },
    [`GET ${ISSUER}/userinfo`]: { json: { sub: "CgM5MDESBGxkYXA", name: "Lin Qiao" } },
  },
  idToken: {
    sub: "CgM5MDESBGxkYXA",
    email: "lin@example.com",
    email_verified: true,
    groups: ["acme:ops", "acme"],
    name: "Lin Qiao",
    preferred_username: "lin",
    federated_claims: { connector_id: "ldap", user_id: "901" },
  },
  arrives: {
    issuer: ISSUER,
    subject: "CgM5MDESBGxkYXA",
    handle: "lin",
    name: "Lin Qiao",
    email: "lin@example.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, `GET ${ISSUER}/keys`],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: {
        [TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "invalid_grant" } },
    },
    "a wrong secret": {
      answers: { [TOKEN]: { status: 401, json: { error: "invalid_client" } } },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a connector that tells no e-mail": {
      idToken: { email: undefined, email_verified: undefined },
      ends: { arrives: { email: null, emailVerified: null, name: "Lin Qiao" } },
    },
    "a person without a name, in userinfo neither": {
      answers: { [`GET ${ISSUER}/userinfo`]: { json: { sub: "CgM5MDESBGxkYXA" } } },
      idToken: { name: undefined, preferred_username: undefined },
      ends: { arrives: { name: null, handle: "lin@example.com" } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => dex({ ...credentials, issuer: ISSUER, trustEmail: true }),
      idToken: { email_verified: undefined },
      ends: { arrives: { email: "lin@example.com", emailVerified: true } },
    },
  },
  membership: [
    { check: "group", wanted: "acme:ops", answer: "yes" },
    { check: "group", wanted: "acme:finance", answer: "no" },
    { check: "group", wanted: "acme:ops", idToken: { groups: undefined }, answer: "cannot_tell" },
    { check: "connector", wanted: "ldap", answer: "yes" },
    { check: "connector", wanted: "github", answer: "no" },
    { check: "connector", wanted: "ldap", idToken: { federated_claims: undefined }, answer: "cannot_tell" },
  ],
});

test("a connector can be chosen beforehand, and two servers stand side by side", () => {
  const first = dex({ ...OPTIONS, connector: "ldap" });
  const second = dex({ ...OPTIONS, id: "dex-lab", name: "Lab", issuer: "https://dex.lab.example" });
  expect(first.authorize.parameters).toEqual({ connector_id: "ldap" });
  expect(first.namedHosts()).toEqual(["dex.example.com:443"]);
  expect([first.id, second.id, second.issuer]).toEqual(["dex", "dex-lab", "https://dex.lab.example"]);
  expect([...first.problems(), ...second.problems()]).toEqual([]);
});

test("mistakes are told", () => {
  const found = dex({
    issuer: `${ISSUER}/.well-known/openid-configuration`,
    clientId: "",
    clientSecret: "changeme",
    redirectOrigins: ["https://ldap.example.com/login"],
  }).problems();
  expect(found.map(({ path }) => path)).toEqual(["issuer", "clientId", "clientSecret", "redirectOrigins[0]"]);
});
