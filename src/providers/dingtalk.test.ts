import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type SentRequest, scriptedOutbound } from "../testing/scripted-outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import { dingtalk } from "./dingtalk.ts";

const TOKEN = "POST https://api.dingtalk.com/v1.0/oauth2/userAccessToken";
const USER = "GET https://api.dingtalk.com/v1.0/contact/users/me";
const APP_TOKEN = "POST https://api.dingtalk.com/v1.0/oauth2/accessToken";
const BY_UNION_ID = "POST https://oapi.dingtalk.com/topapi/user/getbyunionid";
const MEMBER = "POST https://oapi.dingtalk.com/topapi/v2/user/get";

const token = { accessToken: SUITE.accessToken, refreshToken: SUITE.refreshToken, expireIn: 7200 };
const fromCompany = (corpId: string) => ({ [TOKEN]: { json: { ...token, corpId } } });
const user = {
  nick: "李安娜",
  avatarUrl: "https://img.example/ana.jpg",
  mobile: "13800000000",
  openId: "liSii8KCdemo",
  unionId: "7Huu46kkdemo",
  email: "ana@example.com",
  stateCode: "86",
};
const word = (status: number, code: string) => ({
  status,
  json: { code, requestid: "F340FF76-0000-4000-8000-000000000001", message: SUITE.freeText },
});
const number = (errcode: number) => ({ json: { errcode, errmsg: SUITE.freeText } });

const fixtures: ProviderFixtures = {
  make: dingtalk,
  authorizeUrl: `https://login.dingtalk.com/oauth2/auth?prompt=consent&response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid&state=${SUITE.state}`,
  answers: {
    [TOKEN]: { json: token },
    [USER]: { json: user },
    [APP_TOKEN]: { json: { accessToken: SUITE.appToken, expireIn: 7200 } },
    [BY_UNION_ID]: { json: { errcode: 0, errmsg: "ok", result: { contact_type: 0, userid: "ana01" } } },
    [MEMBER]: {
      json: { errcode: 0, errmsg: "ok", result: { userid: "ana01", dept_id_list: [431280123, 1] } },
    },
  },
  callback: { authCode: SUITE.code },
  arrives: {
    issuer: "https://login.dingtalk.com",
    subject: "7Huu46kkdemo",
    handle: null,
    name: "李安娜",
    email: "ana@example.com",
    emailVerified: null,
    picture: "https://img.example/ana.jpg",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["unionId"] },
  cases: {
    "a state without a code is a change of mind": { callback: {}, ends: "cancelled" },
    "a change of mind that is told": { callback: { error: "access_denied" }, ends: "cancelled" },
    "the code under its other name": {
      callback: { code: SUITE.code },
      ends: { arrives: { subject: "7Huu46kkdemo" } },
    },
    "the code under both names": {
      callback: { code: "another-code", authCode: SUITE.code },
      ends: { arrives: { subject: "7Huu46kkdemo" } },
    },
    "a used code": {
      answers: { [TOKEN]: word(400, "invalidParameter.authCode.notFound") },
      ends: {
        fails: {
          code: "provider_rejected",
          reason: "code_invalid",
          providerCode: "invalidParameter.authCode.notFound",
        },
      },
    },
    "a wrong secret": {
      answers: { [TOKEN]: word(400, "invalidClientIdOrSecret") },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a permission that is missing": {
      answers: { [USER]: word(403, "Forbidden.AccessDenied.AccessTokenPermissionDenied") },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready" } },
    },
    "too many requests": {
      answers: { [TOKEN]: word(403, "Forbidden.AccessDenied.QpsLimitForApi") },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a place in trouble": {
      answers: { [USER]: word(400, "ServiceUnavailable") },
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "a word that nobody knows": {
      answers: { [TOKEN]: word(400, "invalidParameter.grantType") },
      ends: { fails: { code: "provider_untrusted", reason: "protocol" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { unionId: "7Huu46kkdemo" } } },
      ends: { arrives: { subject: "7Huu46kkdemo", name: null, email: null, picture: null } },
    },
    "an openId does not stand in for the unionId": {
      answers: { [USER]: { json: { openId: "liSii8KCdemo" } } },
      ends: { fails: { code: "no_identifier" } },
    },
    "somebody of the company": {
      make: (credentials) => dingtalk({ ...credentials, corpId: "dingcorp1" }),
      answers: fromCompany("dingcorp1"),
      ends: { arrives: { subject: "7Huu46kkdemo" } },
    },
    "somebody of another company": {
      make: (credentials) => dingtalk({ ...credentials, corpId: "dingcorp1" }),
      answers: fromCompany("dingcorp2"),
      ends: { fails: { code: "not_allowed", reason: "other_company" } },
    },
    "somebody whose company is not told": {
      make: (credentials) => dingtalk({ ...credentials, corpId: "dingcorp1" }),
      ends: { fails: { code: "not_allowed", reason: "other_company" } },
    },
  },
  membership: [
    { check: "corporation", wanted: "dingcorp1", answer: "yes", answers: fromCompany("dingcorp1") },
    { check: "corporation", wanted: "dingcorp1", answer: "no", answers: fromCompany("dingcorp2") },
    { check: "corporation", wanted: "dingcorp1", answer: "cannot_tell" },
    { check: "department", wanted: "431280123", answer: "yes" },
    { check: "department", wanted: "2", answer: "no" },
    // Not in this company.
    { check: "department", wanted: "1", answer: "no", answers: { [BY_UNION_ID]: number(60121) } },
    { check: "department", wanted: "1", answer: "cannot_tell", answers: { [MEMBER]: number(60011) } },
    {
      check: "department",
      wanted: "1",
      answer: "cannot_tell",
      answers: { [APP_TOKEN]: word(400, "invalidAppKeyOrSecret") },
    },
    // A token that has ended is fetched anew, whoever tells it.
    {
      check: "department",
      wanted: "1",
      answer: "yes",
      answers: {
        [BY_UNION_ID]: [
          { json: { errcode: 88, sub_code: "40014", sub_msg: SUITE.freeText } },
          { json: { errcode: 0, result: { userid: "ana01" } } },
        ],
      },
    },
  ],
};

providerSuite("dingtalk", fixtures);

async function sentBy(definition: ProviderDefinition): Promise<readonly SentRequest[]> {
  const { outbound, sent } = scriptedOutbound(
    fixtures.answers,
    async ({ text, json }) => text ?? JSON.stringify(json),
  );
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const { redirectUri, state, nonce, codeVerifier, code } = SUITE;
  await connect(definition, { outbound, now: () => SUITE.now, log }).finish({
    redirectUri,
    state,
    nonce,
    codeVerifier,
    parameters: new URLSearchParams({ state, code }),
  });
  return sent;
}

test("the token request is JSON in camelCase, and the token goes into a header of its own", async () => {
  const [request, who] = await sentBy(dingtalk(CREDENTIALS));
  expect(JSON.parse(request?.body ?? "")).toEqual({
    grantType: "authorization_code",
    clientId: SUITE.clientId,
    clientSecret: SUITE.clientSecret,
    code: SUITE.code,
  });
  expect(who?.headers.get("x-acs-dingtalk-access-token")).toBe(SUITE.accessToken);
  expect(who?.headers.get("authorization")).toBeNull();
});

test("a company that is named is asked for", () => {
  expect(dingtalk({ ...CREDENTIALS, corpId: "dingcorp1" }).authorize).toMatchObject({
    scopes: ["openid", "corpid"],
    parameters: { prompt: "consent", exclusiveLogin: "true", exclusiveCorpId: "dingcorp1" },
  });
});

test("the international edition has hosts of its own", () => {
  const { endpoints, issuer } = dingtalk({ ...CREDENTIALS, domain: "dingtalk.io" });
  expect(issuer).toBe("https://login.dingtalk.io");
  expect(endpoints?.token).toBe("https://api.dingtalk.io/v1.0/oauth2/userAccessToken");
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(dingtalk(CREDENTIALS)).toMatchObject({ id: "dingtalk", name: { "zh-CN": "钉钉" } });
  expect(dingtalk(CREDENTIALS).namedHosts()).toEqual([]);
  const other = dingtalk({
    ...CREDENTIALS,
    id: "dingtalk-lab",
    baseUrl: "http://127.0.0.1:7001/camel-json/",
  });
  expect(other.id).toBe("dingtalk-lab");
  expect(other.endpoints?.authorization).toBe("http://127.0.0.1:7001/camel-json/oauth2/auth");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = dingtalk({
    id: "Ding",
    clientId: "dingdemo",
    clientSecret: "",
    corpId: "dingdemo",
    baseUrl: "dingtalk.com",
  });
  expect(found.problems().map(({ path, message }) => [path, message])).toEqual([
    ["id", "is not lower case letters, digits and inner hyphens, 40 at most"],
    ["clientSecret", "is missing (is its environment variable set?)"],
    ["corpId", "is the Client ID of the app"],
    ["baseUrl", "is not an address"],
  ]);
  expect(dingtalk({ ...CREDENTIALS, corpId: "" }).problems()).toMatchObject([
    { path: "corpId", message: "is not the id of a company" },
  ]);
});
