import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { baidu } from "./baidu.ts";

const BASE = "https://openapi.baidu.com";
const TOKEN = `GET ${BASE}/oauth/2.0/token`;
const USER = `GET ${BASE}/rest/2.0/passport/users/getInfo`;

const token = {
  expires_in: 2592000,
  refresh_token: SUITE.refreshToken,
  access_token: SUITE.accessToken,
  session_secret: "",
  session_key: "",
  scope: "basic",
};
const user = {
  openid: "oid-demo",
  unionid: "uid-demo",
  userid: "2000000001",
  username: "安***",
  portrait: "e2c1demo",
  sex: "1",
};
const refused = (error: string, status = 400) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});
const restError = (error_code: number | string) => ({
  [USER]: { text: JSON.stringify({ error_code, error_msg: SUITE.freeText }) },
});

const fixtures: ProviderFixtures = {
  make: baidu,
  authorizeUrl: `${BASE}/oauth/2.0/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=basic&state=${SUITE.state}`,
  answers: { [TOKEN]: { json: token }, [USER]: { json: user } },
  arrives: {
    issuer: BASE,
    subject: "oid-demo",
    subjectAliases: ["2000000001"],
    handle: null,
    name: "安***",
    email: null,
    emailVerified: null,
    picture: "https://himg.bdimg.com/sys/portrait/item/e2c1demo",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["openid"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "an older application": {
      answers: { [USER]: { json: { ...user, openid: undefined } } },
      ends: { arrives: { subject: "2000000001", subjectAliases: [] } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { openid: "oid-demo" } } },
      ends: { arrives: { subject: "oid-demo", subjectAliases: [], name: null, picture: null } },
    },
    "a portrait that would lead elsewhere": {
      answers: { [USER]: { json: { ...user, portrait: "../../x?y=1" } } },
      ends: { arrives: { picture: "https://himg.bdimg.com/sys/portrait/item/..%2F..%2Fx%3Fy%3D1" } },
    },
    "a used code": {
      answers: refused("invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a used code with status 200": {
      answers: refused("expired_token", 200),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused("invalid_client", 401),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "another callback address": {
      answers: refused("redirect_uri_mismatch"),
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch" } },
    },
    "a token that the API refuses": {
      answers: restError(110),
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "110" } },
    },
    "a missing permission": {
      answers: restError(6),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "6" } },
    },
    "too many requests": {
      answers: restError("18"),
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited", providerCode: "18" } },
    },
    "a service that is down for a while": {
      answers: restError(2),
      ends: { fails: { code: "provider_unavailable", reason: "transient", providerCode: "2" } },
    },
  },
};

providerSuite("baidu", fixtures);

test("people type their password again when that is wanted", () => {
  expect(baidu({ ...CREDENTIALS, forceLogin: true }).authorize.parameters).toEqual({ force_login: "1" });
});

test("a token is revoked by a request of its own", () => {
  const revoke = baidu(CREDENTIALS).lifecycle?.revoke;
  expect(typeof revoke === "function" && revoke({ clientId: "1", clientSecret: () => "s" }, "t-1")).toEqual({
    url: `${BASE}/rest/2.0/passport/auth/revokeAuthorization`,
    query: { access_token: "t-1" },
  });
});

test("two live side by side, elsewhere if need be", () => {
  expect(baidu(CREDENTIALS).namedHosts()).toEqual([]);
  const other = baidu({ ...CREDENTIALS, id: "baidu-two", baseUrl: "http://127.0.0.1:7001/" });
  expect(other).toMatchObject({ id: "baidu-two", issuer: "http://127.0.0.1:7001", redirectOrigins: [] });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
});

test("mistakes are told, all at once", () => {
  const found = baidu({
    name: "",
    clientId: " ak",
    clientSecret: undefined,
    scopes: [""],
    baseUrl: "http://b.example",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "name",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "baseUrl",
  ]);
});
