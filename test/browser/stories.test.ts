import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Demo, startDemo } from "../../src/rehearsal/start-demo.ts";
import { expectCleanPage, launchBrowser, newPage } from "../support/browser.ts";
import { freshDatabase } from "../support/postgres.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const PROVIDERS = {
  rehearsal: "Continue with Rehearsal",
  github: "Continue with GitHub (rehearsal)",
} as const;
type ProviderId = keyof typeof PROVIDERS;

describe.each(["sqlite", "postgres"])("the demo in Chromium on %s", (engine) => {
  let demo: Demo;
  const folder = mkdtempSync(join(tmpdir(), "postern-demo-"));

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : `file:${join(folder, "demo.db")}`;
    const env = { DATABASE_URL: database, POSTERN_SECRET: "a-secret-for-tests-0123456789-abcdefgh" };
    demo = await startDemo({ port: 0, rehearsalPort: 0, env });
  });
  afterAll(async () => {
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (settings: Parameters<typeof newPage>[1] = {}) => {
    const page = await newPage(browser, settings);
    return { page, close: () => page.context().close() };
  };
  const toProvider = async (page: Page, path: string, provider: ProviderId) => {
    await page.goto(demo.url + path);
    await page.getByRole("button", { name: PROVIDERS[provider] }).click();
    await page.waitForURL(`${demo.rehearsalUrl}/**`);
  };
  const pick = (page: Page, persona: string) =>
    page.locator(`button[name=persona][value=${persona}]`).click();
  const signIn = async (page: Page, path: string, provider: ProviderId, persona: string) => {
    await toProvider(page, path, provider);
    await pick(page, persona);
  };
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();

  test.each(["rehearsal", "github"] as const)("%s: sign in, guarded page, sign out", async (provider) => {
    const { page, close } = await open();
    await signIn(page, "/admin", provider, "ada");
    await page.waitForURL(`${demo.url}/admin`);
    expect(await page.innerText("body")).toContain("Welcome to the back office · 欢迎进入管理后台");
    expect(await page.innerText("#name")).toBe("Ada Marsh");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${demo.url}/auth/signed-out`);
    expect(await heading(page)).toBe("You are signed out");
    await page.goto(`${demo.url}/admin`);
    expect(page.url()).toBe(`${demo.url}/auth/sign-in?return_to=%2Fadmin`);
    await expectCleanPage(page);
    await close();
  });

  test.each(["rehearsal", "github"] as const)(
    "%s: the whole way works without JavaScript",
    async (provider) => {
      const { page, close } = await open({ javaScript: false });
      await signIn(page, "/orders", provider, "bo");
      await page.waitForURL(`${demo.url}/orders`);
      expect(await page.innerText("#name")).toBe("Bo Lund");
      await close();
    },
  );

  test.each(["rehearsal", "github"] as const)("%s: a role that does not suffice", async (provider) => {
    const { page, close } = await open();
    await signIn(page, "/orders", provider, "bo");
    await page.waitForURL(`${demo.url}/orders`);
    const response = await page.goto(`${demo.url}/admin`);
    expect(response?.status()).toBe(403);
    expect(await heading(page)).toBe("Your roles do not allow this");
    await expectCleanPage(page);
    await page.getByRole("button", { name: "Use another account" }).click();
    await page.waitForURL(`${demo.url}/auth/signed-out`);
    await close();
  });

  test.each(["rehearsal", "github"] as const)(
    "%s: cancelled at the provider, then done after all",
    async (provider) => {
      const { page, close } = await open();
      await toProvider(page, "/orders", provider);
      const answered = page.waitForResponse((response) => response.url().includes("/auth/callback/"));
      await page.getByRole("button", { name: "Cancel" }).click();
      expect((await answered).status()).toBe(403);
      expect(await heading(page)).toMatch(/cancel/i);
      await expectCleanPage(page);
      await page.locator("main form button.primary").click();
      await page.waitForURL(`${demo.rehearsalUrl}/**`);
      await pick(page, "bo");
      await page.waitForURL(`${demo.url}/orders`);
      await close();
    },
  );

  test("nobody lets Mallory in, and she is told so", async () => {
    const { page, close } = await open();
    await signIn(page, "/admin", "rehearsal", "mallory");
    expect(await page.innerText("main")).toMatch(/no access/i);
    expect(await page.innerText("main")).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
    await expectCleanPage(page);
    await close();
  });

  test.each([
    ["the first one first", [0, 1]],
    ["the second one first", [1, 0]],
  ] as const)("two tabs, %s", async (_, order) => {
    const { page: first, close } = await open();
    const second = await first.context().newPage();
    const tabs = [first, second] as const;
    await toProvider(first, "/orders", "rehearsal");
    await toProvider(second, "/admin", "rehearsal");
    await pick(tabs[order[0]], "grace");
    await tabs[order[0]].waitForURL(`${demo.url}/**`);
    await pick(tabs[order[1]], "grace");
    await tabs[order[1]].waitForURL(`${demo.url}/**`);
    expect(first.url()).toBe(`${demo.url}/orders`);
    expect(second.url()).toBe(`${demo.url}/admin`);
    await first.reload();
    expect(await first.innerText("#name")).toBe("Grace Holm");
    await close();
  });

  test("the back button after signing out shows nothing that was guarded", async () => {
    const { page, close } = await open();
    await signIn(page, "/admin", "rehearsal", "grace");
    await page.waitForURL(`${demo.url}/admin`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${demo.url}/auth/signed-out`);
    await page.goBack();
    expect(await page.innerText("body")).not.toContain("欢迎进入管理后台");
    expect(page.url()).toContain("/auth/sign-in");
    await close();
  });

  test("the back button after signing in neither signs in again nor breaks", async () => {
    const { page, close } = await open();
    await signIn(page, "/orders", "rehearsal", "bo");
    await page.waitForURL(`${demo.url}/orders`);
    await page.goBack();
    await page.goto(`${demo.url}/orders`);
    expect(await page.innerText("#name")).toBe("Bo Lund");
    await close();
  });

  test("cookies cleared midway: a page that says so, and a button that works", async () => {
    const { page, close } = await open();
    await toProvider(page, "/orders", "rehearsal");
    await page.context().clearCookies();
    const answered = page.waitForResponse((response) => response.url().includes("/auth/callback/"));
    await pick(page, "bo");
    expect((await answered).status()).toBe(400);
    await expectCleanPage(page);
    await page.locator("main form button.primary").click();
    await page.waitForURL(`${demo.rehearsalUrl}/**`);
    await pick(page, "bo");
    await page.waitForURL((url) => url.origin === demo.url);
    await page.goto(`${demo.url}/orders`);
    expect(await page.innerText("#name")).toBe("Bo Lund");
    await close();
  });

  test("a tab whose attempt is gone begins again by itself", async () => {
    const { page, close } = await open();
    await toProvider(page, "/orders", "rehearsal");
    await page.context().clearCookies({ name: /-tx-/ });
    await pick(page, "bo");
    // Back at the provider: a second attempt, without a page in between.
    await page.waitForURL(`${demo.rehearsalUrl}/**`);
    await pick(page, "bo");
    await page.waitForURL(`${demo.url}/`);
    expect(await page.innerText("#name")).toBe("Bo Lund");
    await close();
  });

  test("my account: other devices are seen and signed out", async () => {
    const { page, close } = await open();
    const other = await open();
    await signIn(page, "/auth/account", "rehearsal", "liwei");
    await page.waitForURL(`${demo.url}/auth/account`);
    await signIn(other.page, "/orders", "rehearsal", "liwei");
    await other.page.waitForURL(`${demo.url}/orders`);

    await page.reload();
    expect(await page.innerText("main")).toContain("This device");
    await page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await page.waitForURL(/signed_out_others=1$/);
    expect(await page.getByRole("status").innerText()).toMatch(/1 other device/);
    await expectCleanPage(page);

    await other.page.reload();
    expect(other.page.url()).toContain("/auth/sign-in");
    await other.close();
    await close();
  });

  test("language and appearance are kept, without JavaScript too", async () => {
    const { page, close } = await open({ javaScript: false });
    await page.goto(`${demo.url}/auth/sign-in?return_to=%2Forders`);
    await page.getByRole("button", { name: "简体中文" }).click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("登录");
    expect(await page.innerText("main")).toContain("订单");
    await page.locator("button[name=theme][value=dark]").click();
    expect(await page.getAttribute("html", "data-theme")).toBe("dark");
    expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
    await close();
  });
});
