import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { xOauth1 } from "./x-oauth1.ts";

const API = "https://api.x.com";
const REQUEST = `POST ${API}/oauth/request_token`;
const TOKEN = `POST ${API}/oauth/access_token`;
const USER = `GET ${API}/1.1/account/verify_credentials.json`;

const user = {
  id: 6253282,
  id_str: "6253282",
  name: "Ana",
  screen_name: "ana_demo",
  profile_image_url_https: "https://img.example/x_normal.jpg",
  verified: false,
  email: "ana@example.com",
};
const told = (status: number, code: number) => ({
  status,
  json: { errors: [{ code, message: SUITE.freeText }] },
});

const fixtures: ProviderFixtures = {
  make: xOauth1,
  authorizeUrl: `${API}/oauth/authenticate?oauth_token=temporary-1`,
  answers: {
    [REQUEST]: { text: "oauth_token=temporary-1&oauth_token_secret=hidden-1&oauth_callback_confirmed=true" },
    [TOKEN]: {
      text: `oauth_token=${SUITE.accessToken}&oauth_token_secret=${SUITE.refreshToken}&user_id=6253282&screen_name=ana_demo`,
    },
    [USER]: { json: user },
  },
  callback: { oauth_token: "temporary-1", oauth_verifier: SUITE.code },
  arrives: {
    issuer: API,
    subject: "6253282",
    handle: "ana_demo",
    name: "Ana",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://img.example/x_normal.jpg",
  },
  asks: [REQUEST, TOKEN, USER],
  subject: { answer: USER, paths: ["id", "id_str"] },
  cases: {
    "a change of mind": { callback: { denied: "temporary-1" }, ends: "cancelled" },
    "the token of another attempt": {
      callback: { oauth_token: "temporary-2", oauth_verifier: SUITE.code },
      ends: { fails: { code: "callback_invalid", reason: "token_mismatch" } },
    },
    "a used verifier": {
      answers: { [TOKEN]: told(401, 32) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "an expired token": {
      answers: { [TOKEN]: told(401, 89) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "89" } },
    },
    "a clock that is off": {
      answers: { [TOKEN]: told(401, 135) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "135" } },
    },
    "an account that is suspended": {
      answers: { [USER]: told(403, 64) },
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed", providerCode: "64" } },
    },
    "an access level that is too low": {
      answers: { [USER]: told(403, 453) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "453" } },
    },
    "too many requests": {
      answers: { [USER]: told(429, 88) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a number that nobody knows": {
      answers: { [USER]: told(400, 999) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "999" } },
    },
    "an outage": {
      answers: { [USER]: { status: 503, text: SUITE.freeText } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "no permission for e-mail": {
      answers: { [USER]: { json: { ...user, email: undefined } } },
      ends: { arrives: { subject: "6253282", email: null, emailVerified: null } },
    },
    "an empty e-mail, and nothing but an id": {
      answers: { [USER]: { json: { id_str: "6253282", email: "" } } },
      ends: { arrives: { subject: "6253282", handle: null, name: null, email: null, emailVerified: null } },
    },
  },
};

providerSuite("x-oauth1", fixtures);

test("a password can be demanded", () => {
  expect(xOauth1(CREDENTIALS).authorize.parameters).toEqual({});
  expect(xOauth1({ ...CREDENTIALS, forceLogin: true }).authorize.parameters).toEqual({ force_login: "true" });
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(xOauth1(CREDENTIALS)).toMatchObject({ id: "x-oauth1", name: { en: "X", "zh-CN": "X" } });
  expect(xOauth1(CREDENTIALS).namedHosts()).toEqual([]);
  const other = xOauth1({
    ...CREDENTIALS,
    id: "x-lab",
    name: "Lab",
    baseUrl: "http://127.0.0.1:7001/oauth1/",
  });
  expect(other).toMatchObject({ id: "x-lab", issuer: "http://127.0.0.1:7001/oauth1" });
  expect(other.endpoints?.requestToken).toBe("http://127.0.0.1:7001/oauth1/oauth/request_token");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.redirectOrigins).toEqual([]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = xOauth1({ id: "X", name: " ", clientId: "", clientSecret: "xxxx", baseUrl: "api.x.com" });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "name",
    "clientId",
    "clientSecret",
    "baseUrl",
  ]);
});
