import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import type { Connection } from "./call.ts";
import { readCall, readReturnTo } from "./read-call.ts";

let office: TestRuntime;
beforeAll(async () => {
  office = await openTestRuntime({ trustProxy: 1 });
});
afterAll(() => office.close());

function read(path: string, headers: Record<string, string> = {}, connection: Connection = {}) {
  const request = new Request(`https://admin.example.com${path}`, { headers });
  return readCall(office.runtime, request, { provider: "github" }, connection);
}

test("who came, as far as it can be believed", () => {
  const headers = { "user-agent": "Browser/1", "x-forwarded-for": "6.6.6.6, 192.0.2.7", cookie: "a=1" };
  const { visit, params } = read("/auth/sign-in", headers, { remoteAddress: "10.0.0.1" });
  expect(visit).toEqual({ cookies: "a=1", userAgent: "Browser/1", address: "192.0.2.7" });
  expect(params).toEqual({ provider: "github" });
  expect(read("/auth/sign-in").visit).toEqual({ cookies: null, userAgent: null, address: null });
});

test.each([
  [{}, "en"],
  [{ "accept-language": "zh-Hans-CN,zh;q=0.9,en;q=0.8" }, "zh-CN"],
  [{ "accept-language": "zh-CN", cookie: "__Host-postern-locale=en" }, "en"],
  [{ cookie: "__Host-postern-locale=zh-CN" }, "zh-CN"],
  [{ cookie: "__Host-postern-locale=tlh" }, "en"],
  [{ cookie: "postern-locale=zh-CN" }, "en"],
])("with %j the language is %s", (headers, locale) => {
  expect(read("/auth/sign-in", headers).locale).toBe(locale);
});

test.each([
  ["dark", "dark"],
  ["light", "light"],
  ["system", "system"],
  ["DARK", "system"],
  ["constructor", "system"],
])("a cookie that says %s means the %s theme", (value, theme) => {
  expect(read("/auth/sign-in", { cookie: `__Host-postern-theme=${value}` }).theme).toBe(theme);
});

describe("the way back", () => {
  test.each([
    ["/orders?page=2#top", "/orders?page=2#top"],
    ["/auth/account", "/auth/account"],
    ["/authentic", "/authentic"],
    ["/auth/sign-in", "/"],
    ["/auth/sign-out", "/"],
    ["/AUTH/sign-in", "/"],
    ["/%61uth/callback/github", "/"],
    ["//evil.example", "/"],
    ["https://evil.example/", "/"],
    ["", "/"],
  ])("%s leads to %s", (given, path) => {
    expect(readReturnTo(office.runtime.settings, [given])).toBe(path);
    expect(read(`/auth/sign-in?return_to=${encodeURIComponent(given)}`).returnTo).toBe(path);
  });

  test("given twice, not at all or as something else it is home", () => {
    expect(readReturnTo(office.runtime.settings, ["/orders", "/orders"])).toBe("/");
    expect(readReturnTo(office.runtime.settings, [])).toBe("/");
    expect(readReturnTo(office.runtime.settings, [["/orders"]])).toBe("/");
    expect(read("/auth/sign-in?return_to=/orders&return_to=/orders").returnTo).toBe("/");
  });
});

test("who is signed in is looked up when asked for, once", async () => {
  const { userId, cookie } = await office.signIn("member");
  const call = read("/auth/account", { cookie });
  const found = call.principal();
  expect(call.principal()).toBe(found);
  expect((await found)?.user).toMatchObject({ id: userId, roles: ["member"] });
  expect(await read("/auth/account").principal()).toBeNull();
});
