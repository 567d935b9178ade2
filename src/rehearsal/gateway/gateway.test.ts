import { sign, verify } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, type Rehearsal, startRehearsal } from "../index.ts";

const NOW = Date.UTC(2026, 10, 23, 15, 0, 0);
const TIMESTAMP = "2026-11-23 23:00:00";
const redirectUri = "http://localhost:5999/auth/callback/pay";
let rehearsal: Rehearsal;
let base: string;

beforeAll(async () => {
  rehearsal = await startRehearsal({ now: () => NOW });
  base = rehearsal.lookAlikes.gateway;
});
afterAll(() => rehearsal.close());

const authorizeUrl = (scope = "auth_user") =>
  `${base}/oauth2/publicAppAuthorize.htm?${new URLSearchParams({ app_id: "2021", scope, redirect_uri: redirectUri, state: "s1" })}`;

/** Signs by hand, as the documentation of the real gateway describes it. */
async function call(parameters: Record<string, string>, unsigned: Record<string, string> = {}) {
  const all: Record<string, string> = {
    app_id: "2021",
    charset: "utf-8",
    sign_type: "RSA2",
    version: "1.0",
    timestamp: TIMESTAMP,
    empty: "",
    ...parameters,
  };
  const names = Object.keys(all).filter((name) => all[name] !== "");
  const text = names
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join("&");
  const { privateKey } = await rehearsal.applicationKeys.rsa();
  const signature = sign("sha256", Buffer.from(text), privateKey).toString("base64");
  const body = new URLSearchParams({ ...all, sign: signature, ...unsigned });
  const response = await fetch(`${base}/gateway.do`, { method: "POST", body });
  expect(response.status).toBe(200);
  return readAnswer(await response.text());
}

function readAnswer(raw: string) {
  const [, name = "", text = "", signature = ""] = /^\{"(\w+)":(\{.*\}),"sign":"([^"]+)"\}$/.exec(raw) ?? [];
  const publicKey = rehearsal.gatewayPublicKey();
  return {
    name,
    content: JSON.parse(text) as Record<string, string>,
    signed: verify("sha256", Buffer.from(text), publicKey, Buffer.from(signature, "base64")),
  };
}

async function codeOf(persona: string): Promise<string> {
  return (await pickPersona(authorizeUrl(), persona)).searchParams.get("auth_code") ?? "";
}

const exchange = { method: "alipay.system.oauth.token", grant_type: "authorization_code" };

test("the code comes as auth_code among other parameters", async () => {
  const callback = await pickPersona(authorizeUrl(), "ada");
  expect(Object.fromEntries(callback.searchParams)).toEqual({
    auth_code: expect.any(String),
    app_id: "2021",
    scope: "auth_user",
    source: "alipay_wallet",
    state: "s1",
  });
});

test("every call is signed, and so is every answer", async () => {
  const tokens = await call({ ...exchange, code: await codeOf("liwei") });
  expect(tokens).toMatchObject({
    name: "alipay_system_oauth_token_response",
    signed: true,
    content: { auth_start: TIMESTAMP, expires_in: 1_296_000, open_id: expect.any(String) },
  });
  const person = await call({
    method: "alipay.user.info.share",
    auth_token: tokens.content.access_token ?? "",
  });
  expect(person).toMatchObject({
    name: "alipay_user_info_share_response",
    signed: true,
    content: { code: "10000", nick_name: "李伟", open_id: tokens.content.open_id },
  });
});

test.each<[string, Record<string, string>, string]>([
  ["a code that nobody gave out", { code: "guess" }, "isv.code-invalid"],
  ["a clock in another time zone", { timestamp: "2026-11-23 15:00:00" }, "isv.invalid-timestamp"],
  ["a method that does not exist", { method: "alipay.trade.pay" }, "isv.invalid-method"],
  ["an application without an id", { app_id: "" }, "isv.invalid-app-id"],
  ["another kind of signature", { sign_type: "RSA" }, "isv.invalid-signature-type"],
  ["a grant of another kind", { grant_type: "password" }, "isv.grant-type-invalid"],
])("a signed error with status 200 for %s", async (_, change, subCode) => {
  const answer = await call({ ...exchange, ...change });
  expect(answer).toMatchObject({
    name: "error_response",
    signed: true,
    content: { code: "40002", sub_code: subCode },
  });
});

test("a parameter changed after signing is noticed", async () => {
  const answer = await call({ ...exchange, code: "one" }, { code: "another" });
  expect(answer.content.sub_code).toBe("isv.invalid-signature");
});

test("a token that nobody gave out has a number of its own", async () => {
  const answer = await call({ method: "alipay.user.info.share", auth_token: "guess" });
  expect(answer.content).toMatchObject({ code: "20001", sub_code: "aop.invalid-auth-token" });
});

test("a refresh token works once", async () => {
  const { refresh_token = "" } = (await call({ ...exchange, code: await codeOf("bo") })).content;
  const refresh = { ...exchange, grant_type: "refresh_token", refresh_token };
  expect((await call(refresh)).name).toBe("alipay_system_oauth_token_response");
  expect((await call(refresh)).content.sub_code).toBe("isv.refresh-token-invalid");
});

test("cancelling leads nobody back, and another scope is refused", async () => {
  const body = new URLSearchParams({ decision: "cancel" });
  const cancelled = await fetch(authorizeUrl(), { method: "POST", body, redirect: "manual" });
  expect([cancelled.status, cancelled.headers.get("location")]).toEqual([200, null]);
  expect((await fetch(authorizeUrl("openid"), { redirect: "manual" })).status).toBe(400);
});
