import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { messages } from "../../src/i18n/messages.ts";
import { openStage, type Stage } from "../attacks/stage.ts";
import { expectAxeClean, expectCleanPage, launchBrowser, newPage } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each([
  ["en", true],
  ["zh-CN", true],
  ["zh-CN", false],
] as const)("asking for access in Chromium, in %s, JavaScript %s", (locale, javaScript) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ options: { access: [{ when: { provider: "rehearsal" }, then: "ask" }] } });
  });
  afterAll(() => stage.close());

  const texts = messages(locale).request;
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
  const look = async (page: Page) => {
    await expectCleanPage(page);
    if (javaScript) await expectAxeClean(page);
  };
  const pick = async (page: Page) => {
    await page.waitForURL(`${stage.rehearsal.url}/**`);
    await page.locator("button[name=persona][value=mallory]").click();
  };
  const primary = (page: Page) => page.locator("main button.primary, main a.primary");

  test("a note is sent; declined, asked once more, approved, and in", async () => {
    const page = await newPage(browser, { locale, javaScript, width: 360 });
    const { requests } = stage.office.door;
    await page.goto(`${stage.office.url}/orders`);
    await page.locator('form[action$="/sign-in/rehearsal"] button').click();
    await pick(page);
    await page.getByLabel(texts.note).fill("Rehearsal <b>note</b>");
    await look(page);
    await page.getByRole("button", { name: texts.send }).click();
    await page.waitForURL(`${stage.office.url}/auth/request-access`);
    expect(await heading(page)).toBe(texts.pendingTitle);
    await look(page);

    const [request] = await requests.list();
    expect(request?.note).toBe("Rehearsal <b>note</b>");
    const id = request?.id ?? "";
    await requests.decline(id, "<i>Not yet</i>", "cli:test@here");
    await page.reload();
    expect(await heading(page)).toBe(texts.declinedTitle);
    expect(await page.locator("blockquote").innerText()).toBe("<i>Not yet</i>");
    await look(page);

    await requests.reopen(id, "cli:test@here");
    await page.getByRole("link", { name: messages(locale).error.useAnotherAccount }).click();
    await page.locator('form[action$="/sign-in/rehearsal"] button').click();
    await pick(page);
    await page.getByRole("button", { name: texts.send }).click();
    await page.waitForURL(`${stage.office.url}/auth/request-access`);
    const [again] = await requests.list();
    await requests.approve(again?.id ?? "", "member", "cli:test@here");
    await page.reload();
    expect(await heading(page)).toBe(texts.approvedTitle);
    await look(page);

    await primary(page).click();
    await pick(page);
    await page.waitForURL(`${stage.office.url}/auth/callback/**`);
    expect(await page.locator("main").innerText()).toContain(texts.welcomeSentence);
    await look(page);
    await primary(page).click();
    await page.waitForURL(`${stage.office.url}/orders`);
    await page.context().close();
  });
});
