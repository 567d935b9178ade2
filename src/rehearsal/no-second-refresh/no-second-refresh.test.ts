import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/corp";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes["no-second-refresh"];
});
afterAll(() => rehearsal.close());

function authorizeUrl(clientId: string, extra: Record<string, string> = {}): string {
  const query = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid email profile",
    state: "s1",
    nonce: "n1",
    ...extra,
  };
  return `${base}/o/oauth2/v2/auth?${new URLSearchParams(query)}`;
}

async function postToken(parameters: Record<string, string>) {
  const body = new URLSearchParams({ client_secret: REHEARSAL_SECRET, ...parameters });
  const response = await fetch(`${base}/token`, { method: "POST", body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function signIn(persona: string, clientId: string, extra: Record<string, string> = {}) {
  const callback = await pickPersona(authorizeUrl(clientId, extra), persona);
  const code = callback.searchParams.get("code") ?? "";
  const grant = { grant_type: "authorization_code", client_id: clientId, redirect_uri: redirectUri, code };
  return { callback, tokens: (await postToken(grant)).body };
}

async function claimsOf(tokens: Record<string, string>, clientId: string) {
  const keys = createRemoteJWKSet(new URL(`${base}/oauth2/v3/certs`));
  return (await jwtVerify(tokens.id_token ?? "", keys, { issuer: base, audience: clientId })).payload;
}

test("discovery leads everywhere below the mount", async () => {
  const metadata = await (await fetch(`${base}/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({
    issuer: base,
    authorization_endpoint: `${base}/o/oauth2/v2/auth`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/oauth2/v3/certs`,
  });
  expect(metadata).not.toHaveProperty("end_session_endpoint");
});

test("the company is a claim, long scopes come back, and the callback brings more than was asked for", async () => {
  const { callback, tokens } = await signIn("ada", "web", { hd: "wished.example" });
  expect(Object.fromEntries(callback.searchParams)).toMatchObject({
    state: "s1",
    authuser: "0",
    hd: "wished.example",
    prompt: "none",
    scope: expect.stringContaining("userinfo.email"),
  });
  expect(tokens).toMatchObject({ expires_in: 3599, token_type: "Bearer" });
  expect(tokens.scope).toContain("https://");
  expect(await claimsOf(tokens, "web")).toMatchObject({
    sub: "100000000000000001001",
    hd: "demo.example",
    email: "ada@demo.example",
    email_verified: true,
    azp: "web",
    nonce: "n1",
  });
});

test("the claim is of the person's own company, and some have none", async () => {
  const mallory = await signIn("mallory", "web");
  expect(await claimsOf(mallory.tokens, "web")).toMatchObject({ hd: "elsewhere.example" });
  expect(await claimsOf((await signIn("nils", "web")).tokens, "web")).not.toHaveProperty("hd");
});

test("a refresh token comes at the first consent only, unless consent is asked for again", async () => {
  const offline = { access_type: "offline" };
  const first = await signIn("bo", "refreshing", offline);
  expect(first.tokens.refresh_token).toEqual(expect.any(String));
  expect((await signIn("bo", "refreshing", offline)).tokens).not.toHaveProperty("refresh_token");
  const again = await signIn("bo", "refreshing", { ...offline, prompt: "consent" });
  expect(again.tokens.refresh_token).toEqual(expect.any(String));
  expect((await signIn("ada", "refreshing")).tokens).not.toHaveProperty("refresh_token");
});

test("refresh tokens are not used up", async () => {
  const { tokens } = await signIn("grace", "refreshing", { access_type: "offline" });
  const refresh = {
    grant_type: "refresh_token",
    client_id: "refreshing",
    refresh_token: tokens.refresh_token ?? "",
  };
  for (const answer of [await postToken(refresh), await postToken(refresh)]) {
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty("refresh_token");
  }
});

test.each([
  [{ code: "guess" }, 400, { error: "invalid_grant", error_description: "Malformed auth code." }],
  [{ client_secret: "wrong" }, 401, { error: "invalid_client", error_description: "Unauthorized" }],
])("errors with %o", async (change, status, body) => {
  const grant = { grant_type: "authorization_code", client_id: "web", redirect_uri: redirectUri, code: "x" };
  expect(await postToken({ ...grant, ...change })).toEqual({ status, body });
});

test("cancelling is access_denied, and a wrong request stays on the provider's page", async () => {
  const callback = await pickPersona(authorizeUrl("web"), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({ error: "access_denied", state: "s1" });
  const wrong = await fetch(authorizeUrl("web", { response_type: "token" }), { redirect: "manual" });
  expect(wrong.status).toBe(400);
});
