import { afterAll, beforeAll, expect, test } from "vitest";
import { COMPANIES, pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/chat";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes["camel-json"];
});
afterAll(() => rehearsal.close());

function authorizeUrl(extra: Record<string, string> = {}): string {
  const query = {
    client_id: "dingdemo",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid corpid",
    prompt: "consent",
    state: "s1",
    ...extra,
  };
  return `${base}/oauth2/auth?${new URLSearchParams(query)}`;
}

async function post(path: string, body: unknown) {
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function postToken(change: Record<string, unknown>) {
  const client = { clientId: "dingdemo", clientSecret: REHEARSAL_SECRET };
  return post("/v1.0/oauth2/userAccessToken", { ...client, grantType: "authorization_code", ...change });
}

async function signIn(persona: string, extra: Record<string, string> = {}) {
  const callback = await pickPersona(authorizeUrl(extra), persona);
  return (await postToken({ code: callback.searchParams.get("authCode") })).body;
}

async function userOf(token: unknown) {
  const headers = { "x-acs-dingtalk-access-token": String(token) };
  const response = await fetch(`${base}/v1.0/contact/users/me`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

test("the code comes as authCode, and everything else in camelCase", async () => {
  const callback = await pickPersona(authorizeUrl(), "liwei");
  expect([...callback.searchParams.keys()]).toEqual(["authCode", "state"]);
  const { body } = await postToken({ code: callback.searchParams.get("authCode") });
  expect(body).toEqual({
    accessToken: expect.any(String),
    refreshToken: expect.any(String),
    expireIn: 7200,
    corpId: COMPANIES.demo.corpId,
  });
  expect((await userOf(body.accessToken)).body).toEqual({
    nick: "李伟",
    avatarUrl: expect.any(String),
    openId: expect.any(String),
    unionId: expect.any(String),
    email: "liwei@demo.example",
  });
});

test("the corporation is told only with its scope, and is the person's own", async () => {
  expect(await signIn("ada", { scope: "openid" })).not.toHaveProperty("corpId");
  expect((await signIn("mallory")).corpId).toBe(COMPANIES.elsewhere.corpId);
});

test("the token in the usual header is not seen", async () => {
  const { accessToken } = await signIn("ada");
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${base}/v1.0/contact/users/me`, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: "InvalidAuthentication" });
});

test.each([
  [{ code: "guess" }, "invalidParameter.authCode.notFound"],
  [{ clientSecret: "wrong" }, "invalidClientIdOrSecret"],
  [{ grantType: "refresh_token", refreshToken: "guess" }, "invalidParameter.refreshToken.notFound"],
  [{ grantType: "password" }, "invalidParameter.grantType"],
])("the new API answers 400 and a word to %o", async (change, code) => {
  const answer = await postToken(change);
  expect(answer).toEqual({
    status: 400,
    body: { code, requestid: expect.any(String), message: expect.any(String) },
  });
});

test("a code and a refresh token work once", async () => {
  const code = (await pickPersona(authorizeUrl(), "bo")).searchParams.get("authCode");
  const { refreshToken } = (await postToken({ code })).body;
  const refresh = { grantType: "refresh_token", refreshToken };
  expect((await postToken(refresh)).status).toBe(200);
  expect((await postToken(refresh)).status).toBe(400);
  expect((await postToken({ code })).status).toBe(400);
});

test("the old API, with an application's token, knows who is a colleague and in which departments", async () => {
  const app = await post("/v1.0/oauth2/accessToken", { appKey: "dingdemo", appSecret: REHEARSAL_SECRET });
  expect(app.body).toEqual({ accessToken: expect.any(String), expireIn: 7200 });
  const query = `access_token=${app.body.accessToken}`;
  const unionIdOf = async (persona: string) => {
    const { accessToken } = await signIn(persona);
    return (await userOf(accessToken)).body.unionId;
  };
  const found = await post(`/topapi/user/getbyunionid?${query}`, { unionid: await unionIdOf("ada") });
  expect(found).toMatchObject({ status: 200, body: { errcode: 0, result: { userid: "ada" } } });
  expect((await post(`/topapi/v2/user/get?${query}`, { userid: "ada" })).body.result).toMatchObject({
    dept_id_list: [1, 2],
    org_email: "ada@demo.example",
  });
  const outsider = await post(`/topapi/user/getbyunionid?${query}`, { unionid: await unionIdOf("mallory") });
  expect(outsider).toMatchObject({ status: 200, body: { errcode: 60121 } });
  const stranger = await post("/topapi/user/getbyunionid?access_token=guess", { unionid: "x" });
  expect(stranger.body.errcode).toBe(40014);
});

test("the old address of the application's token works too", async () => {
  const get = async (secret: string) =>
    (await fetch(`${base}/gettoken?appkey=dingdemo&appsecret=${secret}`)).json();
  expect(await get(REHEARSAL_SECRET)).toMatchObject({ errcode: 0, expires_in: 7200 });
  expect(await get("wrong")).toMatchObject({ errcode: 40089 });
});

test("prompt=consent is demanded, and cancelling brings the state alone", async () => {
  expect((await fetch(authorizeUrl({ prompt: "login" }))).status).toBe(400);
  const callback = await pickPersona(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({ state: "s1" });
});
