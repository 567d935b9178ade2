import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { handleNodeRequest, type NodeRequest, requestTarget, sendWebResponse } from "./node-bridge.ts";

const publicUrl = new URL("https://admin.example.com");

/** Answers with what arrived. */
const echo = {
  publicUrl,
  handle: async (request: Request) => Response.json({ url: request.url, body: await request.text() }),
};

test.each([
  ["text", (_: Buffer) => "a=1&b=2", "a=1&b=2"],
  ["bytes", (raw: Buffer) => raw, "a=1&b=2"],
  ["fields", (_: Buffer) => ({ a: "1", b: ["2", "3"] }), "a=1&b=2&b=3"],
  ["nothing", (_: Buffer) => undefined, ""],
])("a body that a parser has left as %s is put together again", async (_, parse, expected) => {
  const listener: RequestListener = async (request, response) => {
    const parsed: NodeRequest = Object.assign(request, { body: parse(await buffer(request)) });
    await handleNodeRequest(echo, parsed, response);
  };
  const answer = await ask(listener, "/x?y=%2F", "application/x-www-form-urlencoded", "a=1&b=2");
  expect(answer).toEqual({ url: "https://admin.example.com/x?y=%2F", body: expected });
});

test("JSON that a parser has read is JSON again", async () => {
  const listener: RequestListener = async (request, response) => {
    const parsed = Object.assign(request, { body: JSON.parse((await buffer(request)).toString()) });
    await handleNodeRequest(echo, parsed, response);
  };
  const answer = await ask(listener, "/x", "application/json; charset=utf-8", '{ "tea": ["茶"] }');
  expect(answer).toMatchObject({ body: '{"tea":["茶"]}' });
});

test("an answer that comes too late is dropped", async () => {
  const listener: RequestListener = async (_, response) => {
    response.setHeader("content-type", "application/json").end('"first"');
    await sendWebResponse(Response.json("second"), response);
  };
  expect(await ask(listener, "/", "text/plain", "")).toBe("first");
});

test.each([
  ["/orders?a=1", "/orders?a=1"],
  ["//evil.example/x", "//evil.example/x"],
  ["http://evil.example/orders?a=1", "/orders?a=1"],
  ["http://evil.example//x", "//x"],
  ["*", "/"],
])("the target %s reads %s", (url, expected) => {
  expect(requestTarget({ url } as NodeRequest)).toBe(expected);
});

async function ask(listener: RequestListener, path: string, type: string, body: string): Promise<unknown> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return await (await fetch(url, { method: "POST", headers: { "content-type": type }, body })).json();
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("what is left of a body that was refused does not stand in the way of the next request on the connection", async () => {
  const refusing = {
    publicUrl,
    handle: async (request: Request) => {
      if (request.body === null) return new Response("next");
      for await (const _ of request.body) break;
      return new Response("too much", { status: 413 });
    },
  };
  const server = createServer((request, response) => void handleNodeRequest(refusing, request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  try {
    const body = "x".repeat(1024 * 1024);
    socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    // Ends when the second answer has been sent; without it, when the server's patience ends.
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
