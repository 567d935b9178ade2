import type { Browser, Cookie, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apple } from "../../src/providers/apple.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/index.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { expectCleanPage, launchBrowser, newPage } from "../support/browser.ts";
import { type HttpsFront, startHttpsFront } from "../support/https-front.ts";

const CLIENT_ID = "com.example.web";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A back office whose only provider posts people back, at `publicUrl` when that is not its own address. */
async function openOffice(rehearsal: Rehearsal, publicUrl?: string): Promise<BackOffice> {
  const provider = apple({
    clientId: CLIENT_ID,
    teamId: "TEAM123456",
    keyId: "KEY1234567",
    privateKey: (await rehearsal.applicationKeys.ec()).privateKey,
    baseUrl: rehearsal.lookAlikes["form-post"],
  });
  return startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: {
      providers: [provider],
      owners: [],
      access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
  });
}

async function toProvider(page: Page, site: string, rehearsal: Rehearsal): Promise<void> {
  await page.goto(`${site}/orders`);
  await page.getByRole("button", { name: "Continue with Apple" }).click();
  await page.waitForURL(`${rehearsal.url}/**`);
}

function pick(page: Page, persona: string): Promise<void> {
  return page.locator(`button[name=persona][value=${persona}]`).click();
}

/** The method and the status of the answer to the next callback. */
async function nextCallback(page: Page): Promise<readonly [method: string, status: number]> {
  const answer = await page.waitForResponse((response) => response.url().includes("/auth/callback/"));
  return [answer.request().method(), answer.status()];
}

async function cookieOf(page: Page, site: string, name: RegExp): Promise<Cookie | undefined> {
  return (await page.context().cookies(site)).find((cookie) => name.test(cookie.name));
}

// A site is a scheme and a registrable domain; the port is no part of it. So two servers on http://localhost are one
// site, the posted callback is no cross-site request, and a Lax cookie comes along. It must do so: a browser takes no
// `SameSite=None` without `Secure`. Whether the cookie survives a post from another site can be seen over https only.
describe("a callback that is posted, on http://localhost", () => {
  let rehearsal: Rehearsal;
  let office: BackOffice;
  beforeAll(async () => {
    rehearsal = await startRehearsal();
    office = await openOffice(rehearsal);
  });
  afterAll(async () => {
    await office.close();
    await rehearsal.close();
  });

  test("signs in, with a cookie that is Lax", async () => {
    const page = await newPage(browser);
    await toProvider(page, office.url, rehearsal);
    expect(await cookieOf(page, office.url, /^postern-tx-/)).toMatchObject({
      sameSite: "Lax",
      secure: false,
      httpOnly: true,
    });
    const callback = nextCallback(page);
    await pick(page, "bo");
    expect(await callback).toEqual(["POST", 303]);
    await page.waitForURL(`${office.url}/orders`);
    expect(await page.innerText("body")).toContain("Bo Lund");
    await expectCleanPage(page);
    await page.context().close();
  });

  test("without JavaScript the person presses the button of the provider's page", async () => {
    const page = await newPage(browser, { javaScript: false });
    await toProvider(page, office.url, rehearsal);
    await pick(page, "ada");
    await page.locator(`form[action^="${office.url}"] button`).click();
    await page.waitForURL(`${office.url}/orders`);
    expect(await page.innerText("body")).toContain("Ada Marsh");
    await page.context().close();
  });

  test("cancelled, then done after all", async () => {
    const page = await newPage(browser);
    await toProvider(page, office.url, rehearsal);
    const callback = nextCallback(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await callback).toEqual(["POST", 403]);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toMatch(/cancel/i);
    await expectCleanPage(page);
    await page.locator("main form button.primary").click();
    await page.waitForURL(`${rehearsal.url}/**`);
    await pick(page, "bo");
    await page.waitForURL(`${office.url}/orders`);
    await page.context().close();
  });
});

// The provider stays on http://localhost: another scheme and another host, so it is another site in every way.
describe("a callback that is posted from another site, over https", () => {
  let rehearsal: Rehearsal;
  let front: HttpsFront;
  let office: BackOffice;
  beforeAll(async () => {
    front = await startHttpsFront();
    const redirectUris = [`${front.url}/auth/callback/apple`];
    rehearsal = await startRehearsal({ clients: [{ clientId: CLIENT_ID, clientSecret: "", redirectUris }] });
    office = await openOffice(rehearsal, front.url);
    front.leadTo(office.url);
  });
  afterAll(async () => {
    await office.close();
    await rehearsal.close();
    await front.close();
  });

  const open = () => newPage(browser, { anyCertificate: true });

  test("signs in, because the cookie of this attempt alone is SameSite=None; Secure", async () => {
    const page = await open();
    await toProvider(page, front.url, rehearsal);
    const common = { secure: true, httpOnly: true, path: "/" };
    const transaction = await cookieOf(page, front.url, /^__Host-postern-tx-/);
    expect(transaction).toMatchObject({ ...common, sameSite: "None" });
    expect(await cookieOf(page, front.url, /-browser$/)).toMatchObject({ ...common, sameSite: "Lax" });

    const callback = nextCallback(page);
    await pick(page, "bo");
    expect(await callback).toEqual(["POST", 303]);
    await page.waitForURL(`${front.url}/orders`);
    expect(await page.innerText("body")).toContain("Bo Lund");
    expect(await cookieOf(page, front.url, /^__Host-postern$/)).toMatchObject({ ...common, sameSite: "Lax" });
    expect(await cookieOf(page, front.url, /-tx-/)).toBeUndefined();
    await expectCleanPage(page);
    await page.context().close();
  });

  test("the same cookie as Lax would stay behind, and nobody would be signed in", async () => {
    const page = await open();
    await toProvider(page, front.url, rehearsal);
    const transaction = await cookieOf(page, front.url, /-tx-/);
    if (transaction === undefined) throw new Error("there is no cookie of the attempt");
    await page.context().addCookies([{ ...transaction, sameSite: "Lax" }]);
    const callback = nextCallback(page);
    await pick(page, "bo");
    expect(await callback).toEqual(["POST", 400]);
    expect(await cookieOf(page, front.url, /^__Host-postern$/)).toBeUndefined();
    const [event] = await office.door.audit.list({ action: "login.failed", limit: 1 });
    expect(event).toMatchObject({ reason: "state_mismatch", detail: { cause: "not_this_browser" } });
    await page.context().close();
  });

  test("cancelled, then done after all", async () => {
    const page = await open();
    await toProvider(page, front.url, rehearsal);
    const callback = nextCallback(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await callback).toEqual(["POST", 403]);
    await expectCleanPage(page);
    await page.locator("main form button.primary").click();
    await page.waitForURL(`${rehearsal.url}/**`);
    await pick(page, "bo");
    await page.waitForURL(`${front.url}/orders`);
    await page.context().close();
  });

  test("whoever signs in a second time has one session, not two", async () => {
    const page = await open();
    await toProvider(page, front.url, rehearsal);
    await pick(page, "grace");
    await page.waitForURL(`${front.url}/orders`);
    await page.goto(`${front.url}/auth/sign-in?return_to=%2Forders`);
    await page.getByRole("button", { name: "Continue with Apple" }).click();
    await page.waitForURL(`${rehearsal.url}/**`);
    await pick(page, "grace");
    await page.waitForURL(`${front.url}/orders`);
    const [grace] = await office.door.users.find("apple:grace@demo.example");
    const sessions = await office.door.sessions.ofUser(grace?.id ?? "");
    expect(sessions).toHaveLength(1);
    await page.context().close();
  });
});
