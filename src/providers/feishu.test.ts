import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type SentRequest, scriptedOutbound } from "../testing/scripted-outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import { feishu } from "./feishu.ts";

const API = "https://open.feishu.cn/open-apis";
const TOKEN = `POST ${API}/authen/v2/oauth/token`;
const USER = `GET ${API}/authen/v1/user_info`;
const APP_TOKEN = `POST ${API}/auth/v3/tenant_access_token/internal`;
const MEMBER = `GET ${API}/contact/v3/users/ou_1caecc734demo`;
const GROUPS = `GET ${API}/contact/v3/group/member_belong`;
const CLIENT_ID = "cli_a5demo";

const token = {
  code: 0,
  access_token: SUITE.accessToken,
  expires_in: 7200,
  scope: "auth:user.id:read",
  token_type: "Bearer",
};
const user = {
  name: "李安娜",
  en_name: "Ana Li",
  avatar_url: "https://img.example/ana.webp",
  open_id: "ou_1caecc734demo",
  union_id: "on_1d89jhsdemo",
  tenant_key: "736588c92demo",
  enterprise_email: "ana@example.com",
  email: "ana@private.example",
};
const arrived = (data: object) => ({ [USER]: { json: { code: 0, msg: "success", data } } });
const refused = (code: number | string) => ({
  [TOKEN]: { status: 400, json: { code, error: "invalid_grant", error_description: SUITE.freeText } },
});
const told = (code: number) => ({ json: { code, msg: SUITE.freeText } });
const groups = (list: readonly string[], next?: string) => ({
  json: {
    code: 0,
    data: {
      group_list: list,
      has_more: next !== undefined,
      ...(next === undefined ? {} : { page_token: next }),
    },
  },
});

const fixtures: ProviderFixtures = {
  make: ({ clientSecret }) => feishu({ clientId: CLIENT_ID, clientSecret }),
  authorizeUrl: `https://accounts.feishu.cn/open-apis/authen/v1/authorize?response_type=code&client_id=${CLIENT_ID}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [TOKEN]: { json: token },
    ...arrived(user),
    [APP_TOKEN]: { json: { code: 0, msg: "ok", tenant_access_token: SUITE.appToken, expire: 7200 } },
    [MEMBER]: {
      json: { code: 0, data: { user: { open_id: user.open_id, department_ids: ["od-2", "od-7"] } } },
    },
    [GROUPS]: groups(["g100"]),
  },
  arrives: {
    issuer: "https://accounts.feishu.cn",
    subject: "on_1d89jhsdemo",
    subjectAliases: ["ou_1caecc734demo"],
    name: "李安娜",
    email: "ana@example.com",
    emailVerified: null,
    picture: "https://img.example/ana.webp",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["data.union_id", "data.open_id"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: refused(20065),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "20065" } },
    },
    "a code that is unknown": {
      answers: refused(20003),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a code that has expired, told by a text": {
      answers: refused("20004"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "20004" } },
    },
    "a wrong secret": {
      answers: refused(20002),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "somebody outside the availability range": {
      answers: refused(20010),
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed", providerCode: "20010" } },
    },
    "a verifier that does not fit": {
      answers: refused(20049),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "an app that is not enabled": {
      answers: refused(20069),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready" } },
    },
    "another callback address": {
      answers: refused(20071),
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch" } },
    },
    "a place in trouble": {
      answers: refused(20050),
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "a parameter that is missing": {
      answers: refused(20001),
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "20001" } },
    },
    "a token that is not believed, with status 200": {
      answers: { [USER]: told(20005) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "20005" } },
    },
    "somebody who has left, with status 200": {
      answers: { [USER]: told(20021) },
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed" } },
    },
    "success as a text": {
      answers: { [TOKEN]: { json: { ...token, code: "0" } } },
      ends: { arrives: { subject: "on_1d89jhsdemo" } },
    },
    "no union_id": {
      answers: arrived({ ...user, union_id: undefined }),
      ends: { arrives: { subject: "ou_1caecc734demo", subjectAliases: [] } },
    },
    "no permission for any field": {
      answers: arrived({ open_id: user.open_id, union_id: user.union_id }),
      ends: { arrives: { subject: "on_1d89jhsdemo", name: null, email: null, picture: null } },
    },
    "an empty company address": {
      answers: arrived({ ...user, enterprise_email: "" }),
      ends: { arrives: { email: "ana@private.example", emailVerified: null } },
    },
    "an address that the operator vouches for": {
      make: ({ clientSecret }) => feishu({ clientId: CLIENT_ID, clientSecret, trustEmail: true }),
      ends: { arrives: { email: "ana@example.com", emailVerified: true } },
    },
  },
  membership: [
    { check: "tenant", wanted: "736588c92demo", answer: "yes" },
    { check: "tenant", wanted: "736588c92other", answer: "no" },
    {
      check: "tenant",
      wanted: "736588c92demo",
      answer: "cannot_tell",
      answers: arrived({ ...user, tenant_key: undefined }),
    },
    { check: "department", wanted: "od-7", answer: "yes" },
    { check: "department", wanted: "od-1", answer: "no" },
    { check: "department", wanted: "od-7", answer: "cannot_tell", answers: { [MEMBER]: told(41050) } },
    {
      check: "department",
      wanted: "od-7",
      answer: "cannot_tell",
      answers: { [MEMBER]: { json: { code: 0, data: { user: { open_id: user.open_id } } } } },
    },
    // A token that has ended is fetched anew.
    {
      check: "department",
      wanted: "od-7",
      answer: "yes",
      answers: {
        [MEMBER]: [told(99991663), { json: { code: 0, data: { user: { department_ids: ["od-7"] } } } }],
      },
    },
    { check: "group", wanted: "g100", answer: "yes" },
    { check: "group", wanted: "g200", answer: "no" },
    {
      check: "group",
      wanted: "g200",
      answer: "yes",
      answers: { [GROUPS]: [groups(["g100"], "page-2"), groups(["g200"])] },
    },
    { check: "group", wanted: "g100", answer: "cannot_tell", answers: { [APP_TOKEN]: told(10014) } },
    {
      check: "group",
      wanted: "g100",
      answer: "cannot_tell",
      answers: arrived({ ...user, open_id: undefined }),
    },
  ],
};

providerSuite("feishu", fixtures);

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

test("the token request is JSON, without Basic", async () => {
  const [request, who] = await sentBy(feishu({ clientId: CLIENT_ID, clientSecret: SUITE.clientSecret }));
  expect(request?.headers.get("authorization")).toBeNull();
  expect(JSON.parse(request?.body ?? "")).toEqual({
    grant_type: "authorization_code",
    client_id: CLIENT_ID,
    client_secret: SUITE.clientSecret,
    code: SUITE.code,
    redirect_uri: SUITE.redirectUri,
    code_verifier: SUITE.codeVerifier,
  });
  expect(who?.headers.get("authorization")).toBe(`Bearer ${SUITE.accessToken}`);
});

test("Lark has names and hosts of its own", () => {
  const lark = feishu({ clientId: CLIENT_ID, clientSecret: "s", domain: "larksuite.com" });
  expect(lark).toMatchObject({
    id: "lark",
    name: { en: "Lark", "zh-CN": "Lark" },
    issuer: "https://accounts.larksuite.com",
  });
  expect(lark.endpoints?.token).toBe("https://open.larksuite.com/open-apis/authen/v2/oauth/token");
  expect(lark.problems()).toEqual([]);
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(feishu(CREDENTIALS)).toMatchObject({ id: "feishu", name: { "zh-CN": "飞书" } });
  expect(feishu(CREDENTIALS).namedHosts()).toEqual([]);
  const other = feishu({
    clientId: "cli_b",
    clientSecret: "s",
    id: "feishu-lab",
    baseUrl: "http://127.0.0.1:7001/",
  });
  expect(other.id).toBe("feishu-lab");
  expect(other.endpoints?.authorization).toBe("http://127.0.0.1:7001/open-apis/authen/v1/authorize");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = feishu({
    id: "Fei Shu",
    clientId: "a5demo",
    clientSecret: "todo",
    scopes: ["contact:user.email:readonly offline_access"],
    baseUrl: "open.feishu.cn",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientSecret",
    "clientId",
    "scopes[0]",
    "baseUrl",
  ]);
});
