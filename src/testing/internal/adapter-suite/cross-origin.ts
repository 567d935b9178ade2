import { describe, expect, test } from "vitest";
import { browserFetch } from "../../browser-fetch.ts";
import { Person } from "../../person.ts";
import { type OpenStage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about front ends on other origins. */
export function crossOriginPromises(open: OpenStage): void {
  describe("a front end on another origin", () => {
    const friend = "https://app.example.com";
    const stage = staged(open, { options: { allowedOrigins: [friend] } });
    const from = (origin: string) => ({ origin, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" });

    test("that is listed reads the session with its cookie", async () => {
      const bo = await signedIn(stage(), "bo");
      const answer = await bo.request("/auth/session", { api: true, headers: from(friend) });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(answer.headers.get("vary")).toContain("Origin");
    });

    test("that is listed may ask first", async () => {
      const headers = { ...from(friend), "access-control-request-method": "GET" };
      const answer = await browserFetch(`${stage().url}/auth/session`, { method: "OPTIONS", headers });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(answer.headers.get("access-control-allow-methods")).toContain("GET");
    });

    test.each(["https://evil.example", "null", "https://app.example.com.evil.example"])(
      "that is not listed reads nothing: %s",
      async (origin) => {
        const bo = await signedIn(stage(), "bo");
        for (const path of ["/auth/session", "/orders", "/nothing-here"]) {
          for (const [method, more] of [
            ["GET", {}],
            ["OPTIONS", {}],
            ["OPTIONS", { "access-control-request-method": "POST" }],
          ] as const) {
            const headers = { ...from(origin), ...more };
            const answer = await bo.request(path, { method, headers, api: true });
            const allowed = [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
            expect(allowed).toEqual([]);
          }
          expect(
            (await bo.request(path, { method: "POST", headers: from(origin), api: true })).status,
          ).not.toBe(200);
        }
      },
    );

    test("asks first at a guarded route, and is not told 401 for bringing no cookie", async () => {
      for (const path of ["/orders", "/nothing-here"]) {
        const headers = {
          ...from(friend),
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,x-postern-request",
        };
        const answer = await browserFetch(stage().url + path, { method: "OPTIONS", headers });
        expect(answer.status).toBe(204);
        expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
        expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
        expect(answer.headers.get("access-control-allow-headers")).toBe("content-type,x-postern-request");
      }
    });

    test("reads what a guarded route answers, and changes something there", async () => {
      const bo = await signedIn(stage(), "bo");
      const read = await bo.request("/orders", { api: true, headers: from(friend) });
      expect(read.status).toBe(200);
      expect(read.headers.get("access-control-allow-origin")).toBe(friend);
      expect(read.headers.get("access-control-allow-credentials")).toBe("true");
      expect(read.headers.get("access-control-expose-headers")).toBe("x-application");
      expect(read.headers.get("vary")).toContain("Origin");

      const headers = { ...from(friend), "content-type": "text/plain" };
      const changed = await bo.request("/orders", { method: "POST", body: "tea", api: true, headers });
      expect([changed.status, changed.headers.get("access-control-allow-origin")]).toEqual([200, friend]);
    });

    test("can read why it was refused, and where to sign in", async () => {
      const stranger = new Person(stage().url);
      const nobody = await stranger.request("/orders", { api: true, headers: from(friend) });
      expect([nobody.status, nobody.headers.get("access-control-allow-origin")]).toEqual([401, friend]);
      const signInUrl = `${stage().url}/auth/sign-in?return_to=${encodeURIComponent(`${friend}/`)}`;
      expect(await nobody.json()).toMatchObject({ signInUrl });
      const bo = await signedIn(stage(), "bo");
      const denied = await bo.request("/admin", { api: true, headers: from(friend) });
      expect([denied.status, denied.headers.get("access-control-allow-origin")]).toEqual([403, friend]);
    });

    test("cannot read our own pages: the doors say for themselves who may", async () => {
      const bo = await signedIn(stage(), "bo");
      const answer = await bo.request("/auth/account", { headers: from(friend) });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    });
  });
}
