// `memory-process.js DATABASE SECRETS`: the built package in one process that sees every session of a list. Says what it
// then takes, in bytes.

import { createPostern } from "../../dist/index.js";
import { oidc } from "../../dist/providers/oidc.js";

const door = await createPostern({
  publicUrl: "http://localhost:3000",
  secret: "only-for-the-benchmark-0123456789-abcdefgh",
  database: process.argv[2],
  providers: [
    oidc({ id: "corp", name: "Corp", issuer: "http://localhost:3001", clientId: "x", clientSecret: "x" }),
  ],
  access: [{ when: { provider: "corp" }, then: "allow" }],
});
let largest = 0;
let seen = 0;
process.on("message", async (secrets) => {
  for (const secret of secrets) {
    if ((await door.authenticate({ headers: { cookie: `postern=${secret}` } })) === null)
      throw new Error("Somebody was not let in.");
    seen++;
  }
  largest = Math.max(largest, process.memoryUsage.rss());
  process.send({ seen, largest });
});
process.on("disconnect", () => process.exit());
process.send("ready");
