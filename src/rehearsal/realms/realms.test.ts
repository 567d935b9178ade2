import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/corp";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
let rehearsal: Rehearsal;
let realm: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  realm = `${rehearsal.lookAlikes.realms}/realms/staff`;
});
afterAll(() => rehearsal.close());

function authorizeUrl(): string {
  const query = {
    client_id: "back-office",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile email",
    state: "s1",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  };
  return `${realm}/protocol/openid-connect/auth?${new URLSearchParams(query)}`;
}

async function postToken(parameters: Record<string, string>, secret = REHEARSAL_SECRET) {
  const response = await fetch(`${realm}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", redirect_uri: redirectUri, ...parameters }),
    headers: { authorization: `Basic ${btoa(`back-office:${secret}`)}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function signIn(persona: string) {
  const callback = await pickPersona(authorizeUrl(), persona);
  const code = callback.searchParams.get("code") ?? "";
  const tokens = (await postToken({ code, code_verifier: verifier })).body;
  const keys = createRemoteJWKSet(new URL(`${realm}/protocol/openid-connect/certs`));
  const verified = await jwtVerify(tokens.id_token ?? "", keys, { issuer: realm, audience: "back-office" });
  return { callback, tokens, claims: verified.payload };
}

test("every realm is an issuer of its own", async () => {
  for (const name of ["staff", "partners"]) {
    const issuer = `${rehearsal.lookAlikes.realms}/realms/${name}`;
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/protocol/openid-connect/token` });
  }
});

test("roles are nested, groups are paths, and the callback names session and issuer", async () => {
  const { callback, tokens, claims } = await signIn("ada");
  expect(callback.searchParams.get("iss")).toBe(realm);
  expect(callback.searchParams.get("session_state")).toBe(tokens.session_state);
  expect(tokens).toMatchObject({ expires_in: 300, refresh_expires_in: 1800, "not-before-policy": 0 });
  expect(claims).toMatchObject({
    email: "ada@demo.example",
    email_verified: true,
    groups: ["/acme/ops", "/acme/leads"],
    realm_access: { roles: ["offline_access", "default-roles-staff", "admin"] },
    resource_access: { "back-office": { roles: ["admin"] } },
  });
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const userinfo = await fetch(`${realm}/protocol/openid-connect/userinfo`, { headers });
  expect(await userinfo.json()).toMatchObject({ sub: claims.sub, groups: claims.groups });
});

test("a code that is used again ends the access token that came of it", async () => {
  const callback = await pickPersona(authorizeUrl(), "bo");
  const exchange = { code: callback.searchParams.get("code") ?? "", code_verifier: verifier };
  const { body } = await postToken(exchange);
  expect(await postToken(exchange)).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_description: "Code not valid" },
  });
  const headers = { authorization: `Bearer ${body.access_token}` };
  expect((await fetch(`${realm}/protocol/openid-connect/userinfo`, { headers })).status).toBe(401);
});

test("a wrong secret is unauthorized_client here, and a wrong verifier is told", async () => {
  expect(await postToken({ code: "x" }, "wrong")).toMatchObject({
    status: 401,
    body: { error: "unauthorized_client" },
  });
  const code = (await pickPersona(authorizeUrl(), "bo")).searchParams.get("code") ?? "";
  expect((await postToken({ code, code_verifier: "v".repeat(43) })).body).toMatchObject({
    error_description: "PKCE verification failed",
  });
});

test("cancelling names the session too", async () => {
  const callback = await pickPersona(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({
    error: "access_denied",
    session_state: expect.any(String),
    state: "s1",
    iss: realm,
  });
});
