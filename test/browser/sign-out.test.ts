import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../attacks/stage.ts";
import { expectAxeClean, expectCleanPage, launchBrowser, newPage } from "../support/browser.ts";

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), openStage()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** A page of an application with the policy that the usual middleware sets. */
const STRICT = {
  contentType: "text/html; charset=utf-8",
  headers: { "content-security-policy": "default-src 'self'; form-action 'self'" },
  body: '<!doctype html><html lang="en"><title>Orders</title><h1>Orders</h1><form method="post" action="/auth/sign-out"><button>Leave</button></form>',
};

test.each([
  {
    locale: "en",
    javaScript: true,
    from: "the account page",
    signOut: "Sign out",
    also: "You are signed out at",
  },
  { locale: "zh-CN", javaScript: true, from: "the account page", signOut: "退出登录", also: "你也已在" },
  { locale: "en", javaScript: false, from: "a strict page", signOut: "Leave", also: "You are signed out at" },
] as const)("in $locale, from $from: here, at the provider, and back", async (words) => {
  const { url } = stage.office;
  const page = await newPage(browser, { locale: words.locale, width: 360, javaScript: words.javaScript });
  await page.goto(`${url}/auth/account`);
  await page.getByRole("button", { name: "Rehearsal" }).click();
  await page.locator("button[name=persona][value=bo]").click();
  await page.waitForURL(`${url}/auth/account`);
  if (words.from === "a strict page") {
    await page.route(`${url}/orders`, (route) => route.fulfill(STRICT));
    await page.goto(`${url}/orders`);
  }

  const ended = stage.rehearsal.requests.logout;
  await page.getByRole("button", { name: words.signOut }).first().click();
  await page.getByText(words.also).waitFor();
  expect(page.url()).toBe(`${url}/auth/signed-out`);
  expect(stage.rehearsal.requests.logout).toBe(ended + 1);
  if (words.javaScript) await expectAxeClean(page);
  await expectCleanPage(page);

  // Nothing leads back in by itself, and the way there is not taken again.
  await page.reload();
  expect(await page.getByText(words.also).count()).toBe(1);
  expect(stage.rehearsal.requests.logout).toBe(ended + 1);
  await page.goto(`${url}/auth/account`);
  expect(new URL(page.url()).pathname).toBe("/auth/sign-in");
  await page.context().close();
});
