import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Demo, startDemo } from "../../src/rehearsal/start-demo.ts";
import { launchBrowser } from "../support/browser.ts";
import { copyExample, type ExampleProcess, runExample } from "../support/example-process.ts";
import { freePort } from "../support/free-port.ts";
import { type PackedPackage, packPackage } from "../support/packed-package.ts";

const MINUTE = 60_000;

let browser: Browser;
let packed: PackedPackage;
let example: string;
beforeAll(async () => {
  browser = await launchBrowser();
  packed = await packPackage(["react", "react-dom", "scheduler", "rolldown"]);
  await writeFile(join(packed.project, "package.json"), JSON.stringify({ type: "module" }));
  example = await copyExample(packed, "react-spa");
});
afterAll(async () => {
  await browser?.close();
  await packed?.remove();
});

// Chromium leads every name below localhost to this machine, and takes what stands before it for a domain of its own.
describe.each([
  ["on another port", "localhost", "localhost"],
  ["on a sibling host", "app.demo.localhost", "admin.demo.localhost"],
])("the React example, %s", (_, frontHost, officeHost) => {
  const folder = mkdtempSync(join(tmpdir(), "postern-spa-"));
  let demo: Demo;
  let programs: readonly ExampleProcess[] = [];
  let frontEnd: string;
  let office: string;
  let api: string;

  beforeAll(async () => {
    const [frontPort, officePort, apiPort] = [await freePort(), await freePort(), await freePort()];
    frontEnd = `http://${frontHost}:${frontPort}`;
    office = `http://${officeHost}:${officePort}`;
    api = `http://localhost:${apiPort}`;
    demo = await startDemo({
      port: officePort,
      rehearsalPort: 0,
      env: {
        DATABASE_URL: `file:${join(folder, "demo.db")}`,
        POSTERN_SECRET: "a-secret-for-tests-0123456789-abcdefgh",
        POSTERN_PUBLIC_URL: office,
        DEMO_ALLOWED_ORIGIN: frontEnd,
      },
    });
    programs = [
      await runExample(example, "app.ts", { PORT: String(frontPort), BACK_OFFICE: office, API: api }),
      await runExample(example, "api.ts", {
        PORT: String(apiPort),
        FRONT_END: frontEnd,
        ISSUER: `${office}/auth`,
        // Node asks the system for names, which may not know those below localhost.
        JWKS_URL: `http://127.0.0.1:${officePort}/auth/.well-known/jwks.json`,
      }),
    ];
  });
  afterAll(async () => {
    for (const program of programs) await program.close();
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
  const press = (page: Page, name: string) => page.getByRole("button", { name }).click();
  const answer = async (page: Page, button: string, until: string) => {
    await press(page, button);
    await page.locator("output", { hasText: until }).waitFor();
  };
  const open = async (context: BrowserContext, requests: string[] = []) => {
    const page = await context.newPage();
    page.on("request", (request: Request) => {
      const { origin, pathname } = new URL(request.url());
      if (origin === office) requests.push(`${request.method()} ${pathname}`);
    });
    await page.goto(frontEnd);
    return page;
  };
  const signIn = async (page: Page, persona: string) => {
    await heading(page, "You are not signed in");
    await press(page, "Sign in");
    expect(await page.innerText("main")).toContain(`You will return to ${new URL(frontEnd).host}`);
    await press(page, "Continue with Rehearsal");
    await page.locator(`button[name=persona][value=${persona}]`).click();
    await page.waitForURL(`${frontEnd}/`);
  };

  test("signs in, calls both services, refreshes its token, and signs out in two tabs at once", async () => {
    const context = await browser.newContext({ locale: "en" });
    const [asked, askedByOther] = [[] as string[], [] as string[]];
    const page = await open(context, asked);
    await signIn(page, "ada");
    await heading(page, "Hello, Ada Marsh");

    // The back office by its cookie, the other service by a token that is asked for once.
    await answer(page, "Ask the back office", "ada@demo.example");
    await answer(page, "Ask the orders service", "Teapot");
    await answer(page, "Ask the back office", "ada@demo.example");
    await answer(page, "Ask the orders service", "Teapot");
    const tokens = () => asked.filter((request) => request === "POST /auth/token").length;
    expect(tokens()).toBe(1);
    await page.clock.setSystemTime(Date.now() + 5 * MINUTE);
    await answer(page, "Ask the back office", "ada@demo.example");
    await answer(page, "Ask the orders service", "Teapot");
    expect(tokens()).toBe(2);

    // Nothing of it is left where a script of tomorrow could find it.
    expect(await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")).toBe(
      '[{},{},""]',
    );

    const other = await open(context, askedByOther);
    await heading(other, "Hello, Ada Marsh");
    const before = askedByOther.length;
    await press(page, "Sign out");
    await heading(other, "You are not signed in");
    // It was told; it did not have to ask.
    expect(askedByOther.slice(before)).toEqual([]);
    // The tab with the button goes on to the provider, which ends its own session, and finds its way back.
    await page.waitForURL(`${office}/auth/signed-out`);
    await page.getByRole("link", { name: `Back to ${new URL(frontEnd).host}` }).click();
    await heading(page, "You are not signed in");

    // And a sign-in in one is a sign-in in the other.
    await signIn(other, "bo");
    await heading(other, "Hello, Bo Lund");
    await heading(page, "Hello, Bo Lund");
    await context.close();
  });

  test("learns from its next call that the session was ended elsewhere", async () => {
    const context = await browser.newContext({ locale: "en" });
    const page = await open(context);
    await signIn(page, "grace");
    await heading(page, "Hello, Grace Holm");
    await context.clearCookies();
    await press(page, "Ask the back office");
    await heading(page, "You are not signed in");
    await context.close();
  });
});
