import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, type Stage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about the bodies of requests. */
export function bodyPromises(open: OpenStage): void {
  describe.each([false, true])("bodies, read before by the application: %s", (bodyParserFirst) => {
    const stage = staged(open, { bodyParserFirst });

    test("a form arrives", async () => {
      const person = new Person(stage().url);
      const back = await person.signIn("rehearsal", "bo", { returnTo: "/orders?q=%E8%8C%B6&q=2" });
      expect(back.headers.get("location")).toBe("/orders?q=%E8%8C%B6&q=2");
    });

    test("a field that is given twice arrives twice", async () => {
      const person = new Person(stage().url);
      const body = "return_to=%2Forders&return_to=%2Fadmin";
      const headers = { "content-type": "application/x-www-form-urlencoded", origin: stage().url };
      const started = await person.request("/auth/sign-in/rehearsal", { method: "POST", headers, body });
      const callback = await person.pick(new URL(started.headers.get("location") ?? ""), "bo");
      expect((await person.request(callback)).headers.get("location")).toBe("/");
    });

    test("no body at all is an empty form", async () => {
      const person = new Person(stage().url);
      const started = await person.request("/auth/sign-in/rehearsal", {
        method: "POST",
        headers: { origin: stage().url },
      });
      expect(started.status).toBe(303);
      expect(new URL(started.headers.get("location") ?? "").searchParams.has("state")).toBe(true);
    });

    test("JSON is told that forms are wanted", async () => {
      const headers = { "content-type": "application/json", origin: stage().url };
      const answer = await new Person(stage().url).request("/auth/sign-in/rehearsal", {
        method: "POST",
        headers,
        body: '{"return_to":"/orders"}',
      });
      expect(answer.status).toBe(415);
    });

    test("the application reads its own behind a guard", async () => {
      const bo = await signedIn(stage(), "bo");
      const headers = { "content-type": "application/json", origin: stage().url };
      const body = '{"tea":"茶"}';
      const answer = await bo.request("/orders", { method: "POST", headers, body });
      expect([answer.status, await answer.text()]).toEqual([200, body]);
    });
  });

  describe("bodies that nobody waits for", () => {
    const stage = staged(open);

    test("a large one that is refused unread does not hold up the connection", async () => {
      const socket = connect(Number(new URL(stage().url).port), "127.0.0.1");
      const type = "Content-Type: text/plain";
      const size = 1_000_000;
      const requests = [
        `POST /auth/nowhere HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`,
        "GET /auth/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      ];
      socket.end(requests.join(""));
      // Servers may read it to its end or close the connection; the one thing they may not do is wait.
      const [first, second = "HTTP/1.1 200"] = (await text(socket)).match(/^HTTP\/1\.1 \d+/gm) ?? [];
      expect([first, second]).toEqual(["HTTP/1.1 404", "HTTP/1.1 200"]);
    });

    test.each(["/auth/preferences", "/auth/nowhere", "/authentic"])(
      "a browser that goes away in the middle of one harms nobody: %s",
      async (path) => {
        const unhandled: unknown[] = [];
        const note = (reason: unknown) => unhandled.push(reason);
        process.on("unhandledRejection", note);
        try {
          await leaveInTheMiddle(stage(), path);
          expect((await new Person(stage().url).request("/auth/health/live")).status).toBe(200);
          expect(unhandled).toEqual([]);
        } finally {
          process.off("unhandledRejection", note);
        }
      },
    );
  });
}

/** Announces more than it sends, and hangs up once the server has begun with it. Ends when the server has noticed. */
async function leaveInTheMiddle(stage: Stage, path: string): Promise<void> {
  const socket = connect(Number(new URL(stage.url).port), "127.0.0.1");
  const arrived = once(stage.server, "request") as Promise<[IncomingMessage]>;
  const type = "Content-Type: application/x-www-form-urlencoded";
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: 1000\r\n\r\nlocale=`);
  const [request] = await arrived;
  const noticed = new Promise((resolve) => request.socket.once("close", resolve));
  socket.destroy();
  await noticed;
}
