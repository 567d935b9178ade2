import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/social";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes["query-token"];
});
afterAll(() => rehearsal.close());

function authorizeUrl(extra: Record<string, string> = {}, page = "qrconnect"): string {
  const query = {
    appid: "wx1",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "snsapi_login",
    state: "s1",
    ...extra,
  };
  return `${base}/connect/${page}?${new URLSearchParams(query)}#wechat_redirect`;
}

async function get(path: string, query: Record<string, string>) {
  const response = await fetch(`${base}/sns/${path}?${new URLSearchParams(query)}`);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain"]);
  return (await response.json()) as Record<string, string>;
}

async function signIn(persona: string, appid = "wx1") {
  const callback = await pickPersona(authorizeUrl({ appid }), persona);
  const code = callback.searchParams.get("code") ?? "";
  return get("oauth2/access_token", {
    appid,
    secret: REHEARSAL_SECRET,
    code,
    grant_type: "authorization_code",
  });
}

test("both ids come with the token, and the person needs the first of them", async () => {
  const tokens = await signIn("liwei");
  expect(tokens).toEqual({
    access_token: expect.any(String),
    expires_in: 7200,
    refresh_token: expect.any(String),
    openid: expect.any(String),
    scope: "snsapi_login",
    unionid: expect.any(String),
  });
  const { access_token = "", openid = "" } = tokens;
  const person = await get("userinfo", { access_token, openid, lang: "zh_CN" });
  expect(person).toMatchObject({ openid, unionid: tokens.unionid, nickname: "李伟" });
  expect(person).not.toHaveProperty("email");
  expect(person).not.toHaveProperty("errcode");
  expect(await get("userinfo", { access_token, openid: "other" })).toMatchObject({ errcode: 40003 });
  expect(await get("auth", { access_token, openid })).toEqual({ errcode: 0, errmsg: "ok" });
});

test("openid differs by application, unionid does not", async () => {
  const [one, other] = [await signIn("ada", "wx1"), await signIn("ada", "wx2")];
  expect(other.openid).not.toBe(one.openid);
  expect(other.unionid).toBe(one.unionid);
});

test.each<[Record<string, string>, number]>([
  [{ code: "guess" }, 40029],
  [{ appid: "" }, 40013],
  [{ secret: "wrong" }, 40125],
])("failures are 200 and a number: %o", async (change, errcode) => {
  const query = { appid: "wx1", secret: REHEARSAL_SECRET, code: "x", grant_type: "authorization_code" };
  const answer = await get("oauth2/access_token", { ...query, ...change });
  expect(answer).toEqual({ errcode, errmsg: expect.stringContaining("rid: ") });
});

test("a refresh needs no secret and keeps its token", async () => {
  const { refresh_token = "" } = await signIn("bo");
  const refreshed = await get("oauth2/refresh_token", {
    appid: "wx1",
    grant_type: "refresh_token",
    refresh_token,
  });
  expect(refreshed).toMatchObject({ refresh_token, access_token: expect.any(String) });
  const other = await get("oauth2/refresh_token", { appid: "wx2", refresh_token });
  expect(other).toMatchObject({ errcode: 40030 });
});

test("the fragment must be there", async () => {
  const withoutFragment = authorizeUrl().replace("#wechat_redirect", "");
  await expect(pickPersona(withoutFragment, "ada")).rejects.toThrow("#wechat_redirect");
});

test("each page takes its own scopes", async () => {
  const status = async (url: string) => (await fetch(url, { redirect: "manual" })).status;
  expect(await status(authorizeUrl({ scope: "snsapi_userinfo" }))).toBe(400);
  expect(await status(authorizeUrl({ scope: "snsapi_userinfo" }, "oauth2/authorize"))).toBe(200);
});

test("cancelling brings the state alone", async () => {
  const callback = await pickPersona(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({ state: "s1" });
});
