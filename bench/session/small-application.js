// A small application as people write it, on the built package. It says when it listens, and then how large it is.

import { createServer } from "node:http";
import { postern } from "../../dist/adapters/node.js";
import { oidc } from "../../dist/providers/oidc.js";

const door = await postern({
  publicUrl: "http://localhost:3000",
  secret: "only-for-the-benchmark-0123456789-abcdefgh",
  database: process.argv[2],
  providers: [
    oidc({ id: "corp", name: "Corp", issuer: "http://localhost:3001", clientId: "x", clientSecret: "x" }),
  ],
  access: [{ when: { provider: "corp" }, then: "allow" }],
});
const server = createServer(door.listener((_request, response) => response.end("orders")));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => process.send({ rss: process.memoryUsage.rss() }));
process.on("disconnect", () => process.exit());
