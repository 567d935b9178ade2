import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/code";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes["confirmed-emails"];
});
afterAll(() => rehearsal.close());

function authorizeUrl(scope = "user_info emails groups enterprises"): string {
  const query = { client_id: "c1", redirect_uri: redirectUri, response_type: "code", scope, state: "s1" };
  return `${base}/oauth/authorize?${new URLSearchParams(query)}`;
}

async function postToken(change: Record<string, string>) {
  const parameters = {
    grant_type: "authorization_code",
    client_id: "c1",
    client_secret: REHEARSAL_SECRET,
    redirect_uri: redirectUri,
    ...change,
  };
  const response = await fetch(`${base}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(parameters),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function signIn(persona: string, scope?: string): Promise<string> {
  const code = (await pickPersona(authorizeUrl(scope), persona)).searchParams.get("code") ?? "";
  return (await postToken({ code })).body.access_token ?? "";
}

async function api(path: string, token: string) {
  const response = await fetch(`${base}/api/v5${path}`, { headers: { authorization: `token ${token}` } });
  return { status: response.status, body: await response.json(), link: response.headers.get("link") };
}

test("tokens tell when they were made, the profile tells no e-mail", async () => {
  const code = (await pickPersona(authorizeUrl(), "liwei")).searchParams.get("code") ?? "";
  const { body } = await postToken({ code });
  expect(body).toEqual({
    access_token: expect.any(String),
    token_type: "bearer",
    expires_in: 86_400,
    refresh_token: expect.any(String),
    scope: "user_info emails groups enterprises",
    created_at: expect.any(Number),
  });
  expect((await api("/user", body.access_token ?? "")).body).toMatchObject({
    id: 1005,
    login: "liwei",
    name: "李伟",
    email: null,
  });
});

test("addresses have a state, and the primary one does not stand first", async () => {
  const primaryOf = async (persona: string) => {
    const list = (await api("/emails", await signIn(persona))).body as { email: string; scope: string[] }[];
    return list.findIndex(({ scope }) => scope.includes("primary")) === 1 ? list[1] : null;
  };
  expect(await primaryOf("ada")).toMatchObject({ email: "ada@demo.example", state: "confirmed" });
  expect(await primaryOf("uma")).toMatchObject({ email: "uma@demo.example", state: "unconfirmed" });
  expect(await primaryOf("nils")).toBeNull();
});

test("the token may stand in the query", async () => {
  const token = await signIn("bo");
  const response = await fetch(`${base}/api/v5/user?access_token=${token}`);
  expect(await response.json()).toMatchObject({ login: "bolund" });
});

test("organisations and companies need their scopes", async () => {
  const token = await signIn("grace");
  expect((await api("/user/orgs", token)).body).toMatchObject([{ login: "acme" }, { login: "globex" }]);
  expect((await api("/user/orgs?per_page=1", token)).link).toContain('rel="next"');
  expect((await api("/user/enterprises", token)).body).toMatchObject([{ path: "demo" }]);
  const narrow = await signIn("grace", "user_info");
  expect((await api("/user/orgs", narrow)).status).toBe(403);
  expect((await api("/emails", narrow)).status).toBe(403);
  expect((await api("/user", "guess")).status).toBe(401);
});

test("a wrong code and a wrong secret are 401", async () => {
  expect(await postToken({ code: "guess" })).toMatchObject({ status: 401, body: { error: "invalid_grant" } });
  expect(await postToken({ client_secret: "wrong" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
});

test("parameters may come as JSON or in the query", async () => {
  const client = { client_id: "c1", client_secret: REHEARSAL_SECRET, grant_type: "authorization_code" };
  const inQuery = await fetch(`${base}/oauth/token?${new URLSearchParams(client)}`, { method: "POST" });
  expect(await inQuery.json()).toMatchObject({ error: "invalid_grant" });
  const asJson = await fetch(`${base}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(client),
  });
  expect(await asJson.json()).toMatchObject({ error: "invalid_grant" });
});

test("without a User-Agent the token endpoint is forbidden", async () => {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  // `fetch` would add the header by itself.
  const request = httpRequest(`${base}/oauth/token`, { method: "POST" }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  request.on("error", reject).end();
  expect(await promise).toBe(403);
});

test("cancelling is access_denied", async () => {
  const callback = await pickPersona(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toMatchObject({ error: "access_denied", state: "s1" });
});
