import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  COMPANIES,
  pickPersona,
  pickPersonaByPost,
  REHEARSAL_SECRET,
  type Rehearsal,
  startRehearsal,
} from "../index.ts";
import { groupIdOf } from "./group-claims.ts";

const redirectUri = "http://localhost:5999/auth/callback/corp";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal();
  base = rehearsal.lookAlikes.tenants;
});
afterAll(() => rehearsal.close());

function authorizeUrl(tenant: string, extra: Record<string, string> = {}): string {
  const query = {
    client_id: "app",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile email User.Read",
    state: "s1",
    ...extra,
  };
  return `${base}/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`;
}

async function postToken(tenant: string, parameters: Record<string, string>) {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: "app",
    client_secret: REHEARSAL_SECRET,
    redirect_uri: redirectUri,
    ...parameters,
  });
  const response = await fetch(`${base}/${tenant}/oauth2/v2.0/token`, { method: "POST", body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function signIn(persona: string, tenant = "common", extra: Record<string, string> = {}) {
  const callback = await pickPersona(authorizeUrl(tenant, extra), persona);
  const tokens = (await postToken(tenant, { code: callback.searchParams.get("code") ?? "" })).body;
  const keys = createRemoteJWKSet(new URL(`${base}/${tenant}/discovery/v2.0/keys`));
  const { payload } = await jwtVerify(tokens.id_token ?? "", keys, { audience: "app" });
  return { callback, tokens, claims: payload };
}

async function directory(path: string, token: string, method = "GET") {
  const response = await fetch(path.startsWith("http") ? path : `${base}/graph/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test.each([
  ["common", "{tenantid}"],
  ["organizations", "{tenantid}"],
  ["demo.example", COMPANIES.demo.tenantId],
  [COMPANIES.elsewhere.tenantId, COMPANIES.elsewhere.tenantId],
])("discovery of %s tells the issuer of %s", async (tenant, issuer) => {
  const metadata = await (await fetch(`${base}/${tenant}/v2.0/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({
    issuer: `${base}/${issuer}/v2.0`,
    token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
  });
});

test("the ID token carries the person's own tenant, never whether the e-mail was verified", async () => {
  const ada = (await signIn("ada")).claims;
  expect(ada).toMatchObject({
    iss: `${base}/${COMPANIES.demo.tenantId}/v2.0`,
    tid: COMPANIES.demo.tenantId,
    email: "ada@demo.example",
    preferred_username: "ada@demo.example",
    roles: ["admin"],
    groups: [groupIdOf("acme/ops"), groupIdOf("acme/leads")],
    ver: "2.0",
  });
  expect(ada).not.toHaveProperty("email_verified");
  const mallory = (await signIn("mallory")).claims;
  expect(mallory.tid).toBe(COMPANIES.elsewhere.tenantId);
  expect(mallory.iss).toBe(`${base}/${COMPANIES.elsewhere.tenantId}/v2.0`);
});

test("sub differs by application, oid does not", async () => {
  const one = (await signIn("bo")).claims;
  const again = (await signIn("bo")).claims;
  expect([again.sub, again.oid]).toEqual([one.sub, one.oid]);
  expect(one.sub).not.toBe(one.oid);
  expect((await signIn("grace")).claims.oid).not.toBe(one.oid);
});

test("people of another tenant do not get past the page of one tenant", async () => {
  const refused = pickPersona(authorizeUrl(COMPANIES.demo.tenantId), "mallory");
  await expect(refused).rejects.toThrow("403");
  expect((await signIn("ada", "demo.example")).claims.tid).toBe(COMPANIES.demo.tenantId);
});

test("250 groups do not fit: a pointer stands in their place, and the directory lists them on pages", async () => {
  const { claims, tokens } = await signIn("zoe");
  expect(claims).not.toHaveProperty("groups");
  expect(claims._claim_names).toEqual({ groups: "src1" });
  const token = tokens.access_token ?? "";
  const ids: string[] = [];
  const sizes: number[] = [];
  let next: string | undefined = "/me/transitiveMemberOf?$select=id&$top=100";
  while (next !== undefined) {
    const { body } = await directory(next, token);
    const page = body.value as readonly { id: string }[];
    ids.push(...page.map(({ id }) => id));
    sizes.push(page.length);
    next = body["@odata.nextLink"] as string | undefined;
  }
  expect(sizes).toEqual([100, 100, 50]);
  expect(ids[249]).toBe(groupIdOf("acme/ops"));
  const sources = claims._claim_sources as { src1: { endpoint: string } };
  const all = await directory(sources.src1.endpoint, token, "POST");
  expect(all.body.value).toEqual(ids);
});

test("the directory refuses a token that may not read, and one that nobody gave out", async () => {
  const { tokens } = await signIn("ada", "common", { scope: "openid profile" });
  const forbidden = await directory("/me/memberOf", tokens.access_token ?? "");
  expect(forbidden).toMatchObject({ status: 403, body: { error: { code: "Authorization_RequestDenied" } } });
  expect((await directory("/me/memberOf", "guess")).status).toBe(401);
  expect((await directory("/me/photos/48x48/$value", "guess")).status).toBe(404);
});

test("errors carry their number", async () => {
  expect(await postToken("common", { code: "guess" })).toMatchObject({
    status: 400,
    body: {
      error: "invalid_grant",
      error_codes: [54005],
      error_description: expect.stringMatching(/^AADSTS54005: /),
    },
  });
  expect(await postToken("common", { code: "x", client_secret: "wrong" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client", error_codes: [7000215] },
  });
});

test("a refresh token needs offline_access and rotates", async () => {
  const { tokens } = await signIn("ada", "common", { scope: "openid offline_access" });
  const parameters = { grant_type: "refresh_token", refresh_token: tokens.refresh_token ?? "" };
  const second = await postToken("common", parameters);
  expect(second.body.refresh_token).not.toBe(tokens.refresh_token);
  expect((await postToken("common", parameters)).body.error).toBe("invalid_grant");
});

test("the answer can come by POST, also when the person cancels", async () => {
  const url = authorizeUrl("common", { response_mode: "form_post" });
  const { action, fields } = await pickPersonaByPost(url, "ada");
  expect(action.href).toBe(redirectUri);
  expect(fields.get("state")).toBe("s1");
  expect((await pickPersonaByPost(url, "ada", { cancel: true })).fields.get("error")).toBe("access_denied");
});
