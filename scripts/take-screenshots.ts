/** Takes the pictures of the READMEs from the running demo: `node --run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDemo } from "../src/rehearsal/start-demo.ts";
import { launchBrowser, newPage } from "../test/support/browser.ts";

const IMAGES = join(import.meta.dirname, "../docs/images");

const folder = mkdtempSync(join(tmpdir(), "postern-screenshots-"));
const env = {
  DATABASE_URL: `file:${join(folder, "demo.db")}`,
  POSTERN_SECRET: "a-secret-for-screenshots-0123456789-abcdefgh",
};
const demo = await startDemo({ port: 0, rehearsalPort: 0, env });
const browser = await launchBrowser();
mkdirSync(IMAGES, { recursive: true });
try {
  for (const locale of ["en", "zh-CN"] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      const suffix = `${locale === "zh-CN" ? "-zh" : ""}-${colorScheme}.png`;
      const page = await newPage(browser, { locale, colorScheme, width: 960 });
      await page.setViewportSize({ width: 960, height: 560 });
      await page.goto(`${demo.url}/orders`);
      await page.screenshot({ path: join(IMAGES, `sign-in${suffix}`) });
      await page.locator("form button.way").first().click();
      await page.locator("button[name=persona][value=ada]").click();
      await page.goto(`${demo.url}/auth/account`);
      await page.screenshot({ path: join(IMAGES, `account${suffix}`), fullPage: true });
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
}
