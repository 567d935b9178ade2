import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/social";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes.jsonp;
});
afterAll(() => rehearsal.close());

function authorizeUrl(extra: Record<string, string> = {}): string {
  const query = { client_id: "101", redirect_uri: redirectUri, response_type: "code", state: "s1", ...extra };
  return `${base}/oauth2.0/authorize?${new URLSearchParams(query)}`;
}

async function get(path: string, query: Record<string, string>): Promise<string> {
  const response = await fetch(`${base}${path}?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return response.text();
}

async function getToken(persona: string, extra: Record<string, string> = {}): Promise<string> {
  const code = (await pickPersona(authorizeUrl(), persona)).searchParams.get("code") ?? "";
  return get("/oauth2.0/token", { ...exchange, code, ...extra });
}

const exchange = {
  grant_type: "authorization_code",
  client_id: "101",
  client_secret: REHEARSAL_SECRET,
  redirect_uri: redirectUri,
};

test("tokens are form-encoded, the ids are JSONP, the person is JSON", async () => {
  const tokens = new URLSearchParams(await getToken("liwei"));
  expect([...tokens.keys()]).toEqual(["access_token", "expires_in", "refresh_token"]);
  const access_token = tokens.get("access_token") ?? "";
  const ids = await get("/oauth2.0/me", { access_token, unionid: "1" });
  const inner = /^callback\( (\{.*\}) \);\n$/.exec(ids)?.[1] ?? "";
  const { openid, unionid, client_id } = JSON.parse(inner) as Record<string, string>;
  expect(client_id).toBe("101");
  expect(unionid).not.toBe(openid);
  const person = await get("/user/get_user_info", {
    access_token,
    oauth_consumer_key: "101",
    openid: openid ?? "",
  });
  expect(JSON.parse(person)).toMatchObject({ ret: 0, nickname: "李伟" });
  expect(person).not.toContain("@");
});

test("asked for JSON, numbers come as text and the id at once", async () => {
  const tokens = JSON.parse(await getToken("ada", { fmt: "json", need_openid: "1" })) as Record<
    string,
    string
  >;
  expect(tokens).toEqual({
    access_token: expect.any(String),
    expires_in: "5184000",
    refresh_token: expect.any(String),
    openid: expect.any(String),
  });
  const ids = await get("/oauth2.0/me", { access_token: tokens.access_token ?? "", fmt: "json" });
  expect(JSON.parse(ids)).toEqual({ client_id: "101", openid: tokens.openid });
});

test.each<[Record<string, string>, number]>([
  [{ code: "guess" }, 100020],
  [{ client_id: "" }, 100008],
  [{ client_secret: "wrong" }, 100009],
  [{ grant_type: "password" }, 100004],
])("errors are JSONP, or JSON where that was asked for: %o", async (change, error) => {
  const jsonp = await get("/oauth2.0/token", { ...exchange, ...change });
  expect(jsonp).toMatch(
    new RegExp(`^callback\\( \\{"error":${error},"error_description":"[^"]+"\\} \\);\n$`),
  );
  const json = await get("/oauth2.0/token", { ...exchange, ...change, fmt: "json" });
  expect(JSON.parse(json)).toMatchObject({ error });
});

test("a third test of success: ret", async () => {
  const query = { access_token: "guess", oauth_consumer_key: "101", openid: "x" };
  expect(JSON.parse(await get("/user/get_user_info", query))).toEqual({ ret: 1002, msg: "请先登录" });
  const access_token = new URLSearchParams(await getToken("ada")).get("access_token") ?? "";
  const other = await get("/user/get_user_info", { ...query, access_token });
  expect(JSON.parse(other)).toMatchObject({ ret: -22 });
  expect(await get("/oauth2.0/me", { access_token: "guess" })).toContain('"error":100016');
});

test("another redirect URI is told apart, and a refresh token works once", async () => {
  expect(await getToken("ada", { redirect_uri: "http://localhost/other" })).toContain('"error":100010');
  const refresh_token = new URLSearchParams(await getToken("ada")).get("refresh_token") ?? "";
  const refresh = { ...exchange, grant_type: "refresh_token", refresh_token };
  expect(await get("/oauth2.0/token", refresh)).toMatch(/^access_token=/);
  expect(await get("/oauth2.0/token", refresh)).toContain('"error":100022');
});

test("on a computer cancelling leads nobody back, on a phone it says so", async () => {
  const body = new URLSearchParams({ decision: "cancel" });
  const computer = await fetch(authorizeUrl(), { method: "POST", body, redirect: "manual" });
  expect([computer.status, computer.headers.get("location")]).toEqual([200, null]);
  const phone = await pickPersona(authorizeUrl({ display: "mobile" }), "ada", { cancel: true });
  expect(Object.fromEntries(phone.searchParams)).toEqual({ usercancel: "1", state: "s1" });
});

test("a state is demanded", async () => {
  expect((await fetch(authorizeUrl({ state: "" }), { redirect: "manual" })).status).toBe(400);
});
