import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PERSONAS, type Rehearsal, startRehearsal } from "../index.ts";
import { misbehavioursOf } from "../misbehaviours.ts";

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());

async function openPicker(change: Readonly<Record<string, string>> = {}, language = "en") {
  const query = new URLSearchParams({
    client_id: "back-office",
    redirect_uri: "http://localhost:5999/callback?a=1&b=2",
    response_type: "code",
    scope: "openid",
    state: `"><script>alert(1)</script>`,
    code_challenge: "c".repeat(43),
    code_challenge_method: "S256",
    ...change,
  });
  const url = `${rehearsal.issuer}/authorize?${query}`;
  const response = await fetch(url, { headers: { "accept-language": language } });
  return { url, response, html: await response.text() };
}

const decodeEntities = (text: string) =>
  text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");

test("the form posts to the address of the request, with a button for each person and one to cancel", async () => {
  const { url, html } = await openPicker();
  const action = decodeEntities(/<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? "");
  expect(new URL(action, url).href).toBe(new URL(url).href);
  for (const { id } of PERSONAS) expect(html).toContain(`<button name="persona" value="${id}">`);
  expect(html).toContain(`name="decision" value="cancel"`);
  const response = await fetch(new URL(action, url), {
    method: "POST",
    body: new URLSearchParams({ persona: "ada", misbehave: "" }),
    redirect: "manual",
  });
  expect(response.status).toBe(303);
  const callback = new URL(response.headers.get("location") ?? "");
  expect(callback.searchParams.get("a")).toBe("1");
  expect(callback.searchParams.get("state")).toBe(`"><script>alert(1)</script>`);
});

test("names and parameters with markup stay text", async () => {
  const { html } = await openPicker({ client_id: "<b>app</b>" });
  expect(html).not.toContain("<script");
  expect(html).toContain("&lt;script&gt;");
  expect(html).toContain("<bdi>&lt;b&gt;app&lt;/b&gt;</bdi>");
});

test("every misbehaviour can be chosen, and the address chooses beforehand", async () => {
  const { html } = await openPicker();
  for (const mode of misbehavioursOf("openid")) expect(html).toContain(`<option value="${mode}">`);
  expect(html).toContain("<details>");
  const chosen = (await openPicker({ misbehave: "expired" })).html;
  expect(chosen).toContain(`<option value="expired" selected>`);
  expect(chosen).toContain("<details open>");
  expect((await openPicker({ misbehave: "no-such-mode" })).response.status).toBe(400);
});

test("the GitHub look-alike offers only what it can do", async () => {
  const query = new URLSearchParams({ client_id: "app", redirect_uri: "http://localhost/callback" });
  const html = await (await fetch(`${rehearsal.githubUrl}/login/oauth/authorize?${query}`)).text();
  expect(html).toContain(`<option value="status-500">`);
  expect(html).not.toContain(`<option value="wrong-nonce">`);
});

test("it speaks the language of the browser", async () => {
  const chinese = await openPicker({}, "zh-CN,zh;q=0.9,en;q=0.8");
  expect(chinese.html).toContain(`<html lang="zh-CN">`);
  expect(chinese.html).toContain("你想以谁的身份登录？");
  expect(chinese.html).toContain("演示后台的所有者");
  expect((await openPicker()).html).toContain("Owner of the demo back office");
});

test("it says what it is, needs no script and lets none run", async () => {
  const { html, response } = await openPicker();
  expect(html).toContain("for development and tests");
  const policy = response.headers.get("content-security-policy") ?? "";
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("script-src");
  expect(html).not.toMatch(/ style=| on\w+=/);
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("the policy lets the form lead back to the application", async () => {
  const policy = async (redirectUri: string) =>
    /form-action ([^;]*)/.exec(
      (await openPicker({ redirect_uri: redirectUri })).response.headers.get("content-security-policy") ?? "",
    )?.[1];
  expect(await policy("http://app.localhost:81/cb")).toBe(
    "'self' http://app.localhost:81 http://localhost:* http://127.0.0.1:*",
  );
  expect(await policy("http://[::1]:81/cb")).toBe("'self' http:");
});

test("an unknown person is refused", async () => {
  const { url } = await openPicker();
  const body = new URLSearchParams({ persona: "nobody" });
  expect((await fetch(url, { method: "POST", body, redirect: "manual" })).status).toBe(400);
});

test("the first page tells where to point an application", async () => {
  const html = await (await fetch(rehearsal.issuer)).text();
  expect(html).toContain(`<dd>${rehearsal.issuer}</dd>`);
  expect(html).toContain(`<dd>${rehearsal.githubUrl}</dd>`);
  expect(html).toContain("rehearsal-secret");
});
