import { expect, test } from "vitest";
import { type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { scriptedOutbound } from "../testing/scripted-outbound.ts";
import { connect } from "./connect.ts";
import { type WecomOptions, wecom } from "./wecom.ts";

const API = "https://qyapi.weixin.qq.com/cgi-bin";
const APP_TOKEN = `GET ${API}/gettoken`;
const LOGIN = `GET ${API}/auth/getuserinfo`;
const MEMBER = `GET ${API}/user/get`;
const DETAIL = `POST ${API}/auth/getuserdetail`;

const CLIENT = { clientId: "ww100000demo", clientSecret: SUITE.clientSecret, agentId: 1000002 };
const make = (options: Partial<WecomOptions> = {}) => wecom({ ...CLIENT, ...options });

const ok = (members: object) => ({ json: { errcode: 0, errmsg: "ok", ...members } });
const told = (errcode: number) => ({ json: { errcode, errmsg: `${SUITE.freeText}, from ip: 203.0.113.9` } });
const member = { userid: "LiAnna", name: "李安娜", department: [1, 27], status: 1, main_department: 27 };
const consented = {
  [LOGIN]: ok({ userid: "LiAnna", user_ticket: SUITE.accessToken, expires_in: 1800 }),
  [DETAIL]: ok({
    userid: "LiAnna",
    avatar: "https://img.example/ana.jpg",
    email: "ana@private.example",
    biz_mail: "ana@example.com",
  }),
};

const fixtures: ProviderFixtures = {
  make: () => make(),
  authorizeUrl: `https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=${CLIENT.clientId}&agentid=1000002&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}&lang=zh`,
  answers: {
    [APP_TOKEN]: ok({ access_token: SUITE.appToken, expires_in: 7200 }),
    [LOGIN]: ok({ userid: "LiAnna" }),
    [MEMBER]: ok(member),
  },
  // The place may put its own parameter beside the code.
  callback: { code: SUITE.code, appid: CLIENT.clientId },
  arrives: {
    issuer: `https://work.weixin.qq.com#${CLIENT.clientId}`,
    subject: "lianna",
    handle: "LiAnna",
    name: "李安娜",
    email: null,
    emailVerified: null,
    picture: null,
    groups: ["1", "27"],
  },
  asks: [APP_TOKEN, LOGIN, MEMBER],
  subject: { answer: LOGIN, paths: ["userid"] },
  cases: {
    "a state without a code is a change of mind": { callback: {}, ends: "cancelled" },
    "a used code": {
      answers: { [LOGIN]: told(40029) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "40029" } },
    },
    "a wrong secret": {
      answers: { [APP_TOKEN]: told(40001) },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "40001" } },
    },
    "a server whose address is not trusted": {
      answers: { [LOGIN]: told(60020) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "60020" } },
    },
    "another domain": {
      answers: { [LOGIN]: told(50001) },
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch" } },
    },
    "too many requests": {
      answers: { [APP_TOKEN]: told(45009) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a place in trouble": {
      answers: { [LOGIN]: told(-1) },
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "a number that nobody knows": {
      answers: { [LOGIN]: told(49999) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "49999" } },
    },
    "an answer without a number": {
      answers: { [LOGIN]: { json: { userid: "LiAnna" } } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol" } },
    },
    "somebody from outside, with number 0": {
      answers: { [LOGIN]: ok({ openid: "oAAAAAAA_outsider", external_userid: "wmAAAAAAoutsider" }) },
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed", providerCode: "not_a_member" } },
    },
    "a token of the app that has ended": {
      answers: { [LOGIN]: [told(42001), ok({ userid: "LiAnna" })] },
      ends: { arrives: { subject: "lianna" } },
    },
    "a token of the app that is never believed": {
      answers: { [LOGIN]: told(40014) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "40014" } },
    },
    "an app that may not see its member": {
      answers: { [MEMBER]: told(60011) },
      ends: { arrives: { subject: "lianna", handle: "LiAnna", name: null, groups: null } },
    },
    "an outage is not taken for a member without a name": {
      answers: { [MEMBER]: { status: 502, json: {} } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "an outage is not taken for somebody from outside": {
      answers: { [LOGIN]: { status: 502, json: {} } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "somebody who showed their address": {
      answers: consented,
      ends: {
        arrives: {
          email: "ana@example.com",
          emailVerified: null,
          picture: "https://img.example/ana.jpg",
        },
      },
    },
    "a ticket that is refused": {
      answers: { ...consented, [DETAIL]: told(48002) },
      ends: { arrives: { subject: "lianna", name: "李安娜", email: null } },
    },
    "an address that the operator vouches for": {
      make: () => make({ trustEmail: true }),
      answers: consented,
      ends: { arrives: { email: "ana@example.com", emailVerified: true } },
    },
  },
  membership: [
    { check: "department", wanted: "27", answer: "yes" },
    { check: "department", wanted: "2", answer: "no" },
    { check: "department", wanted: "27", answer: "cannot_tell", answers: { [MEMBER]: told(60011) } },
  ],
};

providerSuite("wecom", fixtures);

function startWith(userAgent: string | null, options: Partial<WecomOptions> = {}) {
  const silent = () => {};
  const provider = connect(make(options), {
    outbound: scriptedOutbound({}, async () => "").outbound,
    now: () => SUITE.now,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const { redirectUri, state, nonce, codeVerifier } = SUITE;
  return provider.start({ redirectUri, state, nonce, codeVerifier, userAgent });
}

const INSIDE = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.36 MicroMessenger/7.0.1";

test.each([
  [false, "snsapi_base"],
  [true, "snsapi_privateinfo"],
])(
  "inside the app there is another page, with its parameters in order (private: %s)",
  async (privateInfo, scope) => {
    const { url } = await startWith(INSIDE, { privateInfo });
    expect(url.href).toBe(
      `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${CLIENT.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&response_type=code&scope=${scope}&state=${SUITE.state}&agentid=1000002#wechat_redirect`,
    );
  },
);

test.each([null, "", "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0", "MicroMessenger/8.0.50"])(
  "everywhere else it is the usual page: %s",
  async (userAgent) => {
    const { url } = await startWith(userAgent, { language: "en" });
    expect(url.host).toBe("login.work.weixin.qq.com");
    expect(url.searchParams.get("lang")).toBe("en");
  },
);

test("members are the same in any spelling, of another company they are others", () => {
  const of = (userid: string, clientId: string) => {
    const { subject, tenant } = make({ clientId }).profile({
      idToken: null,
      userInfo: null,
      answers: { login: { userid } },
      tokenResponse: null,
      callback: {},
    });
    return [subject, tenant];
  };
  expect(of("LIANNA", "wwone")).toEqual(of("lianna", "wwone"));
  expect(of("lianna", "wwone")).not.toEqual(of("lianna", "wwtwo"));
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(make()).toMatchObject({ id: "wecom", name: { en: "WeCom", "zh-CN": "企业微信" } });
  expect(make().namedHosts()).toEqual([]);
  expect(make().redirectOrigins).toEqual(["https://open.weixin.qq.com"]);
  const other = make({ id: "wecom-lab", baseUrl: "http://127.0.0.1:7001/app-token/" });
  expect(other.id).toBe("wecom-lab");
  expect(other.endpoints?.authorization).toMatch(
    /^http:\/\/127\.0\.0\.1:7001\/app-token\/wwlogin\/sso\/login\?/,
  );
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.redirectOrigins).toEqual([]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = wecom({
    id: "We Com",
    clientId: "1000002",
    clientSecret: "",
    agentId: "ww100000demo",
    baseUrl: "work.weixin.qq.com",
  });
  expect(found.problems().map(({ path, message }) => [path, message])).toEqual([
    ["id", "is not lower case letters, digits and inner hyphens, 40 at most"],
    ["clientSecret", "is missing (is its environment variable set?)"],
    ["clientId", "is not a CorpID: those begin with ww"],
    ["agentId", "is not the number of an app"],
    ["baseUrl", "is not an address"],
  ]);
  expect(make({ agentId: undefined }).problems()).toMatchObject([{ path: "agentId" }]);
});
