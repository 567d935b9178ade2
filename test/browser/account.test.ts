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
/** A folder for pictures of every step, for looking at; none unless asked for. */
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

interface View extends Required<Omit<PageSettings, "anyCertificate">> {
  /** Who uses it: one for each, since each changes their own account. */
  readonly persona: string;
  readonly name: string;
}

const DESK_EN: View = {
  locale: "en",
  colorScheme: "light",
  width: 1280,
  javaScript: true,
  persona: "bo",
  name: "Bo Lund",
};
const PHONE_ZH: View = {
  locale: "zh-CN",
  colorScheme: "dark",
  width: 360,
  javaScript: true,
  persona: "grace",
  name: "Grace Holm",
};
const PHONE_EN: View = {
  locale: "en",
  colorScheme: "dark",
  width: 360,
  javaScript: false,
  persona: "ada",
  name: "Ada Marsh",
};
const DESK_ZH: View = {
  locale: "zh-CN",
  colorScheme: "light",
  width: 1280,
  javaScript: false,
  persona: "liwei",
  name: "李伟",
};
/** How a view is told; two that differ in everything show each language, theme and width once. */
const NAMED = "$locale, $colorScheme, $width px, JavaScript $javaScript";

describe.each([DESK_EN, PHONE_ZH, PHONE_EN, DESK_ZH])(`ways to sign in: ${NAMED}`, (view) => {
  const { texts, page: at, button, look, signedIn, pick } = visitor(view);

  test("one is added after a confirmation and removed again; the last one is not", async () => {
    const page = await signedIn();
    await look(page, "account");
    stage.passTime(11 * MINUTE);

    // Not fresh any more: to the page for confirming, to the provider, and back to what they were doing.
    await press(page, "/auth/account/link/github");
    await page.waitForURL(at("/auth/step-up?return_to=%2Fauth%2Faccount%3Fadd%3Dgithub"));
    await look(page, "step-up");
    await press(page, "/auth/step-up/rehearsal");
    await pick(page);
    await page.waitForURL(at("/auth/account?add=github"));
    await look(page, "add");
    await page.locator("section[aria-labelledby=question] form button").click();
    await pick(page);
    await page.waitForURL(at("/auth/account?linked"));
    expect(await page.getByRole("status").innerText()).toContain(texts.account.wasLinked);
    await look(page, "linked");

    // Asked first, and left alone by the way out.
    await removeLink(page, "GitHub").click();
    await look(page, "remove");
    await page.getByRole("link", { name: texts.account.ask.leave }).click();
    await page.waitForURL(at("/auth/account"));
    await removeLink(page, "GitHub").click();

    // Meanwhile another tab has removed the other one: what is left there is the last, whatever this tab still shows.
    const tab = await page.context().newPage();
    await tab.goto(at("/auth/account"));
    await removeLink(tab, "Rehearsal").click();
    await button(page, texts.account.ask.remove).click();
    await page.waitForURL(at("/auth/account?unlinked"));
    expect(await page.getByRole("status").innerText()).toContain(texts.account.wasUnlinked);
    expect(await page.locator('a[href*="?remove="]').count()).toBe(0);
    expect(await page.innerText("main")).toContain(texts.account.onlyWay);
    await look(page, "unlinked");

    const refused = tab.waitForResponse((response) => response.request().method() === "POST");
    await button(tab, texts.account.ask.remove).click();
    expect((await refused).status()).toBe(409);
    const { title, action } = texts.error.codes.last_identity(UNKNOWN);
    await tab.getByRole("heading", { level: 1, name: plain(title) }).waitFor();
    await picture(tab, view, "last-identity");
    await tab.getByRole("link", { name: action }).click();
    await tab.waitForURL(at("/auth/account"));
    await page.context().close();
  });
});

describe.each([DESK_EN, DESK_ZH])(`cancelled at the provider: ${NAMED}`, (view) => {
  const { texts, page: at, look, signedIn, pick, cancel } = visitor(view);
  const stillIn = plain(texts.error.stillSignedInAs(view.name));

  test("a confirmation can be tried again, and leads to where they were", async () => {
    const page = await signedIn();
    await page.goto(at("/payroll/2026?month=11"));
    expect(await page.innerText("h1")).toBe("/payroll/2026");
    stage.passTime(11 * MINUTE);
    await page.goto(at("/payroll/2026?month=11"));
    expect(new URL(page.url()).pathname).toBe("/auth/step-up");
    await press(page, "/auth/step-up/rehearsal");
    await cancel(page);
    expect(plain(await page.innerText("main"))).toContain(stillIn);
    await look(page, "step-up-cancelled");

    // What the page says is so: they are still signed in, and find another way to confirm.
    await page.getByRole("link", { name: texts.error.otherWays["step-up"] }).click();
    await page.waitForURL(at("/auth/step-up?return_to=%2Fpayroll%2F2026%3Fmonth%3D11"));
    await press(page, "/auth/step-up/rehearsal");
    await cancel(page);
    await page.getByRole("link", { name: texts.error.otherWays.link }).click();
    await page.waitForURL(at("/auth/account"));
    await page.goto(at("/payroll/2026?month=11"));
    await press(page, "/auth/step-up/rehearsal");
    await cancel(page);
    // And from the page itself back to the provider, and to where they were.
    await page.locator("main form button.primary").click();
    await pick(page);
    await page.waitForURL(at("/payroll/2026?month=11"));
    await page.context().close();
  });

  test("no account is added, and nothing else has changed", async () => {
    const page = await signedIn();
    await press(page, "/auth/account/link/github");
    await cancel(page);
    expect(plain(await page.innerText("main"))).toContain(stillIn);
    await look(page, "link-cancelled");
    await page.getByRole("link", { name: texts.error.otherWays.link }).click();
    await page.waitForURL(at("/auth/account"));
    expect(await page.innerText("main")).toContain(texts.account.onlyWay);
    await page.context().close();
  });
});

describe.each([PHONE_ZH, PHONE_EN])(`sign out everywhere: ${NAMED}`, (view) => {
  const { texts, page: at, button, look, signedIn } = visitor(view);

  test("this tab, the other one, the other device, and the provider", async () => {
    const [page, phone] = [await signedIn(), await signedIn()];
    const tab = await page.context().newPage();
    await tab.goto(at("/orders"));
    await page.reload();
    const ended = stage.rehearsal.requests.logout;
    await button(page, texts.account.signOutEverywhere).click();
    await page.getByText(plain(texts.signedOut.alsoSignedOutAt("Rehearsal"))).waitFor();
    expect(page.url()).toBe(at("/auth/signed-out"));
    const said = plain(await page.innerText("main"));
    expect(said).toContain(plain(texts.signedOut.sentenceEverywhere(stageName(view))));
    expect(stage.rehearsal.requests.logout).toBe(ended + 1);
    await look(page, "everywhere");

    await tab.goto(at("/orders"));
    await phone.goto(at("/orders"));
    for (const there of [tab, phone]) expect(new URL(there.url()).pathname).toBe("/auth/sign-in");
    // No silent way back: the page waits for a press.
    await page.getByRole("link", { name: texts.signedOut.signInAgain }).click();
    await page.waitForURL(at("/auth/sign-in"));
    await page.context().close();
    await phone.context().close();
  });
});

const UNKNOWN = { app: "", provider: null, handle: null, minutes: null };

/** What the back office is called when nobody has named it. */
function stageName({ locale }: View): string {
  return locale === "en" ? "Back Office" : "后台";
}

/** What somebody with such a browser does and sees. */
function visitor(view: View) {
  const { locale, width, javaScript, persona } = view;
  const at = (path: string) => `${stage.office.url}${path}`;
  const there = (page: Page) => page.waitForURL(`${stage.rehearsal.url}/**`);
  const pick = async (page: Page) => {
    await there(page);
    await page.locator(`button[name=persona][value=${persona}]`).click();
  };
  return {
    texts: messages(locale),
    /** The address of a path of the back office. */
    page: at,
    button: (page: Page, name: string) => page.getByRole("button", { name, exact: true }),
    pick,
    async cancel(page: Page): Promise<void> {
      await there(page);
      await page.locator("button[name=decision][value=cancel]").click();
      await page.waitForURL(at("/auth/callback/**"));
    },
    /** In a browser of its own. */
    async signedIn(): Promise<Page> {
      const page = await newPage(browser, view);
      await page.goto(at("/auth/account"));
      await press(page, "/auth/sign-in/rehearsal");
      await pick(page);
      await page.waitForURL(at("/auth/account"));
      return page;
    },
    /** The page is in the right language, fits, and axe and the policy have nothing against it. */
    async look(page: Page, name: string): Promise<void> {
      const html = page.locator("html");
      expect(await html.getAttribute("lang")).toBe(locale);
      expect(await html.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      if (javaScript) await expectAxeClean(page);
      await expectCleanPage(page);
      await picture(page, view, name);
    },
  };
}

function press(page: Page, action: string): Promise<void> {
  return page.locator(`form[action="${action}"] button`).click();
}

function removeLink(page: Page, provider: string) {
  return page.locator("li.row", { hasText: provider }).locator('a[href*="?remove="]');
}

/** Marks that keep the direction of names apart are not part of what is read. */
function plain(text: Phrase | string): string {
  return (typeof text === "string" ? text : plainText(text)).replace(/[\u2066-\u2069]/g, "");
}

async function picture(page: Page, { locale, colorScheme, width }: View, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await page.screenshot({
    path: `${PICTURES}/${locale}-${colorScheme}-${width}-${name}.png`,
    fullPage: true,
  });
}
