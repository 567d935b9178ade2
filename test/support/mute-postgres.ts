import { createServer, connect as dial } from "node:net";
import { onTestFinished } from "vitest";

/** The same database behind something that passes everything on but notices, as a pooler does; until the test ends. */
export async function withoutNotices(
  target: string,
  finish: (end: () => void) => void = onTestFinished,
): Promise<string> {
  const { hostname, port } = new URL(target);
  const server = createServer((client) => {
    const upstream = dial(Number(port), hostname);
    let rest = Buffer.alloc(0);
    client.pipe(upstream);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    upstream.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      // A message is its kind (one byte) and its length, which counts itself and not the kind.
      while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
        const end = 1 + rest.readUInt32BE(1);
        if (rest[0] !== "A".charCodeAt(0)) client.write(rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    });
  });
  finish(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((server.address() as { port: number }).port);
  return url.href;
}
