import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { messages } from "../../src/i18n/messages.ts";
import { type Phrase, plainText } from "../../src/i18n/phrase.ts";
import { openStage, type Stage } from "../attacks/stage.ts";
import {
  expectAxeClean,
  expectCleanPage,
  launchBrowser,
  newPage,
  type PageSettings,
} from "../support/browser.ts";

const MINUTE = 60_000;
/** Where pictures of every step are put for looking at; nowhere unless asked for. */
const PICTURES = process.env.ACCOUNT_PICTURES;

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), openStage()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

const VIEWS = [
  { locale: "en", colorScheme: "light", width: 1280, javaScript: true, persona: "bo" },
  { locale: "zh-CN", colorScheme: "dark", width: 360, javaScript: true, persona: "grace" },
  { locale: "en", colorScheme: "dark", width: 360, javaScript: false, persona: "ada" },
  { locale: "zh-CN", colorScheme: "light", width: 1280, javaScript: false, persona: "liwei" },
] as const satisfies readonly (PageSettings & { persona: string })[];

describe.each(VIEWS)("my account: $locale, $colorScheme, $width px, JavaScript $javaScript", (view) => {
  const { locale, width, javaScript, persona } = view;
  const texts = messages(locale);
  const url = () => stage.office.url;
  /** Marks that keep the direction of names apart are not part of what is read. */
  const plain = (text: Phrase | string) =>
    (typeof text === "string" ? text : plainText(text)).replace(/[\u2066-\u2069]/g, "");
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

  const pick = (page: Page, who: string = persona) =>
    page.locator(`button[name=persona][value=${who}]`).click();
  const atProvider = (page: Page) => page.waitForURL(`${stage.rehearsal.url}/**`);
  const account = (page: Page, query = "") => page.waitForURL(`${url()}/auth/account${query}`);

  async function signedIn(): Promise<Page> {
    const page = await newPage(browser, view);
    await page.goto(`${url()}/auth/account`);
    await page.locator('form[action="/auth/sign-in/rehearsal"] button').click();
    await atProvider(page);
    await pick(page);
    await account(page);
    return page;
  }

  let step = 0;
  async function look(page: Page, name: string): Promise<void> {
    const html = page.locator("html");
    expect(await html.getAttribute("lang")).toBe(locale);
    expect(await html.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    if (javaScript) await expectAxeClean(page);
    await expectCleanPage(page);
    if (PICTURES === undefined) return;
    const file = `${locale}-${view.colorScheme}-${width}-${String(step++).padStart(2, "0")}-${name}.png`;
    await page.screenshot({ path: `${PICTURES}/${file}`, fullPage: true });
  }

  test("another way to sign in is added after a confirmation, and removed again; the last one is not", async () => {
    const page = await signedIn();
    await look(page, "account");
    stage.passTime(11 * MINUTE);

    // Not fresh any more: to the page for confirming, to the provider, and back to what they were doing.
    await page.locator('form[action="/auth/account/link/github"] button').click();
    await page.waitForURL(/\/auth\/step-up\?return_to=/);
    await look(page, "step-up");
    await page.locator('form[action="/auth/step-up/rehearsal"] button').click();
    await atProvider(page);
    await pick(page);
    await account(page, "?add=github");
    await look(page, "add");
    await page.locator("section[aria-labelledby=question] form button").click();
    await atProvider(page);
    await pick(page);
    await account(page, "?linked");
    expect(await page.getByRole("status").innerText()).toContain(texts.account.wasLinked);
    await look(page, "linked");

    // Taken away again: asked first, and left alone by the way out.
    const removeGithub = page.locator("li.row", { hasText: "GitHub" }).locator('a[href*="?remove="]');
    await removeGithub.click();
    await look(page, "remove");
    await page.getByRole("link", { name: texts.account.ask.leave }).click();
    await account(page);
    await removeGithub.click();
    await button(page, texts.account.ask.remove).click();
    await account(page, "?unlinked");
    expect(await page.getByRole("status").innerText()).toContain(texts.account.wasUnlinked);
    expect(await page.locator('a[href*="?remove="]').count()).toBe(0);
    expect(await page.innerText("main")).toContain(texts.account.onlyWay);
    await look(page, "unlinked");
    await page.context().close();
  });

  test("the last way in stays, also where an old tab still shows its button", async () => {
    const page = await signedIn();
    await page.locator('form[action="/auth/account/link/github"] button').click();
    await atProvider(page);
    await pick(page);
    await account(page, "?linked");
    // Two tabs, each about to remove another one of the two accounts.
    const tabs = [page, await page.context().newPage()] as const;
    await tabs[1].goto(`${url()}/auth/account`);
    await tabs[0].locator("li.row", { hasText: "GitHub" }).locator('a[href*="?remove="]').click();
    await tabs[1].locator("li.row", { hasText: "Rehearsal" }).locator('a[href*="?remove="]').click();
    await button(tabs[0], texts.account.ask.remove).click();
    await account(tabs[0], "?unlinked");
    const refused = tabs[1].waitForResponse((response) => response.url().endsWith("/unlink"));
    await button(tabs[1], texts.account.ask.remove).click();
    expect((await refused).status()).toBe(409);
    const { title } = texts.error.codes.last_identity({
      app: "",
      provider: null,
      handle: null,
      minutes: null,
    });
    await expect.poll(() => tabs[1].getByRole("heading", { level: 1 }).innerText()).toBe(plain(title));
    if (PICTURES !== undefined)
      await tabs[1].screenshot({ path: `${PICTURES}/${locale}-${view.colorScheme}-last-identity.png` });
    await page.reload();
    expect(new URL(page.url()).pathname).toBe("/auth/account");
    await page.context().close();
  });

  test("a page that wants a recent sign-in leads there and back; cancelled, it can be tried again", async () => {
    const page = await signedIn();
    await page.goto(`${url()}/payroll/2026?month=11`);
    expect(await page.innerText("h1")).toBe("/payroll/2026");
    stage.passTime(11 * MINUTE);
    await page.goto(`${url()}/payroll/2026?month=11`);
    expect(new URL(page.url()).pathname).toBe("/auth/step-up");
    await page.locator('form[action="/auth/step-up/rehearsal"] button').click();
    await atProvider(page);
    await page.locator("button[name=decision][value=cancel]").click();
    await page.waitForURL(`${url()}/auth/callback/**`);
    await look(page, "step-up-cancelled");
    // Still signed in, and the button of the page leads to where they were.
    await page.locator("main form button.primary, main a.button.primary").first().click();
    if (new URL(page.url()).pathname === "/auth/step-up")
      await page.locator('form[action="/auth/step-up/rehearsal"] button').click();
    await atProvider(page);
    await pick(page);
    await page.waitForURL(`${url()}/payroll/2026?month=11`);
    await page.context().close();
  });

  test("cancelled at the provider, no account is added", async () => {
    const page = await signedIn();
    await page.locator('form[action="/auth/account/link/github"] button').click();
    await atProvider(page);
    await page.locator("button[name=decision][value=cancel]").click();
    await page.waitForURL(`${url()}/auth/callback/**`);
    await look(page, "link-cancelled");
    await page.goto(`${url()}/auth/account`);
    expect(await page.innerText("main")).toContain(texts.account.onlyWay);
    await page.context().close();
  });

  test("sign out everywhere: this tab, the other one, the other device, and the provider", async () => {
    const [page, phone] = [await signedIn(), await signedIn()];
    const tab = await page.context().newPage();
    await tab.goto(`${url()}/orders`);
    await page.reload();
    const ended = stage.rehearsal.requests.logout;
    await button(page, texts.account.signOutEverywhere).click();
    await page.getByText(plain(texts.signedOut.alsoSignedOutAt("Rehearsal"))).waitFor();
    expect(page.url()).toBe(`${url()}/auth/signed-out`);
    const said = plain(texts.signedOut.sentenceEverywhere(locale === "en" ? "Back Office" : "后台"));
    expect(plain(await page.innerText("main"))).toContain(said);
    expect(stage.rehearsal.requests.logout).toBe(ended + 1);
    await look(page, "everywhere");

    await tab.goto(`${url()}/orders`);
    await phone.goto(`${url()}/orders`);
    for (const there of [tab, phone]) expect(new URL(there.url()).pathname).toBe("/auth/sign-in");
    // No silent way back: the page waits for a press, and the provider asks who it is.
    await page.getByRole("link", { name: texts.signedOut.signInAgain }).click();
    expect(new URL(page.url()).pathname).toBe("/auth/sign-in");
    await page.context().close();
    await phone.context().close();
  });
});
