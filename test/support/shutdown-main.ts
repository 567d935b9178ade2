/**
 * A process that is one back office with slow pages and ends in good order at SIGTERM, as docs/operations.md shows it:
 * `node shutdown-main.ts '{"rehearsalUrl":…,"database":…}'`. Prints its address, then `begun …` for each slow page.
 */

import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { postern } from "../../src/adapters/node.ts";
import { rehearsalProviders, SECRET } from "./back-office.ts";
import { freePort } from "./server-process.ts";

const { rehearsalUrl, database } = JSON.parse(process.argv[2] ?? "{}");
const port = await freePort();
const door = await postern({
  publicUrl: `http://localhost:${port}`,
  secret: SECRET,
  database,
  autoMigrate: true,
  providers: rehearsalProviders(rehearsalUrl),
  access: [{ when: { emailDomain: "demo.example" }, then: "allow", roles: ["admin"] }],
  log: { debug() {}, info() {}, warn: console.error, error: console.error },
});
const admins = door.requireRole("admin");

const server = createServer(
  door.listener(async (request, response) => {
    console.log(`begun ${request.url}`);
    const principal = await admins(request, response);
    if (principal === null) return;
    response.write("<");
    await setTimeout(200);
    // Asks the database, at a moment when nobody new is let in any more.
    const [found] = await door.users.find("ada@demo.example");
    response.end(`${found?.name}>`);
  }),
).listen(port, "127.0.0.1", () => console.log(`http://localhost:${port}`));

process.once("SIGTERM", async () => {
  await door.close({ server });
  process.exit();
});
// Whoever started it holds the other end.
process.stdin.on("end", () => process.exit(1)).resume();
