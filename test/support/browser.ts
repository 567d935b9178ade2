import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page, type Response } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "./chromium.ts";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const ACCESSIBILITY_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts a headless Chromium with an empty profile; the caller closes it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error("No Chromium found. Install one, or set CHROMIUM_PATH to its program.");
  }
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

export interface PageSettings {
  /** Default `en`. */
  readonly locale?: "en" | "zh-CN";
  /** Default `light`. */
  readonly colorScheme?: "light" | "dark";
  /** CSS pixels. Default 1280. */
  readonly width?: number;
  /** Default true. */
  readonly javaScript?: boolean;
  /** Default false. True: a certificate that nobody vouches for will do. */
  readonly anyCertificate?: boolean;
}

/** Opens a page in a context of its own (no cookies of others) and watches it for {@link expectCleanPage}. */
export async function newPage(browser: Browser, settings: PageSettings = {}): Promise<Page> {
  const { locale = "en", colorScheme = "light", width = 1280 } = settings;
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: { width, height: 800 },
    javaScriptEnabled: settings.javaScript ?? true,
    ignoreHTTPSErrors: settings.anyCertificate ?? false,
    bypassCSP: false,
  });
  const page = await context.newPage();
  await watch(page);
  return page;
}

/** Fails when the page has logged an error, broken its content security policy, or missed a request. */
export async function expectCleanPage(page: Page): Promise<void> {
  // One round trip: whatever the page reported before it is here when it has answered.
  await page.evaluate("0").catch(() => undefined);
  expectNone(troublesOf(page), `Troubles of ${page.url()}`);
}

/** Fails with rule, element and advice when axe finds an accessibility violation (WCAG 2.2 AA and best practice). */
export async function expectAxeClean(page: Page): Promise<void> {
  // Otherwise a page is opened each time to put frames together, of which ours have none.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).withTags(ACCESSIBILITY_TAGS);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}\n  at ${target.join(" ")}\n  ${failureSummary ?? ""}`,
    ),
  );
  expectNone(found, `Accessibility of ${page.url()}`);
}

/** The finds stand in the message, because the assertion itself would cut them short. */
function expectNone(finds: readonly string[], about: string): void {
  expect(finds, [about, ...finds].join("\n")).toEqual([]);
}

interface Watched {
  readonly troubles: { readonly text: string; readonly url: string | null }[];
  /** Addresses of documents shown: Chromium logs an error for a 4xx document, which for an error page is right. */
  readonly documents: Set<string>;
}

const watchedPages = new WeakMap<Page, Watched>();

async function watch(page: Page): Promise<void> {
  const watched: Watched = { troubles: [], documents: new Set() };
  watchedPages.set(page, watched);
  const report = (text: string, url: string | null = null) => watched.troubles.push({ text, url });

  page.on("response", (response) => {
    if (isDocument(page, response)) watched.documents.add(response.url());
  });
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const failedLoad = message.text().startsWith("Failed to load resource");
    report(
      `console: ${message.text()} (${message.location().url})`,
      failedLoad ? message.location().url : null,
    );
  });
  page.on("pageerror", (error) => report(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    report(`request: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ""}`);
  });
  await page.exposeFunction("reportPolicyViolation", (text: string) => report(`policy: ${text}`));
  // A string, since it runs in the page: over the debugging protocol, so the page's own policy does not stop it.
  await page.addInitScript(`document.addEventListener("securitypolicyviolation", (event) => {
    reportPolicyViolation(event.effectiveDirective + " blocks " + event.blockedURI + " in " + event.documentURI);
  });`);
}

function isDocument(page: Page, response: Response): boolean {
  const request = response.request();
  return request.isNavigationRequest() && request.frame() === page.mainFrame();
}

function troublesOf(page: Page): readonly string[] {
  const watched = watchedPages.get(page);
  if (watched === undefined) throw new Error("This page was not opened with newPage().");
  return watched.troubles
    .filter(({ url }) => url === null || !watched.documents.has(url))
    .map(({ text }) => text);
}
