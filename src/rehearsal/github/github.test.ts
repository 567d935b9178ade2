import { request as httpRequest } from "node:http";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = "http://127.0.0.1:5999/auth/callback/github";
const client: oauth.Client = { client_id: "Iv1.demo" };

let rehearsal: Rehearsal;
let as: oauth.AuthorizationServer;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  as = {
    issuer: `${rehearsal.githubUrl}/login/oauth`,
    authorization_endpoint: `${rehearsal.githubUrl}/login/oauth/authorize`,
    token_endpoint: `${rehearsal.githubUrl}/login/oauth/access_token`,
    authorization_response_iss_parameter_supported: true,
  };
});
afterAll(() => rehearsal.close());

async function startAttempt(scope: string) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint ?? "");
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }).toString();
  return { url, state, verifier };
}

/** A sign-in by an independent client; answers the access token. */
async function signIn(persona: string, scope = "read:user user:email"): Promise<string> {
  const { url, state, verifier } = await startAttempt(scope);
  const callback = await pickPersona(url, persona);
  const parameters = oauth.validateAuthResponse(as, client, callback, state);
  const auth = oauth.ClientSecretPost(REHEARSAL_SECRET);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    parameters,
    redirectUri,
    verifier,
    insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response);
  expect(tokens).not.toHaveProperty("id_token");
  return tokens.access_token;
}

async function api(path: string, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${rehearsal.githubUrl}/api/v3${path}`, { headers });
  return {
    status: response.status,
    scopes: response.headers.get("x-oauth-scopes"),
    body: await response.json(),
  };
}

/** The token request by hand, to see what is on the wire. */
async function postToken(change: Readonly<Record<string, string>>, accept: string | null) {
  const { url, verifier } = await startAttempt("read:user user:email");
  const code = (await pickPersona(url, "ada")).searchParams.get("code") ?? "";
  const body = new URLSearchParams({
    client_id: client.client_id,
    client_secret: REHEARSAL_SECRET,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...change,
  });
  const send = () =>
    fetch(as.token_endpoint ?? "", { method: "POST", body, headers: accept === null ? {} : { accept } });
  return { response: await send(), again: send };
}

test("an independent client signs in and finds a numeric id, no e-mail in the profile, and the addresses apart", async () => {
  const token = await signIn("ada");
  expect(await api("/user", token)).toMatchObject({
    status: 200,
    scopes: "read:user, user:email",
    body: { id: 1001, login: "ada-marsh", name: "Ada Marsh", email: null },
  });
  const { body } = await api("/user/emails", token);
  expect(body).toContainEqual({
    email: "ada@demo.example",
    primary: true,
    verified: true,
    visibility: "private",
  });
  expect(body).toEqual([
    expect.objectContaining({ primary: false }),
    expect.objectContaining({ primary: true }),
  ]);
});

test("people without name, without e-mail and with an unverified one", async () => {
  expect((await api("/user", await signIn("kit"))).body).toMatchObject({ id: 1008, name: null });
  expect((await api("/user/emails", await signIn("nils"))).body).toEqual([]);
  const { body } = await api("/user/emails", await signIn("uma"));
  expect(body).toContainEqual(
    expect.objectContaining({ email: "uma@demo.example", primary: true, verified: false }),
  );
});

test("the addresses need their scope, and are as if not there without it", async () => {
  expect((await api("/user/emails", await signIn("ada", "read:user"))).status).toBe(404);
});

test("a wrong token, and one of the OpenID Connect side, are 401", async () => {
  expect(await api("/user", "gho_guess")).toMatchObject({
    status: 401,
    body: { message: "Bad credentials" },
  });
  const github = await signIn("ada");
  const userinfo = await fetch(`${rehearsal.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${github}` },
  });
  expect(userinfo.status).toBe(401);
});

test("a call without a User-Agent is 403", async () => {
  const headers = { authorization: `Bearer ${await signIn("ada")}` };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const call = httpRequest(`${rehearsal.githubUrl}/api/v3/user`, { headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    call.on("error", reject).end();
  });
  expect(status).toBe(403);
});

test("the answer is form-encoded unless JSON is asked for, with the scope separated by commas", async () => {
  const { response: asForm } = await postToken({}, null);
  expect(asForm.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
  const form = new URLSearchParams(await asForm.text());
  expect(Object.fromEntries(form)).toEqual({
    access_token: expect.stringMatching(/^gho_/),
    scope: "read:user,user:email",
    token_type: "bearer",
  });
  const { response: asJson } = await postToken({}, "application/json");
  expect(asJson.headers.get("content-type")).toContain("application/json");
  expect(await asJson.json()).toMatchObject({ scope: "read:user,user:email" });
});

test.each([
  ["a wrong secret", { client_secret: "guess" }, "incorrect_client_credentials"],
  ["a wrong code", { code: "guess" }, "bad_verification_code"],
  ["a wrong verifier", { code_verifier: "x".repeat(43) }, "bad_verification_code"],
  ["another client", { client_id: "Iv1.other" }, "bad_verification_code"],
  ["another redirect URI", { redirect_uri: "http://127.0.0.1:5999/other" }, "redirect_uri_mismatch"],
])("%s is status 200 with an error", async (_, change, error) => {
  const { response } = await postToken(change, "application/json");
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ error, error_description: expect.any(String) });
});

test("a code works once, and a replay ends the token", async () => {
  const { response, again } = await postToken({}, "application/json");
  const { access_token } = (await response.json()) as { access_token: string };
  expect((await api("/user", access_token)).status).toBe(200);
  expect(await (await again()).json()).toMatchObject({ error: "bad_verification_code" });
  expect((await api("/user", access_token)).status).toBe(401);
});

test("cancel comes back with a description, the state and the issuer", async () => {
  const { url, state } = await startAttempt("read:user");
  const callback = await pickPersona(url, "ada", { cancel: true });
  expect(callback.searchParams.get("error")).toBe("access_denied");
  expect(callback.searchParams.get("error_description")).not.toBeNull();
  expect(callback.searchParams.get("state")).toBe(state);
  expect(callback.searchParams.get("iss")).toBe(as.issuer);
});

test("PKCE may be left out, but not be plain", async () => {
  const { url } = await startAttempt("read:user");
  url.searchParams.set("code_challenge_method", "plain");
  const refused = await fetch(url, { redirect: "manual" });
  expect(new URL(refused.headers.get("location") ?? "").searchParams.get("error")).toBe("invalid_request");
  url.searchParams.delete("code_challenge_method");
  url.searchParams.delete("code_challenge");
  expect((await pickPersona(url, "ada")).searchParams.has("code")).toBe(true);
});

test("thirty sign-ins at once do not mix", async () => {
  const people = Array.from({ length: 30 }, (_, n) => n + 500);
  const users = await Promise.all(
    people.map(async (n) => (await api("/user", await signIn(`load-${n}`))).body),
  );
  expect(users).toEqual(
    people.map((n) => expect.objectContaining({ id: 1_000_000 + n, login: `load-${n}` })),
  );
});
