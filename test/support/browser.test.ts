import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAxeClean, expectCleanPage, launchBrowser, newPage } from "./browser.ts";

const document = (body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,"></head>` +
  `<body><main><h1>Page</h1>${body}</main></body></html>`;

const PAGES: Readonly<
  Record<string, { readonly status?: number; readonly policy?: string; readonly body: string }>
> = {
  "/clean": { body: "<p>Nothing wrong.</p>", policy: "default-src 'self'; img-src data:" },
  "/error": { status: 403, body: "<p>Not allowed.</p>", policy: "default-src 'self'; img-src data:" },
  "/inline-script": { body: "<script>1</script>", policy: "default-src 'self'; img-src data:" },
  "/logs": { body: "<script>console.error('broken')</script>" },
  "/throws": { body: "<script>throw new Error('thrown')</script>" },
  "/missing-picture": { body: '<img src="/nowhere.png" alt="">' },
  "/no-alternative-text": { body: '<img src="data:," >' },
};

let server: Server;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const page = PAGES[request.url ?? ""];
    response.statusCode = page === undefined ? 404 : (page.status ?? 200);
    response.setHeader("content-type", "text/html");
    if (page?.policy !== undefined) response.setHeader("content-security-policy", page.policy);
    response.end(page === undefined ? "" : document(page.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(path: string, settings = {}) {
  const page = await newPage(browser, settings);
  await page.goto(origin + path);
  return page;
}

describe("expectCleanPage", () => {
  test("passes a page without trouble, and an error page that is shown as one", async () => {
    await expectCleanPage(await open("/clean"));
    await expectCleanPage(await open("/error"));
    await expectCleanPage(await open("/clean", { javaScript: false }));
  });

  test.each([
    ["/inline-script", /policy: script-src-elem blocks inline/],
    ["/logs", /console: broken/],
    ["/throws", /uncaught: thrown/],
    ["/missing-picture", /Failed to load resource.*nowhere\.png/],
  ])("fails %s", async (path, expected) => {
    await expect(expectCleanPage(await open(path))).rejects.toThrow(expected);
  });
});

describe("expectAxeClean", () => {
  test("passes an accessible page under a strict policy and in another language setting", async () => {
    await expectAxeClean(await open("/clean", { locale: "zh-CN", colorScheme: "dark", width: 360 }));
  });

  test("names the rule that a page breaks", async () => {
    await expect(expectAxeClean(await open("/no-alternative-text"))).rejects.toThrow(/image-alt/);
  });
});

test("newPage tells the site the language, the colour scheme and the width", async () => {
  const page = await open("/clean", { locale: "zh-CN", colorScheme: "dark", width: 360 });
  const seen = await page.evaluate(
    "[navigator.language, matchMedia('(prefers-color-scheme: dark)').matches, innerWidth]",
  );
  expect(seen).toEqual(["zh-CN", true, 360]);
});
