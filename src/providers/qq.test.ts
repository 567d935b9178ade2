import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { qq } from "./qq.ts";

const APP = "101000001";
const BASE = "https://graph.qq.com";
const TOKEN = `GET ${BASE}/oauth2.0/token`;
const ME = `GET ${BASE}/oauth2.0/me`;
const USER = `GET ${BASE}/user/get_user_info`;

const make: ProviderFixtures["make"] = ({ clientSecret }) => qq({ clientId: APP, clientSecret });
const withUnionId: ProviderFixtures["make"] = ({ clientSecret }) =>
  qq({ clientId: APP, clientSecret, unionId: true });

const token = {
  access_token: SUITE.accessToken,
  expires_in: "5184000",
  refresh_token: SUITE.refreshToken,
  openid: "OPENID000000000000000000000DEMO1",
};
const user = {
  ret: 0,
  msg: "",
  is_lost: 0,
  nickname: "安娜",
  figureurl_qq_1: "https://thirdqq.example/g?s=40",
  figureurl_qq_2: "https://thirdqq.example/g?s=100",
  gender: "男",
};
const jsonp = (content: unknown) => `callback( ${JSON.stringify(content)} );\n`;
const refused = (error: number) => ({
  [TOKEN]: { text: jsonp({ error, error_description: SUITE.freeText }) },
});

const fixtures: ProviderFixtures = {
  make,
  authorizeUrl: `${BASE}/oauth2.0/authorize?response_type=code&client_id=${APP}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=get_user_info&state=${SUITE.state}`,
  answers: { [TOKEN]: { json: token }, [USER]: { json: user } },
  arrives: {
    issuer: BASE,
    subject: token.openid,
    handle: null,
    name: "安娜",
    email: null,
    emailVerified: null,
    picture: "https://thirdqq.example/g?s=100",
    subjectAliases: [],
  },
  asks: [TOKEN, USER],
  subject: { answer: TOKEN, paths: ["openid"] },
  cases: {
    "a change of mind on a phone": { callback: { usercancel: "1" }, ends: "cancelled" },
    "a change of mind as the standard tells it": { callback: { error: "access_denied" }, ends: "cancelled" },
    "nothing was cancelled": {
      callback: { code: SUITE.code, usercancel: "0" },
      ends: { arrives: { subject: token.openid } },
    },
    "the token as a form, the id as JSONP": {
      answers: {
        [TOKEN]: {
          text: `access_token=${SUITE.accessToken}&expires_in=7776000&refresh_token=${SUITE.refreshToken}`,
        },
        [ME]: { text: jsonp({ client_id: APP, openid: token.openid }) },
      },
      ends: { arrives: { subject: token.openid, name: "安娜" } },
    },
    "texts in place of numbers": {
      answers: { [USER]: { json: { ...user, ret: "0" } } },
      ends: { arrives: { name: "安娜" } },
    },
    "the unionid": {
      make: withUnionId,
      answers: { [ME]: { json: { client_id: APP, openid: token.openid, unionid: "UID_DEMO1" } } },
      ends: { arrives: { subject: "UID_DEMO1", subjectAliases: [token.openid] } },
    },
    "no unionid although it was asked for": {
      make: withUnionId,
      answers: { [ME]: { json: { client_id: APP, openid: token.openid } } },
      ends: { arrives: { subject: token.openid, subjectAliases: [] } },
    },
    "the unionid was not granted": {
      make: withUnionId,
      answers: { [ME]: { text: jsonp({ error: 100048, error_description: SUITE.freeText }) } },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "100048" } },
    },
    "only the small picture": {
      answers: { [USER]: { json: { ...user, figureurl_qq_2: "" } } },
      ends: { arrives: { picture: "https://thirdqq.example/g?s=40" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { ret: 0 } } },
      ends: { arrives: { subject: token.openid, name: null, picture: null } },
    },
    "an unknown APP ID": {
      answers: refused(100008),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "100008" } },
    },
    "a wrong APP Key": {
      answers: refused(100009),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "100009" } },
    },
    "an unknown callback address": {
      answers: refused(100010),
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch" } },
    },
    "a used code": {
      answers: refused(100020),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "100020" } },
    },
    "the same as JSON, with a text": {
      answers: { [TOKEN]: { json: { error: "100019", error_description: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "user info that wants another sign-in": {
      answers: { [USER]: { text: JSON.stringify({ ret: 1002, msg: SUITE.freeText }) } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "1002" } },
    },
    "an outage": {
      answers: { [USER]: { status: 502, text: "<html>" } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
  },
};

providerSuite("qq", fixtures);

test("two live side by side, elsewhere if need be", () => {
  expect(make(CREDENTIALS).namedHosts()).toEqual([]);
  const other = qq({
    id: "qq-two",
    name: "二号",
    clientId: "any",
    clientSecret: "s",
    baseUrl: "http://127.0.0.1:7001/",
  });
  expect(other).toMatchObject({ id: "qq-two", issuer: "http://127.0.0.1:7001" });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
});

test("mistakes are told, all at once", () => {
  const found = qq({ id: "Q Q", clientId: "wx1234", clientSecret: "", scopes: ["a b"], baseUrl: undefined });
  expect(found.problems().map(({ path }) => path)).toEqual(["id", "clientSecret", "clientId", "scopes[0]"]);
  expect(qq({ clientId: "1", clientSecret: "s", baseUrl: "graph.qq.com" }).problems()).toMatchObject([
    { path: "baseUrl", message: "is not an address" },
  ]);
});
