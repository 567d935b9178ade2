import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = "http://localhost:5999/auth/callback/corp";
const client: oauth.Client = { client_id: "back office & co" };
const basic = { authorization: `Basic ${btoa(`a:${REHEARSAL_SECRET}`)}` };
const clientAuth = oauth.ClientSecretBasic(REHEARSAL_SECRET);

let rehearsal: Rehearsal;
let as: oauth.AuthorizationServer;
let now: number;

beforeAll(async () => {
  rehearsal = await startRehearsal({ now: () => now });
  const issuer = new URL(rehearsal.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});
beforeEach(() => {
  now = Date.now();
});
afterAll(() => rehearsal.close());

interface Attempt {
  readonly url: URL;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

async function startAttempt(change: Readonly<Record<string, string | null>> = {}): Promise<Attempt> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(as.authorization_endpoint ?? "");
  const parameters: Record<string, string | null> = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile email",
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...change,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== null) url.searchParams.set(name, value);
  return { url, state, nonce, verifier };
}

interface Exchange {
  readonly verifier?: string;
  readonly redirectUri?: string;
  readonly client?: oauth.Client;
  readonly auth?: oauth.ClientAuth;
}

async function exchange(attempt: Attempt, callback: URL, change: Exchange = {}) {
  const parameters = oauth.validateAuthResponse(as, client, callback, attempt.state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    change.client ?? client,
    change.auth ?? clientAuth,
    parameters,
    change.redirectUri ?? redirectUri,
    change.verifier ?? attempt.verifier,
    insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: attempt.nonce,
    requireIdToken: true,
  });
  // A copy, because the library remembers a key set for each object and keys rotate below.
  await oauth.validateApplicationLevelSignature({ ...as }, response, insecure);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (claims === undefined) throw new Error("there are no ID token claims");
  return { tokens, claims };
}

async function signIn(persona: string, change: Readonly<Record<string, string | null>> = {}) {
  const attempt = await startAttempt(change);
  return exchange(attempt, await pickPersona(attempt.url, persona));
}

const oauthErrorIs = (error: string) => expect.objectContaining({ error });

test("an independent client signs in and is told the same at userinfo", async () => {
  const { tokens, claims } = await signIn("ada");
  expect(claims).toMatchObject({
    iss: rehearsal.issuer,
    aud: client.client_id,
    sub: "100000000000000001001",
    name: "Ada Marsh",
    preferred_username: "ada-marsh",
    email: "ada@demo.example",
    email_verified: true,
  });
  expect(claims).not.toHaveProperty("picture");
  expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600, scope: "openid profile email" });
  expect(tokens).not.toHaveProperty("refresh_token");

  const response = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
  const userInfo = await oauth.processUserInfoResponse(as, client, claims.sub, response);
  expect(userInfo).toEqual({
    sub: claims.sub,
    name: "Ada Marsh",
    preferred_username: "ada-marsh",
    email: "ada@demo.example",
    email_verified: true,
  });
});

test("client_secret_post works as well", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "grace");
  const { claims } = await exchange(attempt, callback, { auth: oauth.ClientSecretPost(REHEARSAL_SECRET) });
  expect(claims.email).toBe("grace@demo.example");
});

test("each person is told truly: unverified, without e-mail, without name, in Chinese, with markup", async () => {
  expect((await signIn("uma")).claims).toMatchObject({ email: "uma@demo.example", email_verified: false });
  const nils = (await signIn("nils")).claims;
  expect(nils).not.toHaveProperty("email");
  expect(nils).not.toHaveProperty("email_verified");
  expect((await signIn("kit")).claims).not.toHaveProperty("name");
  expect((await signIn("liwei")).claims.name).toBe("李伟");
  expect((await signIn("zoe")).claims.name).toContain("<script>");
  expect((await signIn("mallory")).claims.email).toBe("mallory@elsewhere.example");
});

test("only what the scope allows is told", async () => {
  const { claims } = await signIn("ada", { scope: "openid" });
  expect(claims).not.toHaveProperty("email");
  expect(claims).not.toHaveProperty("name");
});

test("load-<n> is a different person for every number, the same at every sign-in", async () => {
  const [seven, sevenAgain, eight] = await Promise.all([
    signIn("load-7"),
    signIn("load-7"),
    signIn("load-8"),
  ]);
  expect(seven.claims).toMatchObject({ name: "Load Person 7", email: "load-7@demo.example" });
  expect(sevenAgain.claims.sub).toBe(seven.claims.sub);
  expect(eight.claims.sub).not.toBe(seven.claims.sub);
  const attempt = await startAttempt();
  await expect(pickPersona(attempt.url, "load-007")).rejects.toThrow("400");
});

test("a person can change at the provider and stays the same subject", async () => {
  const before = (await signIn("bo")).claims;
  const bo = rehearsal.personas.find(({ id }) => id === "bo");
  if (bo === undefined) throw new Error("bo is missing");
  rehearsal.setPersona({ ...bo, email: "bo.married@demo.example" });
  const after = (await signIn("bo")).claims;
  rehearsal.setPersona(bo);
  expect(after.sub).toBe(before.sub);
  expect([before.email, after.email]).toEqual(["bo@demo.example", "bo.married@demo.example"]);
});

test("forty sign-ins at once do not mix", async () => {
  const people = Array.from({ length: 40 }, (_, n) => `load-${n + 100}`);
  const results = await Promise.all(people.map((persona) => signIn(persona)));
  expect(results.map(({ claims }) => claims.email)).toEqual(
    people.map((persona) => `${persona}@demo.example`),
  );
  expect(new Set(results.map(({ tokens }) => tokens.access_token)).size).toBe(40);
});

test("cancel comes back with state and issuer, and no code", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada", { cancel: true });
  expect(Object.fromEntries(callback.searchParams)).toEqual({
    error: "access_denied",
    state: attempt.state,
    iss: rehearsal.issuer,
  });
});

test("a code works once, and a replay ends what came of it", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada");
  const { tokens } = await exchange(attempt, callback);
  await expect(exchange(attempt, callback)).rejects.toEqual(oauthErrorIs("invalid_grant"));
  const userInfo = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
  expect(userInfo.status).toBe(401);
});

test("of two exchanges at once, one wins", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada");
  const results = await Promise.allSettled([exchange(attempt, callback), exchange(attempt, callback)]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test.each<[string, Exchange]>([
  ["another verifier", { verifier: "x".repeat(43) }],
  ["another redirect URI", { redirectUri: `${redirectUri}/` }],
  ["another client", { client: { client_id: "somebody-else" } }],
])("a code is bound: %s is invalid_grant", async (_, change) => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada");
  await expect(exchange(attempt, callback, change)).rejects.toEqual(oauthErrorIs("invalid_grant"));
});

test("a code lives ten minutes", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada");
  now += 600_000;
  await expect(exchange(attempt, callback)).rejects.toEqual(oauthErrorIs("invalid_grant"));
});

test("an access token lives an hour", async () => {
  const { tokens } = await signIn("ada");
  now += 3_599_000;
  expect((await oauth.userInfoRequest(as, client, tokens.access_token, insecure)).status).toBe(200);
  now += 1000;
  expect((await oauth.userInfoRequest(as, client, tokens.access_token, insecure)).status).toBe(401);
});

test("a wrong secret is invalid_client with a challenge", async () => {
  const attempt = await startAttempt();
  const callback = await pickPersona(attempt.url, "ada");
  const wrong = exchange(attempt, callback, { auth: oauth.ClientSecretBasic("guess") });
  await expect(wrong).rejects.toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
  const posted = exchange(attempt, callback, { auth: oauth.ClientSecretPost("guess") });
  await expect(posted).rejects.toEqual(oauthErrorIs("invalid_client"));
  // Neither has used the code up.
  expect((await exchange(attempt, callback)).claims.email).toBe("ada@demo.example");
});

test.each<[string, string, Record<string, string>, string]>([
  [
    "two ways of client authentication",
    "client_id=a&client_secret=rehearsal-secret",
    basic,
    "invalid_request",
  ],
  ["none", "client_id=a", {}, "invalid_client"],
  ["a grant type of another kind", "grant_type=password", basic, "unsupported_grant_type"],
  ["a doubled parameter", "code=a&code=b", basic, "invalid_request"],
  ["a code that nobody gave out", "grant_type=authorization_code&code=guess", basic, "invalid_grant"],
])("the token endpoint refuses %s", async (_, body, headers, error) => {
  const response = await fetch(as.token_endpoint ?? "", {
    method: "POST",
    body: new URLSearchParams(body),
    headers,
  });
  expect(response.status).toBe(error === "invalid_client" ? 401 : 400);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
});

test("refresh tokens rotate, and using an old one ends the family", async () => {
  const { tokens } = await signIn("ada", { scope: "openid offline_access" });
  const refresh = async (refreshToken: string | undefined) =>
    oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, clientAuth, refreshToken ?? "", insecure),
    );
  const second = await refresh(tokens.refresh_token);
  expect(second.refresh_token).not.toBe(tokens.refresh_token);
  const third = await refresh(second.refresh_token);
  await expect(refresh(tokens.refresh_token)).rejects.toEqual(oauthErrorIs("invalid_grant"));
  await expect(refresh(third.refresh_token)).rejects.toEqual(oauthErrorIs("invalid_grant"));
});

test("revocation ends an access token, for its own client only", async () => {
  const { tokens } = await signIn("ada");
  const status = async () => (await oauth.userInfoRequest(as, client, tokens.access_token, insecure)).status;
  const revoke = async (by: oauth.Client) =>
    oauth.processRevocationResponse(
      await oauth.revocationRequest(as, by, clientAuth, tokens.access_token, insecure),
    );
  await revoke({ client_id: "somebody-else" });
  expect(await status()).toBe(200);
  await revoke(client);
  expect(await status()).toBe(401);
});

test("after a rotation the key before it stays published, the one before that does not", async () => {
  const { tokens } = await signIn("ada");
  const verify = async () => {
    const keySet = createLocalJWKSet((await (await fetch(as.jwks_uri ?? "")).json()) as JSONWebKeySet);
    return jwtVerify(tokens.id_token ?? "", keySet, { audience: client.client_id });
  };
  await rehearsal.rotateKeys();
  await expect(verify()).resolves.toMatchObject({ payload: { email: "ada@demo.example" } });
  await rehearsal.rotateKeys();
  await expect(verify()).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  expect((await signIn("ada")).claims.email).toBe("ada@demo.example");
});

test.each<[string, Record<string, string | null>, string]>([
  ["no PKCE", { code_challenge: null, code_challenge_method: null }, "invalid_request"],
  ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
  ["a challenge that is no SHA-256", { code_challenge: "short" }, "invalid_request"],
  ["no openid scope", { scope: "email" }, "invalid_scope"],
  ["the implicit flow", { response_type: "id_token" }, "unsupported_response_type"],
  ["form_post", { response_mode: "form_post" }, "invalid_request"],
  ["prompt=none", { prompt: "none" }, "login_required"],
])("the client is told of %s", async (_, change, error) => {
  const attempt = await startAttempt(change);
  const response = await fetch(attempt.url, { redirect: "manual" });
  const callback = new URL(response.headers.get("location") ?? "");
  expect(`${callback.origin}${callback.pathname}`).toBe(redirectUri);
  expect(callback.searchParams.get("error")).toBe(error);
  expect(callback.searchParams.get("state")).toBe(attempt.state);
});

test.each<[string, Record<string, string | null>]>([
  ["no client", { client_id: null }],
  ["no redirect URI", { redirect_uri: null }],
  ["another machine", { redirect_uri: "http://example.com/callback" }],
  ["https", { redirect_uri: "https://localhost/callback" }],
  ["credentials in the address", { redirect_uri: "http://a:b@localhost/callback" }],
  ["a fragment", { redirect_uri: "http://localhost/callback#" }],
  ["a name that only looks local", { redirect_uri: "http://localhost.example.com/callback" }],
])("nobody is sent anywhere with %s", async (_, change) => {
  const { url } = await startAttempt(change);
  for (const method of ["GET", "POST"]) {
    const response = await fetch(url, { method, redirect: "manual" });
    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  }
});

test("a doubled parameter is refused", async () => {
  const { url } = await startAttempt();
  url.searchParams.append("redirect_uri", redirectUri);
  expect((await fetch(url, { redirect: "manual" })).status).toBe(400);
});

test("sign-out leads back with the state, but not to other machines", async () => {
  const url = new URL(as.end_session_endpoint ?? "");
  expect((await fetch(url)).status).toBe(200);
  url.searchParams.set("post_logout_redirect_uri", "http://localhost:5999/auth/signed-out");
  url.searchParams.set("state", "s1");
  const response = await fetch(url, { redirect: "manual" });
  expect(response.headers.get("location")).toBe("http://localhost:5999/auth/signed-out?state=s1");
  url.searchParams.set("post_logout_redirect_uri", "http://example.com/");
  expect((await fetch(url, { redirect: "manual" })).status).toBe(400);
});
