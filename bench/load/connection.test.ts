import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Connection } from "./connection.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

test.each([
  ["in pieces", ["HTTP/1.1 200 OK\r\ncontent-le", "ngth: 5\r\n\r\nab", "cde"]],
  ["in chunks", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", "cde\r\n0\r\n", "\r\n"]],
  ["without a body", ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]],
  ["with letters of several bytes", ["HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n登", "录"]],
])("an answer %s is over when it is whole, and the connection is used again", async (_, pieces) => {
  const { port, connections } = await serve((socket) => sendPieces(socket, pieces));
  const connection = open(port);
  expect(await connection.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe(200);
  expect(await connection.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe(200);
  expect(connections()).toBe(1);
});

test("a server that closes after each answer gets a new connection for the next", async () => {
  const { port, connections } = await serve((socket) =>
    socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
  );
  const connection = open(port);
  expect(await connection.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe(401);
  expect(await connection.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toBe(401);
  expect(connections()).toBe(2);
});

test("a server that closes instead of answering is an error", async () => {
  const { port } = await serve((socket) => socket.end());
  await expect(open(port).send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).rejects.toThrow(
    "closed the connection",
  );
});

function open(port: number): Connection {
  const connection = new Connection(port);
  closing.push(() => connection.close());
  return connection;
}

async function serve(answer: (socket: Socket) => unknown) {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.setNoDelay(true);
    socket.on("data", () => answer(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, connections: () => connections };
}

/** One after the other, each when the one before it has gone out. */
function sendPieces(socket: Socket, [piece, ...rest]: readonly string[]): void {
  if (piece === undefined) return;
  socket.write(piece, () => setImmediate(() => sendPieces(socket, rest)));
}
