import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserFetch } from "../../src/testing/browser-fetch.ts";
import { Person } from "../../src/testing/person.ts";
import { openSecureStage, PUBLIC_ORIGIN, SecurePerson } from "./secure-stage.ts";
import { allEvents, openStage, type Stage } from "./stage.ts";

/** Everything by which a request can claim to be for, or from, another place. */
const CLAIMS: readonly Record<string, string>[] = [
  { host: "evil.test" },
  { host: "evil.test:443" },
  { host: "admin.example.com@evil.test" },
  { host: "admin.example.com.evil.test" },
  { "x-forwarded-host": "evil.test" },
  { "x-forwarded-host": "admin.example.com, evil.test" },
  { "x-forwarded-proto": "http" },
  { "x-forwarded-proto": "javascript" },
  { "x-forwarded-port": "81" },
  { "x-forwarded-prefix": "//evil.test" },
  { "x-forwarded-server": "evil.test" },
  { "x-forwarded-scheme": "http" },
  { "x-original-url": "https://evil.test/admin" },
  { "x-rewrite-url": "/auth/account" },
  { forwarded: "for=1.2.3.4;host=evil.test;proto=http" },
  { "x-host": "evil.test", "x-real-ip": "1.2.3.4", "front-end-https": "off" },
  { "x-forwarded-uri": "//evil.test", "x-forwarded-method": "POST" },
];

describe.each(["http", "https"])(
  "GHSA-93m4-mfpg-c3xf, CVE-2025-64101: an office at an %s address",
  (scheme) => {
    let stage: Stage;
    let origin: string;
    beforeAll(async () => {
      stage = scheme === "https" ? await openSecureStage() : await openStage();
      origin = scheme === "https" ? PUBLIC_ORIGIN : stage.office.url;
    });
    afterAll(() => stage.close());

    const newPerson = () =>
      scheme === "https" ? new SecurePerson(stage.office.url) : new Person(stage.office.url);

    test.each(CLAIMS)("%j changes neither redirect_uri nor cookies nor Location", async (claim) => {
      const person = newPerson();
      const start = await person.post("/auth/sign-in/rehearsal", { return_to: "/orders" }, claim);
      const authorize = new URL(start.headers.get("location") ?? "");
      expect(authorize.origin).toBe(stage.rehearsal.url);
      expect(authorize.searchParams.get("redirect_uri")).toBe(`${origin}/auth/callback/rehearsal`);

      const back = await person.request(await person.pick(authorize, "bo"), { headers: claim });
      expect(back.headers.get("location")).toBe("/orders");
      const cookies = [...start.headers.getSetCookie(), ...back.headers.getSetCookie()];
      expect(cookies.length).toBeGreaterThanOrEqual(4);
      for (const line of cookies) {
        expect(line).not.toMatch(/domain=/i);
        expect(line.startsWith("__Host-")).toBe(scheme === "https");
        expect(line.includes("; Secure")).toBe(scheme === "https");
      }

      const problem = await browserFetch(`${stage.office.url}/auth/session`, { headers: claim });
      expect(await problem.json()).toMatchObject({ signInUrl: `${origin}/auth/sign-in` });
      const page = await person.request("/auth/account", { headers: claim });
      expect(page.status).toBe(200);
      expect(`${[...page.headers].flat().join("\n")}${await page.text()}`).not.toContain("evil.test");
      const asked = await newPerson().request("/admin", { headers: claim });
      expect(asked.headers.get("location")).toBe("/auth/sign-in?return_to=%2Fadmin");
    });

    test("a Host that says our origin does not make a foreign request ours", async () => {
      const headers = { host: "evil.test", origin: `${new URL(origin).protocol}//evil.test` };
      expect((await newPerson().post("/auth/sign-in/rehearsal", {}, headers)).status).toBe(403);
    });

    test("absolute-form targets are for us, whatever host they name", async () => {
      const target = "http://evil.test/auth/sign-in/rehearsal";
      const headers = {
        origin,
        host: "evil.test",
        "content-type": "application/x-www-form-urlencoded",
      };
      const response = await browserFetch(stage.office.url, { method: "POST", target, headers, body: "" });
      const told = [...response.headers].flat().join("\n");
      expect(response.status).toBeLessThan(500);
      expect(told).not.toContain("evil.test");
    });

    test("CVE-2025-66508: X-Forwarded-For is nobody's address unless a proxy is configured", async () => {
      const person = newPerson();
      const callback = await person.pick(await person.start("rehearsal"), "bo");
      const headers = {
        "x-forwarded-for": "203.0.113.9",
        forwarded: "for=203.0.113.9",
        "x-real-ip": "203.0.113.9",
      };
      await person.request(callback, { headers });
      expect((await allEvents(stage))[0]).toMatchObject({ action: "login.succeeded", address: "127.0.0.1" });
    });
  },
);
