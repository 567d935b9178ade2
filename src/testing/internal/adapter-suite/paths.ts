import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { browserFetch } from "../../browser-fetch.ts";
import { Person } from "../../person.ts";
import { type OpenStage, type Stage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about whose a path is. */
export function pathPromises(open: OpenStage): void {
  describe("paths", () => {
    const stage = staged(open);

    test("below the mount are answered by Postern, known or not", async () => {
      const person = new Person(stage().url);
      const unknown = await person.request("/auth/nowhere");
      expect([unknown.status, unknown.headers.get("cache-control")]).toEqual([404, "no-store"]);
      const wrongMethod = await person.request("/auth/sign-out", { api: true });
      expect([wrongMethod.status, wrongMethod.headers.get("allow")]).toEqual([405, "POST"]);
      expect((await person.request("/auth")).headers.get("location")).toBe("/auth/account");
      const head = await person.request("/auth/sign-in", { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    });

    test("beside the mount are the application's, body and all", async () => {
      const person = new Person(stage().url);
      expect(await (await person.request("/authentic")).text()).toBe("GET ");
      const body = "x".repeat(200_000);
      expect(await (await person.request("/authentic", { method: "POST", body })).text()).toBe(
        `POST ${body}`,
      );
    });

    test("that only look as if they were below the mount are the application's, body and all", async () => {
      const answer = await browserFetch(stage().url, {
        method: "POST",
        target: "/auth/../authentic",
        headers: { "content-type": "text/plain" },
        body: "left alone",
      });
      // Frameworks differ in whether they resolve the dots; none of them may hang or find the body gone.
      if (answer.status === 200) expect(await answer.text()).toBe("POST left alone");
      else expect(answer.status).toBe(401);
    });

    test("in absolute form are the same paths", async () => {
      const session = await browserFetch(stage().url, { target: "http://evil.example/auth/session" });
      expect(session.status).toBe(401);
      expect(await session.json()).toMatchObject({ signInUrl: `${stage().url}/auth/sign-in` });
    });

    test("with two slashes lead to no other host", async () => {
      for (const target of ["//evil.example/orders", "//evil.example/auth/sign-in", "//auth/session"]) {
        const answer = await browserFetch(stage().url, { target, headers: { accept: "text/html" } });
        expect([target, answer.status]).toEqual([target, 303]);
        expect(answer.headers.get("location")).toBe("/auth/sign-in");
      }
    });

    test("with credentials in front of a host are refused like any other", async () => {
      const kit = await signedIn(stage(), "kit");
      const id = (await kit.session())?.user.id ?? "";
      // Frameworks differ in which route they see there; without a role, none of them lets anybody in.
      await stage().door.users.revoke(id, "member", "suite");
      for (const target of ["//a:b@c/admin", "http://a:b@c/admin"]) {
        const answer = await kit.request("/admin", { target });
        expect([target, answer.status]).toEqual([target, 403]);
        expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      }
    });

    test("are the same whatever Host and X-Forwarded-* headers claim", async () => {
      const headers = {
        host: "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil",
        forwarded: "host=evil.example;proto=https",
      };
      const person = new Person(stage().url);
      const session = await person.request("/auth/session", { api: true, headers });
      expect(await session.json()).toMatchObject({ signInUrl: `${stage().url}/auth/sign-in` });
      const guarded = await person.request("/orders", { headers });
      expect(guarded.headers.get("location")).toBe("/auth/sign-in?return_to=%2Forders");

      const origin = stage().url;
      const started = await person.post("/auth/sign-in/rehearsal", {}, { ...headers, origin });
      const authorize = new URL(started.headers.get("location") ?? "");
      expect(authorize.searchParams.get("redirect_uri")).toBe(`${origin}/auth/callback/rehearsal`);
      expect(started.headers.getSetCookie().filter((cookie) => /secure/i.test(cookie))).toEqual([]);
    });

    test("do not echo TRACE", async () => {
      const secret = { cookie: "postern=not-to-be-seen" };
      const ours = await browserFetch(`${stage().url}/auth/session`, { method: "TRACE", headers: secret });
      expect([ours.status, ours.headers.get("allow")]).toEqual([405, "GET"]);
      expect(await ours.text()).not.toContain("not-to-be-seen");
    });

    test("take a cookie that comes in two header lines", async () => {
      const grace = await signedIn(stage(), "grace");
      const lines = [`Cookie: other=1`, `Cookie: ${grace.jar.header()}`];
      const answer = await exchange(stage(), ["GET /auth/session HTTP/1.1", ...lines]);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain("grace@demo.example");
    });
  });
}

/** Sends header lines as they are and answers everything that comes back. */
async function exchange(stage: Stage, lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(stage.url).port), "127.0.0.1");
  socket.end([...lines, "Host: localhost", "Connection: close", "", ""].join("\r\n"));
  return text(socket);
}
