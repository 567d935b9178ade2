/**
 * Renders every page state for looking at: `npx node test/support/look-at-pages.ts <folder> [part of a name]` writes
 * the documents, takes a picture of each in both languages, both themes and two widths, and prints what axe finds.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium } from "playwright-core";
import { LOCALES, type Locale } from "../../src/i18n/locale.ts";
import { stylesheet } from "../../src/pages/assets.ts";
import type { Theme } from "../../src/pages/page-context.ts";
import { pageStates } from "./page-states.ts";

const CHROMIUM_ARGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const WIDTHS = [360, 1280] as const;
const THEMES = ["light", "dark"] as const satisfies readonly Theme[];

const [folder = "screenshots", only = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const documents = render();
const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const isStyle = path === stylesheet.path("/auth");
  response.writeHead(200, {
    "content-type": isStyle ? stylesheet.contentType : "text/html; charset=utf-8",
    "content-security-policy": POLICY,
  });
  response.end(isStyle ? stylesheet.body : (documents.get(path.slice(1)) ?? ""));
}).listen(0, "127.0.0.1");
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: CHROMIUM_ARGS.split(" "),
});
let problems = 0;
for (const name of documents.keys()) problems += await look(browser, name);
await browser.close();
server.close();
console.log(`${documents.size} pages, ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;

/** Writes every document; beside them lies the style sheet, so that they open from the folder too. */
function render(): ReadonlyMap<string, string> {
  writeFileSync(join(folder, stylesheet.name), stylesheet.body);
  const found = new Map<string, string>();
  for (const locale of LOCALES) {
    for (const theme of THEMES) {
      for (const { name, html } of pageStates(locale, theme).filter((state) => state.name.includes(only))) {
        const file = `${name}.${locale}.${theme}`;
        writeFileSync(
          join(folder, `${file}.html`),
          html.replaceAll(stylesheet.path("/auth"), stylesheet.name),
        );
        // A page that goes on by itself has to stay while it is looked at.
        found.set(file, html.replace(/<meta http-equiv="refresh"[^>]*>/i, ""));
      }
    }
  }
  return found;
}

/** Takes the pictures of one document. Answers how many problems axe, the policy and the width found. */
async function look(browser: Browser, name: string): Promise<number> {
  const { port } = server.address() as AddressInfo;
  const [, locale] = name.split(".") as [string, Locale];
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  const found: string[] = [];
  page.on("console", (message) => found.push(`console: ${message.text()}`));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
    await page.goto(`http://127.0.0.1:${port}/${name}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) found.push(`axe at ${width}: ${id} ${nodes[0]?.html}`);
    const scrollWidth = await page.locator("html").evaluate((element) => element.scrollWidth);
    if (scrollWidth > width) found.push(`wider than ${width}: ${scrollWidth}`);
    await page.screenshot({ path: join(folder, `${name}.${width}.png`), fullPage: true });
  }
  await context.close();
  for (const problem of found) console.log(`${name}: ${problem}`);
  return found.length;
}
