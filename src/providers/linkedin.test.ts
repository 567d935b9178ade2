import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { linkedin } from "./linkedin.ts";

const BASE = "https://www.linkedin.com";
const ISSUER = `${BASE}/oauth`;
const DISCOVERY = `GET ${ISSUER}/.well-known/openid-configuration`;
const TOKEN = `POST ${BASE}/oauth/v2/accessToken`;
const KEYS = `GET ${BASE}/oauth/openid/jwks`;
const USER_INFO = "GET https://api.linkedin.com/v2/userinfo";
const OPTIONS = { clientId: SUITE.clientId, clientSecret: SUITE.clientSecret };

providerSuite("LinkedIn", {
  make: (credentials) => linkedin(credentials),
  authorizeUrl:
    "https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP",
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${BASE}/oauth/v2/authorization`,
        token_endpoint: `${BASE}/oauth/v2/accessToken`,
        userinfo_endpoint: "https://api.linkedin.com/v2/userinfo",
        jwks_uri: `${BASE}/oauth/openid/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        expires_in: 5183999,
        scope: "email,openid,profile",
        token_type: "Bearer",
        id_token: ID_TOKEN,
      },
    },
    [USER_INFO]: {
      json: {
        sub: "k9Qw3xLm2z",
        name: "Rui Gao",
        given_name: "Rui",
        family_name: "Gao",
        picture: "https://img.example/rui.jpg",
        locale: { country: "CN", language: "zh" },
        email: "rui@example.com",
        email_verified: true,
      },
    },
  },
  idToken: { sub: "k9Qw3xLm2z" },
  arrives: {
    issuer: ISSUER,
    subject: "k9Qw3xLm2z",
    name: "Rui Gao",
    email: "rui@example.com",
    emailVerified: true,
    picture: "https://img.example/rui.jpg",
  },
  asks: [DISCOVERY, TOKEN, KEYS, USER_INFO],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind before signing in": {
      callback: { error: "user_cancelled_login", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a change of mind at the consent": {
      callback: { error: "user_cancelled_authorize", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "an app without the product": {
      callback: { error: "unauthorized_scope_error", error_description: SUITE.freeText },
      ends: { fails: { code: "provider_rejected", providerCode: "unauthorized_scope_error" } },
    },
    "a used code": {
      answers: {
        [TOKEN]: { status: 400, json: { error: "invalid_request", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "invalid_request" } },
    },
    "a wrong secret": {
      answers: {
        [TOKEN]: { status: 401, json: { error: "invalid_client", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "the older spelling of the issuer is the same place": {
      idToken: { iss: BASE },
      ends: { arrives: { issuer: ISSUER, subject: "k9Qw3xLm2z" } },
    },
    "a text that tells the e-mail is verified": {
      answers: {
        [USER_INFO]: { json: { sub: "k9Qw3xLm2z", email: "rui@example.com", email_verified: "true" } },
      },
      ends: { arrives: { emailVerified: true, name: null } },
    },
    "no e-mail": {
      answers: { [USER_INFO]: { json: { sub: "k9Qw3xLm2z", name: "Rui Gao" } } },
      ends: { arrives: { email: null, emailVerified: null, name: "Rui Gao" } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => linkedin({ ...credentials, trustEmail: true }),
      answers: { [USER_INFO]: { json: { sub: "k9Qw3xLm2z", email: "rui@example.com" } } },
      ends: { arrives: { emailVerified: true } },
    },
  },
});

test("two apps stand side by side, and another address serves for tests", () => {
  const second = linkedin({ ...OPTIONS, id: "linkedin-lab", baseUrl: "http://127.0.0.1:4000" });
  expect([second.id, second.issuer, second.name]).toEqual([
    "linkedin-lab",
    "http://127.0.0.1:4000/oauth",
    { en: "LinkedIn", "zh-CN": "领英" },
  ]);
  expect([linkedin(OPTIONS).namedHosts(), second.namedHosts()]).toEqual([[], ["127.0.0.1:4000"]]);
  expect([...linkedin(OPTIONS).problems(), ...second.problems()]).toEqual([]);
});

test("mistakes are told", () => {
  const found = linkedin({ name: "", clientId: undefined, clientSecret: "x y", baseUrl: "http://x.example" });
  expect(found.problems().map(({ path }) => path)).toEqual(["name", "clientId", "clientSecret", "baseUrl"]);
});
