import { afterAll, beforeAll, expect, test } from "vitest";
import { createRouter } from "../../src/http/router.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, type BackOfficeOptions, startBackOffice } from "../support/back-office.ts";
import { openTestRuntime } from "../support/open-runtime.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
const opened: BackOffice[] = [];
const open = async (options: BackOfficeOptions["options"] = {}) => {
  const one = await startBackOffice({ rehearsalUrl: rehearsal.url, options });
  opened.push(one);
  return one;
};

beforeAll(async () => {
  rehearsal = await startRehearsal();
  office = await open();
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await rehearsal?.close();
});

/** The technical details of an error page, name → value. */
function detailsOf(page: string): Record<string, string> {
  const pairs = page.matchAll(/<dt>(.*?)<\/dt><dd><code>(.*?)<\/code><\/dd>/gs);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, plainText(value)]));
}
const plainText = (text: string) =>
  text
    .replaceAll(/<\/?bdi>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

test("not_allowed says who arrived and what each rule made of it", async () => {
  const response = await new Person(office.url).signIn("rehearsal", "mallory");
  expect(response.status).toBe(403);
  const page = await response.text();
  const [event] = await office.door.audit.list({ action: "login.failed", limit: 1 });
  const { email, subject, handle } = event?.detail ?? {};
  expect(detailsOf(page)).toEqual({
    reason: "no_rule",
    provider: "rehearsal",
    issuer: rehearsal.url,
    subject,
    handle,
    email,
    emailVerified: "true",
    "access[0]": `allow, does not match: email (wanted grace@demo.example, found ${email})`,
    "access[1]": `allow, does not match: emailDomain (wanted demo.example, found ${email})`,
  });
  expect(page).toMatch(/<details class="technical"\s+open>/);
});

test("no_role shows the rule that lets in without giving a role", async () => {
  const bare = await open({ access: [{ when: { provider: "rehearsal" }, then: "allow", roles: [] }] });
  const page = await (await new Person(bare.url).signIn("rehearsal", "bo")).text();
  expect(detailsOf(page)).toMatchObject({
    reason: "access[0]",
    email: "bo@demo.example",
    "access[0]": "allow, matches: provider (wanted rehearsal, found rehearsal)",
  });
});

test("cross_origin shows both origins, and the log has them under the reference", async () => {
  const person = new Person(office.url);
  const headers = { origin: "http://127.0.0.1:4180", "sec-fetch-site": "cross-site", accept: "text/html" };
  const response = await person.post("/auth/sign-in/rehearsal", {}, headers);
  expect(response.status).toBe(403);
  const page = await response.text();
  expect(detailsOf(page)).toEqual({
    origin: "http://127.0.0.1:4180",
    expected: office.url,
    "sec-fetch-site": "cross-site",
  });
  const reference = /[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}/.exec(page)?.[0] ?? "none";
  const line = office.logged.find((one) => one.includes(reference));
  expect(line).toContain("http://127.0.0.1:4180");
  expect(line).toContain(office.url);
});

test("in production the page of cross_origin tells nothing of it; the log does", async () => {
  const warned: object[] = [];
  const log = { ...SILENT_LOG, warn: (fields: object) => void warned.push(fields) };
  const production = await openTestRuntime({ log });
  const request = new Request("https://admin.example.com/auth/sign-in/github?x=secret", {
    method: "POST",
    headers: { origin: `https://${"e".repeat(300)}.example`, accept: "text/html" },
  });
  const response = await createRouter(production.runtime)(request);
  const page = (await response?.text()) ?? "";
  expect(response?.status).toBe(403);
  expect(page).not.toContain('class="technical"');
  expect(page).not.toContain("eeee");
  const path = "/auth/sign-in/github";
  expect(warned).toEqual([
    {
      reference: expect.any(String),
      path,
      origin: expect.any(String),
      expected: "https://admin.example.com",
    },
  ]);
  expect(JSON.stringify(warned)).not.toContain("e".repeat(201));
  await production.close();
});
