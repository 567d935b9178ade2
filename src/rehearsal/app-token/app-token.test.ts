import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/chat";
let rehearsal: Rehearsal;
let base: string;
let now = Date.now();

beforeAll(async () => {
  rehearsal = await startRehearsal({ now: () => now });
  base = rehearsal.lookAlikes["app-token"];
});
afterEach(() => rehearsal.behave());
afterAll(() => rehearsal.close());

function desktopUrl(extra: Record<string, string> = {}): string {
  const query = {
    login_type: "CorpApp",
    appid: "ww1",
    agentid: "1000002",
    redirect_uri: redirectUri,
    state: "s1",
    ...extra,
  };
  return `${base}/wwlogin/sso/login?${new URLSearchParams(query)}`;
}

function embeddedUrl(extra: Record<string, string> = {}): string {
  const query = {
    appid: "ww1",
    agentid: "1000002",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "snsapi_privateinfo",
    state: "s1",
    ...extra,
  };
  return `${base}/connect/oauth2/authorize?${new URLSearchParams(query)}#wechat_redirect`;
}

async function get(path: string, query: Record<string, string>) {
  const response = await fetch(`${base}/cgi-bin/${path}?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

async function appToken(): Promise<string> {
  const answer = await get("gettoken", { corpid: "ww1", corpsecret: REHEARSAL_SECRET });
  expect(answer).toEqual({ errcode: 0, errmsg: "ok", access_token: expect.any(String), expires_in: 7200 });
  return String(answer.access_token);
}

async function codeOf(persona: string, url = desktopUrl()): Promise<string> {
  return (await pickPersona(url, persona)).searchParams.get("code") ?? "";
}

test("the application's token turns a code into a user id, once", async () => {
  const callback = await pickPersona(desktopUrl(), "liwei");
  expect(callback.searchParams.get("appid")).toBe("ww1");
  const access_token = await appToken();
  const code = callback.searchParams.get("code") ?? "";
  const who = await get("auth/getuserinfo", { access_token, code });
  expect(who).toEqual({ errcode: 0, errmsg: "ok", userid: "liwei" });
  expect(await get("auth/getuserinfo", { access_token, code })).toMatchObject({ errcode: 40029 });
});

test("name and departments, by an id in any case, and no e-mail", async () => {
  const access_token = await appToken();
  const ada = await get("user/get", { access_token, userid: "ADA" });
  expect(ada).toMatchObject({ userid: "ada", name: "Ada Marsh", department: [1, 2], main_department: 1 });
  expect(ada).not.toHaveProperty("email");
  expect(await get("user/get", { access_token, userid: "mallory" })).toMatchObject({ errcode: 60111 });
  expect((await get("department/list", { access_token })).department).toContainEqual({
    id: 2,
    name: "Operations",
    parentid: 1,
    order: 2,
  });
});

test("an outsider is success by number, under other names", async () => {
  const who = await get("auth/getuserinfo", {
    access_token: await appToken(),
    code: await codeOf("mallory"),
  });
  expect(who).toEqual({
    errcode: 0,
    errmsg: "ok",
    openid: expect.any(String),
    external_userid: expect.any(String),
  });
});

test("inside the chat application a ticket brings what the person agreed to show", async () => {
  const access_token = await appToken();
  const who = await get("auth/getuserinfo", { access_token, code: await codeOf("ada", embeddedUrl()) });
  expect(who).toMatchObject({ userid: "ada", expires_in: 1800 });
  const response = await fetch(`${base}/cgi-bin/auth/getuserdetail?access_token=${access_token}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_ticket: who.user_ticket }),
  });
  expect(await response.json()).toMatchObject({ errcode: 0, userid: "ada", biz_mail: "ada@demo.example" });
});

test("the fragment must be there", async () => {
  const withoutFragment = embeddedUrl().replace("#wechat_redirect", "");
  await expect(pickPersona(withoutFragment, "ada")).rejects.toThrow("#wechat_redirect");
});

test("failures tell a number and where the request came from", async () => {
  expect(await get("gettoken", { corpid: "ww1", corpsecret: "wrong" })).toEqual({
    errcode: 40001,
    errmsg: expect.stringMatching(/^invalid credential, hint: \[\d+\], from ip: 203\.0\.113\.9/),
  });
  expect(await get("gettoken", {})).toMatchObject({ errcode: 40013 });
  expect(await get("user/get", { access_token: "guess", userid: "ada" })).toMatchObject({ errcode: 40014 });
});

test("the application's token ends after two hours", async () => {
  const access_token = await appToken();
  now += 7200_000;
  expect(await get("user/get", { access_token, userid: "ada" })).toMatchObject({ errcode: 42001 });
});

test("a token that ended early leaves the code good for a second try", async () => {
  rehearsal.misbehave("app-token-ended", { times: 1 });
  const [access_token, code] = [await appToken(), await codeOf("bo")];
  expect(await get("auth/getuserinfo", { access_token, code })).toMatchObject({ errcode: 42001 });
  expect(await get("user/get", { access_token, userid: "bo" })).toMatchObject({ errcode: 42001 });
  const again = await get("auth/getuserinfo", { access_token: await appToken(), code });
  expect(again).toMatchObject({ errcode: 0, userid: "bo" });
});

test("a token of one application does not exchange a code of another", async () => {
  const code = await codeOf("bo", desktopUrl({ appid: "ww2" }));
  expect(await get("auth/getuserinfo", { access_token: await appToken(), code })).toMatchObject({
    errcode: 40029,
  });
});

test("cancelling brings the state alone", async () => {
  const callback = await pickPersona(desktopUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({ state: "s1" });
});

test.each<[string, (extra: Record<string, string>) => string, Record<string, string>]>([
  ["no agent", desktopUrl, { agentid: "" }],
  ["a state that is not letters and digits", desktopUrl, { state: "a-b" }],
  ["another scope", embeddedUrl, { scope: "openid" }],
])("%s stays on the provider's page", async (_, address, change) => {
  expect((await fetch(address(change), { redirect: "manual" })).status).toBe(400);
});
