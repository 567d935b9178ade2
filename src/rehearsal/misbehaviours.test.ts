import { createHash, createHmac, createPublicKey, type JsonWebKey } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  LOOK_ALIKES,
  MISBEHAVIOUR_MODES,
  type MisbehaviourMode,
  pickPersona,
  REHEARSAL_SECRET,
  type Rehearsal,
  startRehearsal,
} from "./index.ts";
import { misbehavioursOf } from "./misbehaviours.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const NOW_SECONDS = NOW / 1000;
const nonce = "nonce-of-this-attempt";
const verifier = "v".repeat(43);
const redirectUri = "http://localhost:5999/callback";

let rehearsal: Rehearsal;
const waits: number[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ now: () => NOW, wait: async (ms) => void waits.push(ms) });
});
afterEach(() => {
  rehearsal.behave();
  waits.length = 0;
});
afterAll(() => rehearsal.close());

function authorizationUrl(): URL {
  const url = new URL(`${rehearsal.issuer}/authorize`);
  url.search = new URLSearchParams({
    client_id: "wire",
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile email",
    state: "s",
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return url;
}

/** Goes through the picker with a misbehaviour chosen there, up to the raw answer of the token endpoint. */
async function requestToken(misbehave?: MisbehaviourMode, signal?: AbortSignal): Promise<Response> {
  const callback = await pickPersona(authorizationUrl(), "ada", { misbehave });
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: "wire",
    client_secret: REHEARSAL_SECRET,
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  return fetch(`${rehearsal.issuer}/token`, {
    method: "POST",
    body,
    redirect: "manual",
    signal: signal ?? null,
  });
}

interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
}

interface Jwt {
  readonly raw: string;
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signature: string;
}

async function requestIdToken(misbehave: MisbehaviourMode): Promise<Jwt> {
  const { id_token = "" } = (await (await requestToken(misbehave)).json()) as Tokens;
  const [header = "", claims = "", signature = ""] = id_token.split(".");
  const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { raw: id_token, header: decode(header), claims: decode(claims), signature };
}

async function publishedKeys(): Promise<JSONWebKeySet> {
  return (await fetch(`${rehearsal.issuer}/jwks`)).json() as Promise<JSONWebKeySet>;
}

async function verify(jwt: Jwt) {
  return jwtVerify(jwt.raw, createLocalJWKSet(await publishedKeys()), { currentDate: new Date(NOW) });
}

/** What each mode looks like from outside, one line or two each. Keyed by mode, so that none can be forgotten. */
const OBSERVATIONS: Readonly<Record<MisbehaviourMode, () => Promise<void>>> = {
  async cancel() {
    const callback = await pickPersona(authorizationUrl(), "ada", { misbehave: "cancel" });
    expect(callback.searchParams.get("error")).toBe("access_denied");
    expect(callback.searchParams.has("code")).toBe(false);
  },
  async "never-answer"() {
    // The next request after it is answered, so the silence is not slowness.
    const abort = new AbortController();
    const silent = requestToken("never-answer", abort.signal);
    rehearsal.delay("token", () => {
      void requestToken().then((response) => abort.abort(new Error(`overtaken by ${response.status}`)));
      rehearsal.delay("token", null);
    });
    await expect(silent).rejects.toThrow("overtaken by 200");
  },
  async slow() {
    expect((await requestToken("slow")).status).toBe(200);
    expect(waits).toEqual([5000]);
  },
  async "status-500"() {
    expect((await requestToken("status-500")).status).toBe(500);
  },
  async "huge-body"() {
    const response = await requestToken("huge-body");
    expect(response.headers.get("content-length")).toBeNull();
    expect(await countBytes(response)).toBeGreaterThanOrEqual(64 * 1024 * 1024);
  },
  async drip() {
    const reader = (await requestToken("drip")).body?.getReader();
    const bytes = (await reader?.read())?.value ?? new Uint8Array();
    await reader?.cancel();
    expect(new Set(bytes)).toEqual(new Set([0x20]));
    expect(new Set(waits)).toEqual(new Set([1000]));
    expect(waits.length).toBeGreaterThanOrEqual(bytes.length);
  },
  async garbage() {
    const response = await requestToken("garbage");
    expect(response.headers.get("content-type")).toBe("application/json");
    await expect(response.json()).rejects.toBeInstanceOf(SyntaxError);
  },
  async html() {
    const response = await requestToken("html");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  },
  async redirect() {
    const before = rehearsal.requests.elsewhere;
    const response = await requestToken("redirect");
    expect(response.status).toBe(302);
    await fetch(response.headers.get("location") ?? "");
    expect(rehearsal.requests.elsewhere).toBe(before + 1);
  },
  async "wrong-nonce"() {
    const jwt = await requestIdToken("wrong-nonce");
    expect(jwt.claims.nonce).toEqual(expect.any(String));
    expect(jwt.claims.nonce).not.toBe(nonce);
    await verify(jwt);
  },
  async "no-nonce"() {
    const jwt = await requestIdToken("no-nonce");
    expect(jwt.claims).not.toHaveProperty("nonce");
    await verify(jwt);
  },
  async "wrong-audience"() {
    const jwt = await requestIdToken("wrong-audience");
    expect(jwt.claims.aud).toBe("another-client");
    await verify(jwt);
  },
  async "wrong-issuer"() {
    const jwt = await requestIdToken("wrong-issuer");
    expect(jwt.claims.iss).not.toBe(rehearsal.issuer);
    await verify(jwt);
  },
  async expired() {
    const jwt = await requestIdToken("expired");
    expect(jwt.claims.exp).toBe(NOW_SECONDS - 3600);
    await expect(verify(jwt)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
  },
  async "issued-in-future"() {
    const jwt = await requestIdToken("issued-in-future");
    expect(jwt.claims.iat).toBe(NOW_SECONDS + 600);
    await verify(jwt);
  },
  async "no-auth-time"() {
    expect((await requestIdToken("no-auth-time")).claims.auth_time).toBeUndefined();
  },
  async "stale-auth-time"() {
    expect((await requestIdToken("stale-auth-time")).claims.auth_time).toBe(NOW_SECONDS - 3600);
  },
  async unsigned() {
    const jwt = await requestIdToken("unsigned");
    expect([jwt.header.alg, jwt.signature]).toEqual(["none", ""]);
  },
  async "hs256-with-public-key"() {
    const jwt = await requestIdToken("hs256-with-public-key");
    expect(jwt.header.alg).toBe("HS256");
    const { keys } = await publishedKeys();
    const key = createPublicKey({ key: keys[0] as JsonWebKey, format: "jwk" });
    const secret = key.export({ format: "pem", type: "spki" });
    const input = jwt.raw.slice(0, jwt.raw.lastIndexOf("."));
    expect(createHmac("sha256", secret).update(input).digest("base64url")).toBe(jwt.signature);
  },
  async "unknown-key"() {
    await expect(verify(await requestIdToken("unknown-key"))).rejects.toMatchObject({
      code: "ERR_JWKS_NO_MATCHING_KEY",
    });
  },
  async "bad-signature"() {
    await expect(verify(await requestIdToken("bad-signature"))).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  },
  async "key-rotation"() {
    const before = (await publishedKeys()).keys.map(({ kid }) => kid);
    const jwt = await requestIdToken("key-rotation");
    expect(before).not.toContain(jwt.header.kid);
    await verify(jwt);
  },
  async "missing-id-token"() {
    const tokens = (await (await requestToken("missing-id-token")).json()) as Tokens;
    expect(tokens).toHaveProperty("access_token");
    expect(tokens).not.toHaveProperty("id_token");
  },
  async "userinfo-other-subject"() {
    const { access_token } = (await (await requestToken("userinfo-other-subject")).json()) as Tokens;
    const headers = { authorization: `Bearer ${access_token}` };
    const claims = await (await fetch(`${rehearsal.issuer}/userinfo`, { headers })).json();
    expect(claims).toMatchObject({ sub: "the-subject-of-somebody-else", email: "ada@demo.example" });
  },
  async "app-token-ended"() {
    const base = rehearsal.lookAlikes["app-token"];
    const query = { appid: "ww1", agentid: "7", redirect_uri: redirectUri, state: "s1" };
    const authorize = `${base}/wwlogin/sso/login?${new URLSearchParams(query)}`;
    const callback = await pickPersona(authorize, "ada", { misbehave: "app-token-ended" });
    const secret = `corpid=ww1&corpsecret=${REHEARSAL_SECRET}`;
    const { access_token } = (await (await fetch(`${base}/cgi-bin/gettoken?${secret}`)).json()) as Tokens;
    const exchange = new URLSearchParams({ access_token, code: callback.searchParams.get("code") ?? "" });
    const answer = await (await fetch(`${base}/cgi-bin/auth/getuserinfo?${exchange}`)).json();
    expect(answer).toMatchObject({ errcode: 42001 });
  },
};

async function countBytes(response: Response): Promise<number> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += chunk.byteLength;
  return bytes;
}

test.each(MISBEHAVIOUR_MODES)("chosen in the picker: %s", (mode) => OBSERVATIONS[mode]());

test("a misbehaviour of one attempt leaves the others alone", async () => {
  const [bad, good] = await Promise.all([requestToken("status-500"), requestToken()]);
  expect([bad.status, good.status]).toEqual([500, 200]);
});

test("the address of the authorization request can choose too, and the form has the last word", async () => {
  const url = authorizationUrl();
  url.searchParams.set("misbehave", "cancel");
  expect((await pickPersona(url, "ada")).searchParams.get("error")).toBe("access_denied");
  const body = new URLSearchParams({ persona: "ada", misbehave: "" });
  const response = await fetch(url, { method: "POST", body, redirect: "manual" });
  expect(new URL(response.headers.get("location") ?? "").searchParams.has("code")).toBe(true);
});

test("switched on for everybody it lasts so many times", async () => {
  rehearsal.misbehave("status-500", { times: 2 });
  const statuses = [await requestToken(), await requestToken(), await requestToken()].map(
    ({ status }) => status,
  );
  expect(statuses).toEqual([500, 500, 200]);
});

test("behave() ends it", async () => {
  rehearsal.misbehave("status-500");
  rehearsal.behave();
  expect((await requestToken()).status).toBe(200);
});

test("an answer can be moved to another endpoint, with its own time", async () => {
  rehearsal.misbehave("status-500", { endpoint: "jwks" });
  rehearsal.misbehave("slow", { endpoint: "discovery", milliseconds: 70 });
  expect((await fetch(`${rehearsal.issuer}/jwks`)).status).toBe(500);
  expect((await fetch(`${rehearsal.issuer}/.well-known/openid-configuration`)).status).toBe(200);
  expect(waits).toEqual([70]);
  expect((await requestToken()).status).toBe(200);
});

test("what happens inside an ID token cannot be moved, nor last zero times", () => {
  expect(() => rehearsal.misbehave("expired", { endpoint: "jwks" })).toThrow(RangeError);
  expect(() => rehearsal.misbehave("status-500", { times: 0 })).toThrow(RangeError);
});

test("two at once in the ID token both show", async () => {
  rehearsal.misbehave("wrong-audience");
  rehearsal.misbehave("no-nonce");
  const jwt = await requestIdToken("bad-signature");
  expect(jwt.claims).toMatchObject({ aud: "another-client" });
  expect(jwt.claims).not.toHaveProperty("nonce");
  await expect(verify(jwt)).rejects.toMatchObject({ code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
});

test("the GitHub look-alike misbehaves at its token endpoint too", async () => {
  rehearsal.misbehave("status-500");
  const response = await fetch(`${rehearsal.githubUrl}/login/oauth/access_token`, { method: "POST" });
  expect(response.status).toBe(500);
});

test.each(LOOK_ALIKES)("the picker of %s offers what can happen there", (flavour) => {
  const modes = misbehavioursOf(flavour);
  expect(modes).toEqual(expect.arrayContaining(["cancel", "slow", "status-500"]));
  const hasIdToken = ["no-second-refresh", "tenants", "realms", "form-post"].includes(flavour);
  expect(modes.includes("wrong-nonce")).toBe(hasIdToken);
});
