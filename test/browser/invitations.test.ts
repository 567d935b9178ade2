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

test.each([
  {
    locale: "en",
    invited: "You are invited to Back Office",
    role: "Auditor",
    accept: "Accept and sign in",
    notice: "Sign in to accept your invitation.",
    way: "Continue with Rehearsal",
    used: "This invitation was already used",
  },
  {
    locale: "zh-CN",
    invited: "邀请你加入后台",
    role: "审计员",
    accept: "接受并登录",
    notice: "登录后即接受邀请。",
    way: "使用 Rehearsal 登录",
    used: "邀请已被使用",
  },
] as const)("in $locale: a link, a button, a sign-in, and the link is spent", async (words) => {
  const { door, url } = stage.office;
  const { link } = await door.invitations.create({ roles: ["auditor"] }, "cli:root@host");
  const page = await newPage(browser, { locale: words.locale, width: 360 });
  const heading = async () => (await page.innerText("h1")).replaceAll(/[\u2068\u2069]/g, "");
  const look = async () => {
    await expectCleanPage(page);
    await expectAxeClean(page);
  };

  await page.goto(link.href);
  expect(await heading()).toBe(words.invited);
  expect(await page.innerText("main")).toContain(words.role);
  await look();
  await page.reload();
  await page.getByRole("button", { name: words.accept }).click();
  await page.waitForURL(`${url}/auth/sign-in`);
  expect(await page.getByRole("status").innerText()).toBe(words.notice);
  await look();

  await page.getByRole("button", { name: words.way }).click();
  await page.locator("button[name=persona][value=mallory]").click();
  await page.waitForURL(`${url}/`);
  const [mallory] = await door.users.find("mallory@elsewhere.example");
  expect(await door.users.grantsOf(mallory?.id ?? "")).toMatchObject([{ role: "auditor", source: "direct" }]);

  const answer = await page.goto(link.href);
  expect([answer?.status(), await heading()]).toEqual([409, words.used]);
  await look();
  await page.context().close();
  await door.users.delete(mallory?.id ?? "", "cli:root@host");
});
