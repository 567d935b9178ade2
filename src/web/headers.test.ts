import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { header } from "./headers.ts";

test("reads the web's headers", () => {
  const headers = new Headers({ Accept: "text/html" });
  headers.append("accept", "text/plain");
  expect(header(headers, "accept")).toBe("text/html, text/plain");
  expect(header(headers, "origin")).toBeNull();
});

test("reads Node's plain object, joining what was sent twice", () => {
  expect(header({ origin: "https://a.example" }, "origin")).toBe("https://a.example");
  expect(header({ "x-forwarded-for": ["192.0.2.1", "192.0.2.2"] }, "x-forwarded-for")).toBe(
    "192.0.2.1, 192.0.2.2",
  );
  expect(header({ cookie: ["a=1", "b=2"] }, "cookie")).toBe("a=1; b=2");
  expect(header({ origin: undefined }, "origin")).toBeNull();
  expect(header({ origin: "" }, "origin")).toBe("");
});

test("reads an object made by hand, however the name is written", () => {
  expect(header({ "Content-Length": "1", Cookie: "a=1" }, "cookie")).toBe("a=1");
});

test("a request header called get, and names of object methods, confuse nobody", () => {
  expect(header({ get: "x", cookie: "a=1" }, "cookie")).toBe("a=1");
  expect(header({}, "constructor")).toBeNull();
});

test("fits what Node's server hands out", async () => {
  const server = createServer((request, response) => {
    response.end(JSON.stringify(["cookie", "accept", "origin"].map((name) => header(request.headers, name))));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const request = get({
    host: "127.0.0.1",
    port,
    agent: false,
    headers: { Cookie: ["a=1", "b=2"], ACCEPT: "x" },
  });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(await json(response)).toEqual(["a=1; b=2", "x", null]);
  server.close();
});
