import { afterAll, beforeAll, expect, test } from "vitest";
import { COMPANIES, pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/chat";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = {
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
};
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = `${rehearsal.lookAlikes.envelope}/open-apis`;
});
afterAll(() => rehearsal.close());

function authorizeUrl(extra: Record<string, string> = {}): string {
  const query = {
    client_id: "cli_demo",
    redirect_uri: redirectUri,
    response_type: "code",
    state: "s1",
    ...extra,
  };
  return `${base}/authen/v1/authorize?${new URLSearchParams(query)}`;
}

async function codeOf(persona: string, extra: Record<string, string> = {}): Promise<string> {
  return (await pickPersona(authorizeUrl(extra), persona)).searchParams.get("code") ?? "";
}

async function call(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function postToken(change: Record<string, unknown>, headers: Record<string, string> = {}) {
  const grant = {
    grant_type: "authorization_code",
    client_id: "cli_demo",
    client_secret: REHEARSAL_SECRET,
    redirect_uri: redirectUri,
  };
  return call("/authen/v2/oauth/token", { ...grant, ...change }, headers);
}

async function get(path: string, token: unknown) {
  const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function userOf(persona: string, scope = "") {
  const { body } = await postToken({ code: await codeOf(persona, { scope }) });
  return (await get("/authen/v1/user_info", body.access_token)).body.data as Record<string, string>;
}

test("tokens come flat, the person inside data, no e-mail without its permission", async () => {
  const { status, body } = await postToken({
    code: await codeOf("liwei", challenge),
    code_verifier: verifier,
  });
  expect(status).toBe(200);
  expect(body).toEqual({
    code: 0,
    access_token: expect.any(String),
    expires_in: 7200,
    scope: "auth:user.id:read",
    token_type: "Bearer",
  });
  expect(await get("/authen/v1/user_info", body.access_token)).toEqual({
    status: 200,
    body: {
      code: 0,
      msg: "success",
      data: {
        name: "李伟",
        en_name: "liwei",
        avatar_url: expect.any(String),
        open_id: expect.any(String),
        union_id: expect.any(String),
        tenant_key: COMPANIES.demo.tenantKey,
      },
    },
  });
});

test("with the permission there is an e-mail", async () => {
  expect(await userOf("ada", "contact:user.email:readonly")).toMatchObject({ email: "ada@demo.example" });
});

test("a form works as well as JSON", async () => {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: "cli_demo",
    client_secret: REHEARSAL_SECRET,
    code: await codeOf("ada"),
  });
  const response = await fetch(`${base}/authen/v2/oauth/token`, { method: "POST", body });
  expect(await response.json()).toMatchObject({ code: 0 });
});

test("a challenge without a method is plain", async () => {
  const { code_challenge } = challenge;
  const hashed = await postToken({ code: await codeOf("ada", { code_challenge }), code_verifier: verifier });
  expect(hashed.body.code).toBe(20049);
  const plain = await postToken({
    code: await codeOf("ada", { code_challenge }),
    code_verifier: code_challenge,
  });
  expect(plain.body.code).toBe(0);
});

test.each<[string, Record<string, unknown>, number]>([
  ["no code", {}, 20001],
  ["a code that nobody gave out", { code: "guess" }, 20065],
  ["a wrong secret", { client_secret: "wrong", code: "x" }, 20002],
  ["another grant type", { grant_type: "password" }, 20036],
])("the token endpoint answers 400 to %s", async (_, change, code) => {
  const answer = await postToken(change);
  expect(answer).toMatchObject({ status: 400, body: { code, error_description: expect.any(String) } });
});

test("secret in the body and in the header at once is refused", async () => {
  const answer = await postToken(
    { code: "x" },
    { authorization: `Basic ${btoa(`cli_demo:${REHEARSAL_SECRET}`)}` },
  );
  expect(answer.body.code).toBe(20070);
});

test("somebody of another company may not use the application", async () => {
  expect(await postToken({ code: await codeOf("mallory") })).toMatchObject({
    status: 400,
    body: { code: 20010 },
  });
});

test("the API answers 200 whatever happens", async () => {
  expect(await get("/authen/v1/user_info", "guess")).toMatchObject({ status: 200, body: { code: 20005 } });
});

test("a refresh token needs offline_access and works once", async () => {
  const { body } = await postToken({ code: await codeOf("ada", { scope: "offline_access" }) });
  expect(body).toMatchObject({ refresh_token_expires_in: 604_800 });
  const refresh = { grant_type: "refresh_token", refresh_token: body.refresh_token };
  expect((await postToken(refresh)).body.code).toBe(0);
  expect((await postToken(refresh)).body.code).toBe(20073);
});

test("departments are told to the application's own token", async () => {
  const { open_id, union_id } = await userOf("ada");
  const { body } = await call("/auth/v3/tenant_access_token/internal", {
    app_id: "cli_demo",
    app_secret: REHEARSAL_SECRET,
  });
  expect(body).toMatchObject({ code: 0, msg: "ok", expire: 7200 });
  const token = body.tenant_access_token;
  const byOpenId = await get(`/contact/v3/users/${open_id}?user_id_type=open_id`, token);
  expect(byOpenId.body).toMatchObject({ code: 0, data: { user: { department_ids: ["od-1", "od-2"] } } });
  const byUnionId = await get(`/contact/v3/users/${union_id}?user_id_type=union_id`, token);
  expect(byUnionId.body.data).toEqual(byOpenId.body.data);
  expect((await get("/contact/v3/departments/od-2", token)).body.data).toMatchObject({
    department: { name: "Operations" },
  });
  const firstGroup = await get(`/contact/v3/group/member_belong?member_id=${open_id}&page_size=1`, token);
  expect(firstGroup.body.data).toEqual({ group_list: ["g-acme-ops"], has_more: true, page_token: "1" });
  const lastGroup = await get(`/contact/v3/group/member_belong?member_id=${open_id}&page_token=1`, token);
  expect(lastGroup.body.data).toEqual({ group_list: ["g-acme-leads"], has_more: false });
  expect((await get("/contact/v3/users/nobody", token)).body.code).toBe(41050);
  expect((await get(`/contact/v3/users/${open_id}`, "guess")).body.code).toBe(99991663);
  const wrong = await call("/auth/v3/tenant_access_token/internal", {
    app_id: "cli_demo",
    app_secret: "wrong",
  });
  expect(wrong).toMatchObject({ status: 200, body: { code: 10014 } });
});

test("cancelling is access_denied, and wrong requests stay on the provider's page", async () => {
  const callback = await pickPersona(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({ error: "access_denied", state: "s1" });
  expect((await fetch(authorizeUrl({ response_type: "token" }), { redirect: "manual" })).status).toBe(400);
});
