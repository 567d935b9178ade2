import { createHash } from "node:crypto";
import { createRemoteJWKSet, importPKCS8, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, pickPersonaByPost, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://localhost:5999/auth/callback/corp";
const clientId = "com.example.web";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes["form-post"];
});
afterAll(() => rehearsal.close());

function authorizeUrl(extra: Record<string, string> = {}): string {
  const query = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    response_mode: "form_post",
    scope: "name email",
    state: `s"1&<`,
    nonce: "n1",
    ...extra,
  };
  return `${base}/auth/authorize?${new URLSearchParams(query)}`;
}

interface SecretChange {
  readonly subject?: string;
  readonly audience?: string;
  readonly lifetime?: string;
  readonly header?: { readonly alg: string; readonly kid?: string };
}

async function mintSecret(change: SecretChange = {}): Promise<string> {
  const { privateKey } = await rehearsal.applicationKeys.ec();
  return new SignJWT()
    .setProtectedHeader(change.header ?? { alg: "ES256", kid: "KEY1234567" })
    .setIssuer("TEAM123456")
    .setSubject(change.subject ?? clientId)
    .setAudience(change.audience ?? base)
    .setIssuedAt()
    .setExpirationTime(change.lifetime ?? "5 minutes")
    .sign(await importPKCS8(privateKey, "ES256"));
}

async function postToken(code: string, secret: string) {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: clientId,
    client_secret: secret,
    redirect_uri: redirectUri,
    code,
  });
  const response = await fetch(`${base}/auth/token`, { method: "POST", body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function signIn(persona: string) {
  const { fields } = await pickPersonaByPost(authorizeUrl(), persona);
  const { body } = await postToken(fields.get("code") ?? "", await mintSecret());
  const keys = createRemoteJWKSet(new URL(`${base}/auth/keys`));
  const { payload } = await jwtVerify(body.id_token ?? "", keys, { issuer: base, audience: clientId });
  return { fields, tokens: body, claims: payload };
}

test("there is neither userinfo nor sign-out", async () => {
  const metadata = await (await fetch(`${base}/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({ issuer: base, token_endpoint: `${base}/auth/token` });
  expect(metadata).not.toHaveProperty("userinfo_endpoint");
  expect(metadata).not.toHaveProperty("end_session_endpoint");
});

test("the person comes back by POST, with a name at the first consent only", async () => {
  const first = await signIn("ada");
  expect(first.fields.get("state")).toBe(`s"1&<`);
  expect(JSON.parse(first.fields.get("user") ?? "")).toEqual({
    name: { firstName: "Ada", lastName: "Marsh" },
    email: "ada@demo.example",
  });
  expect((await signIn("ada")).fields.has("user")).toBe(false);
});

test("booleans are text, and no name is in the token", async () => {
  const { claims, tokens } = await signIn("bo");
  expect(claims).toMatchObject({
    nonce: "n1",
    email: "bo@demo.example",
    email_verified: "true",
    is_private_email: "false",
  });
  expect(claims).not.toHaveProperty("name");
  expect(tokens).toMatchObject({ token_type: "Bearer", refresh_token: expect.any(String) });
  expect((await signIn("kit")).claims).toMatchObject({
    email: expect.stringMatching(/@privaterelay\./),
    is_private_email: "true",
  });
});

test("a secret is refused when it is for somebody else, for another place, for too long, or no JWT", async () => {
  const wrong = [
    await mintSecret({ subject: "com.example.other" }),
    await mintSecret({ audience: "https://elsewhere.example" }),
    await mintSecret({ lifetime: "220 days" }),
    await mintSecret({ lifetime: "-1 minute" }),
    await mintSecret({ header: { alg: "ES256" } }),
    "rehearsal-secret",
  ];
  for (const secret of wrong) {
    expect(await postToken("any", secret)).toEqual({ status: 400, body: { error: "invalid_client" } });
  }
  expect(await postToken("guess", await mintSecret())).toEqual({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("a registered application signs with its own key", async () => {
  const { publicKey } = await rehearsal.applicationKeys.ec();
  const other = await startRehearsal({ clients: [{ clientId, clientSecret: "", publicKey }] });
  try {
    const audience = other.lookAlikes["form-post"];
    const body = new URLSearchParams({ client_id: clientId, client_secret: await mintSecret({ audience }) });
    const response = await fetch(`${audience}/auth/token`, { method: "POST", body });
    expect(await response.json()).toEqual({ error: "unsupported_grant_type" });
  } finally {
    await other.close();
  }
});

test("cancelling has a word of its own and comes by POST too", async () => {
  const { fields } = await pickPersonaByPost(authorizeUrl(), "ada", { cancel: true });
  expect(Object.fromEntries(fields)).toEqual({ error: "user_cancelled_authorize", state: `s"1&<` });
});

test("with a scope, any other way back is refused; without one it is not", async () => {
  expect((await fetch(authorizeUrl({ response_mode: "query" }))).status).toBe(400);
  const bare = await pickPersona(authorizeUrl({ response_mode: "query", scope: "" }), "ada");
  expect(bare.searchParams.has("code")).toBe(true);
});

test("the form posts itself by the one script that its policy allows", async () => {
  const response = await fetch(authorizeUrl(), {
    method: "POST",
    body: new URLSearchParams({ persona: "ada" }),
  });
  const script = /<script>([^<]*)<\/script>/.exec(await response.text())?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  expect(script).toContain("submit()");
  expect(response.headers.get("content-security-policy")).toContain(`script-src 'sha256-${hash}'`);
});

test("a token is revoked with a minted secret", async () => {
  const { tokens } = await signIn("grace");
  const secret = await mintSecret();
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: secret,
    token: tokens.refresh_token ?? "",
  });
  expect((await fetch(`${base}/auth/revoke`, { method: "POST", body })).status).toBe(200);
  const refresh = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: clientId,
    client_secret: secret,
    refresh_token: tokens.refresh_token ?? "",
  });
  const refused = await fetch(`${base}/auth/token`, { method: "POST", body: refresh });
  expect(await refused.json()).toEqual({ error: "invalid_grant" });
});
