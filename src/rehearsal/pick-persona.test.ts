import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { pickPersona } from "./pick-persona.ts";

test("each pick has a connection of its own: one that has been idle may be closed just as the next sets out", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.connection);
    response.writeHead(302, { location: "http://localhost/callback?code=1" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const callback = await pickPersona(`http://127.0.0.1:${port}/authorize`, "ada");
  expect(callback.search).toBe("?code=1");
  expect(seen).toEqual(["close"]);
});
