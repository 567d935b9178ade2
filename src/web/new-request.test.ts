import { expect, test } from "vitest";
import { newRequest } from "./new-request.ts";

const url = "http://localhost/auth/session?x=1";
const headers = new Headers({ cookie: "a=1" });

test.each(["GET", "HEAD", "POST", "OPTIONS", "PROPFIND", "TRACE"])("%s stays what it is", (method) => {
  const request = newRequest(url, { method, headers, body: "left out where there is none" });
  expect(request.method).toBe(method);
  expect(request.url).toBe(url);
  expect(request.headers.get("cookie")).toBe("a=1");
});

test("a stream is not begun before it is read", async () => {
  let begun = false;
  const body = new ReadableStream(
    {
      pull(controller) {
        begun = true;
        controller.enqueue(new TextEncoder().encode("late"));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const request = newRequest(url, { method: "POST", headers, body });
  await new Promise(setImmediate);
  expect(begun).toBe(false);
  expect(await request.text()).toBe("late");
});
