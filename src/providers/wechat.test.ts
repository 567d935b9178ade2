import { expect, test } from "vitest";
import { type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type SentRequest, scriptedOutbound } from "../testing/scripted-outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import { type WechatOptions, wechat } from "./wechat.ts";

const API = "https://api.weixin.qq.com/sns";
const TOKEN = `GET ${API}/oauth2/access_token`;
const USER = `GET ${API}/userinfo`;
const CLIENT = { clientId: "wx100000demo", clientSecret: SUITE.clientSecret };
const make = (options: Partial<WechatOptions> = {}) => wechat({ ...CLIENT, ...options });

const token = {
  access_token: SUITE.accessToken,
  expires_in: 7200,
  refresh_token: SUITE.refreshToken,
  openid: "oLVPpjqs9Bhvdemo",
  scope: "snsapi_login",
  unionid: "o6_bmasdasdsad6demo",
};
const user = {
  openid: "oLVPpjqs9Bhvdemo",
  nickname: "安娜",
  sex: 0,
  province: "",
  city: "",
  country: "",
  headimgurl: "https://img.example/132",
  privilege: [],
  unionid: "o6_bmasdasdsad6demo",
};
// As WeChat labels it.
const plain = (body: object) => ({ text: JSON.stringify(body), headers: { "content-type": "text/plain" } });
const told = (errcode: number) => plain({ errcode, errmsg: `${SUITE.freeText}, rid: 66f0demo` });

const fixtures: ProviderFixtures = {
  make: () => make(),
  authorizeUrl: `https://open.weixin.qq.com/connect/qrconnect?appid=${CLIENT.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&response_type=code&scope=snsapi_login&state=${SUITE.state}&lang=cn#wechat_redirect`,
  answers: { [TOKEN]: plain(token), [USER]: { json: user } },
  arrives: {
    issuer: "https://open.weixin.qq.com",
    subject: "o6_bmasdasdsad6demo",
    subjectAliases: ["oLVPpjqs9Bhvdemo"],
    handle: null,
    name: "安娜",
    email: null,
    emailVerified: null,
    picture: "https://img.example/132",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["unionid", "openid"] },
  cases: {
    "a state without a code is a change of mind": { callback: {}, ends: "cancelled" },
    "an answer that is not labelled as JSON": {
      answers: { [USER]: plain(user) },
      ends: { arrives: { subject: "o6_bmasdasdsad6demo" } },
    },
    "a bad code": {
      answers: { [TOKEN]: told(40029) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "40029" } },
    },
    "a used code": {
      answers: { [TOKEN]: told(40163) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "40163" } },
    },
    "a wrong AppID": {
      answers: { [TOKEN]: told(40013) },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a wrong AppSecret": {
      answers: { [TOKEN]: told(40125) },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "an openid that does not fit": {
      answers: { [USER]: told(40003) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "40003" } },
    },
    "an ability that is not approved": {
      answers: { [USER]: told(48001) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready" } },
    },
    "too many requests": {
      answers: { [TOKEN]: told(45011) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a place in trouble": {
      answers: { [TOKEN]: told(-1) },
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "no unionid": {
      answers: { [USER]: plain({ ...user, unionid: undefined }) },
      ends: { arrives: { subject: "oLVPpjqs9Bhvdemo", subjectAliases: [] } },
    },
    "nothing but ids": {
      answers: {
        [USER]: plain({ openid: user.openid, unionid: user.unionid, nickname: "", headimgurl: "" }),
      },
      ends: { arrives: { subject: "o6_bmasdasdsad6demo", name: null, picture: null } },
    },
    "an e-mail that WeChat never tells": {
      answers: { [USER]: plain({ ...user, email: "ana@example.com" }) },
      ends: { arrives: { email: null, emailVerified: null } },
    },
  },
};

providerSuite("wechat", fixtures);

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

test("everything stands in the query", async () => {
  const [request, who] = await sentBy(make());
  expect(Object.fromEntries(request?.query ?? [])).toEqual({
    grant_type: "authorization_code",
    appid: CLIENT.clientId,
    secret: SUITE.clientSecret,
    code: SUITE.code,
  });
  expect(Object.fromEntries(who?.query ?? [])).toEqual({
    access_token: SUITE.accessToken,
    openid: "oLVPpjqs9Bhvdemo",
    lang: "zh_CN",
  });
  expect(who?.headers.get("authorization")).toBeNull();
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(make()).toMatchObject({ id: "wechat", name: { en: "WeChat", "zh-CN": "微信" } });
  expect(make().namedHosts()).toEqual([]);
  const other = make({ id: "wechat-lab", language: "en", baseUrl: "http://127.0.0.1:7001/query-token/" });
  expect(other.id).toBe("wechat-lab");
  expect(other.endpoints?.authorization).toMatch(
    /^http:\/\/127\.0\.0\.1:7001\/query-token\/connect\/qrconnect\?.*&lang=en$/,
  );
  expect(other.endpoints?.token).toBe("http://127.0.0.1:7001/query-token/sns/oauth2/access_token");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = wechat({
    id: "We Chat",
    name: "",
    clientId: "ww100000demo",
    clientSecret: "change-me",
    baseUrl: "http://weixin.qq.com",
  });
  expect(found.problems().map(({ path, message }) => [path, message])).toEqual([
    ["id", "is not lower case letters, digits and inner hyphens, 40 at most"],
    ["name", "is missing"],
    ["clientSecret", "looks like a placeholder"],
    ["clientId", "is not an AppID: those begin with wx"],
    ["baseUrl", "is not https"],
  ]);
});
