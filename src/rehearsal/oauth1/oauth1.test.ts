import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const NOW = Date.UTC(2026, 10, 23);
const callback = "http://localhost:5999/auth/callback/one?attempt=7";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal({ now: () => NOW });
  base = rehearsal.lookAlikes.oauth1;
});
afterAll(() => rehearsal.close());

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

interface Signing {
  readonly secret?: string;
  readonly tokenSecret?: string;
  readonly oauth?: Record<string, string>;
}

/** Signs by hand (RFC 5849 §3.4), independently of what is tested. */
function authorization(
  method: string,
  url: URL,
  { secret = REHEARSAL_SECRET, tokenSecret = "", oauth = {} }: Signing,
) {
  const parameters: Record<string, string> = {
    oauth_consumer_key: "key!1",
    oauth_nonce: randomUUID(),
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: String(NOW / 1000),
    oauth_version: "1.0",
    ...oauth,
  };
  const pairs = [...Object.entries(parameters), ...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const text = `${method}&${encode(url.origin + url.pathname)}&${encode(pairs)}`;
  const key = `${encode(secret)}&${encode(tokenSecret)}`;
  const oauth_signature = createHmac("sha1", key).update(text).digest("base64");
  const all = Object.entries({ ...parameters, oauth_signature });
  return `OAuth realm="x", ${all.map(([name, value]) => `${name}="${encode(value)}"`).join(", ")}`;
}

async function send(method: string, path: string, signing: Signing) {
  const url = new URL(`${base}${path}`);
  const headers = { authorization: authorization(method, url, signing) };
  const response = await fetch(url, { method, headers });
  return { status: response.status, text: await response.text() };
}

async function begin(signing: Signing = {}) {
  const oauth = { oauth_callback: callback, ...signing.oauth };
  const { status, text } = await send("POST", "/oauth/request_token", { ...signing, oauth });
  return { status, text, answer: Object.fromEntries(new URLSearchParams(text)) };
}

async function signIn(persona: string) {
  const { answer } = await begin();
  const { oauth_token = "", oauth_token_secret: tokenSecret = "" } = answer;
  const back = await pickPersona(`${base}/oauth/authenticate?oauth_token=${oauth_token}`, persona);
  const verifier = back.searchParams.get("oauth_verifier") ?? "";
  const exchange = () =>
    send("POST", "/oauth/access_token", { tokenSecret, oauth: { oauth_token, oauth_verifier: verifier } });
  return { back, oauth_token, tokenSecret, exchange };
}

async function userOf(persona: string, query = "") {
  const tokens = new URLSearchParams((await (await signIn(persona)).exchange()).text);
  const oauth = { oauth_token: tokens.get("oauth_token") ?? "" };
  const tokenSecret = tokens.get("oauth_token_secret") ?? "";
  return send("GET", `/1.1/account/verify_credentials.json${query}`, { tokenSecret, oauth });
}

test("three legs: a temporary token, the person, a token that stays", async () => {
  const { answer } = await begin();
  expect(answer).toMatchObject({ oauth_callback_confirmed: "true" });
  const { back, oauth_token, exchange } = await signIn("ada");
  expect(Object.fromEntries(back.searchParams)).toEqual({
    attempt: "7",
    oauth_token,
    oauth_verifier: expect.any(String),
  });
  const tokens = Object.fromEntries(new URLSearchParams((await exchange()).text));
  expect(tokens).toMatchObject({ user_id: "1001", screen_name: "ada-marsh" });
});

test("the id comes as number and as text, and a verified e-mail when it is asked for", async () => {
  const ada = JSON.parse((await userOf("ada", "?include_email=true&skip_status=true")).text);
  expect(ada).toMatchObject({ id: 1001, id_str: "1001", name: "Ada Marsh", email: "ada@demo.example" });
  expect(JSON.parse((await userOf("ada")).text)).not.toHaveProperty("email");
  expect(JSON.parse((await userOf("uma", "?include_email=true")).text)).not.toHaveProperty("email");
});

test("a verifier works once", async () => {
  const { exchange } = await signIn("bo");
  expect((await exchange()).status).toBe(200);
  expect((await exchange()).status).toBe(401);
});

test("a verifier works only with the temporary token it came with", async () => {
  const one = await signIn("bo");
  const other = await signIn("grace");
  const verifier = one.back.searchParams.get("oauth_verifier") ?? "";
  const mixed = await send("POST", "/oauth/access_token", {
    tokenSecret: other.tokenSecret,
    oauth: { oauth_token: other.oauth_token, oauth_verifier: verifier },
  });
  expect(mixed.status).toBe(401);
});

test.each<[string, Signing, number, number]>([
  ["a wrong secret", { secret: "wrong" }, 401, 32],
  ["another method", { oauth: { oauth_signature_method: "PLAINTEXT" } }, 401, 32],
  ["a clock six minutes off", { oauth: { oauth_timestamp: String(NOW / 1000 - 360) } }, 401, 135],
  ["a token that nobody gave out", { oauth: { oauth_token: "guess" } }, 401, 32],
  ["a callback on another machine", { oauth: { oauth_callback: "http://example.com/" } }, 403, 415],
])("%s is refused", async (_, signing, status, code) => {
  const answer = await begin(signing);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toEqual({ errors: [{ code, message: expect.any(String) }] });
});

test("a nonce works once", async () => {
  const signing = { oauth: { oauth_nonce: "the-same" } };
  expect((await begin(signing)).status).toBe(200);
  expect((await begin(signing)).status).toBe(401);
});

test("cancelling comes back as denied, without a state or an error", async () => {
  const { answer } = await begin();
  const url = `${base}/oauth/authenticate?oauth_token=${answer.oauth_token}`;
  const back = await pickPersona(url, "ada", { cancel: true });
  expect(Object.fromEntries(back.searchParams)).toEqual({ attempt: "7", denied: answer.oauth_token });
});

test("nobody is sent anywhere with a temporary token that does not exist", async () => {
  const response = await fetch(`${base}/oauth/authenticate?oauth_token=guess`, { redirect: "manual" });
  expect(response.status).toBe(400);
});
