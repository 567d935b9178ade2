/**
 * A process that is one small application with one guarded route, on any database and with or without Redis:
 * `node guarded-office-main.ts '{"database":…,"redis":…}'`. It says where it is, puts out whom it is told to, and says when.
 */

import { createServer } from "node:http";
import { postern } from "../../src/adapters/node.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { rehearsalProviders, SECRET } from "./back-office.ts";
import { freePort } from "./free-port.ts";
import type { Order } from "./revocation/guarded-office.ts";

const { database, redis } = JSON.parse(process.argv[2] ?? "{}");
const port = await freePort();
const door = await postern({
  publicUrl: `http://localhost:${port}`,
  secret: SECRET,
  database,
  ...(redis !== undefined && { redis }),
  // Nobody ever asks it.
  providers: rehearsalProviders("http://localhost:1"),
  roles: { support: ["orders.read"] },
  log: SILENT_LOG,
});
const guard = door.requireRole("support");
// A connection that is closed for idling, just as it is used again, would look like something that is broken.
const server = createServer(
  { keepAliveTimeout: 60_000 },
  door.listener(async (request, response) => {
    if ((await guard(request, response)) !== null) response.end("orders");
  }),
);
server.listen(port, "127.0.0.1", () => process.send?.({ url: `http://localhost:${port}` }));

process.on("message", async ({ number, act, userId }: Order) => {
  const by = "test:revocation";
  if (act === "suspend") await door.users.suspend(userId, by);
  else if (act === "demote") await door.users.revoke(userId, "support", by);
  else if (act === "sign out") await door.sessions.endAllOf(userId, by);
  else await door.users.delete(userId, by);
  // A clock that all processes of a machine share.
  process.send?.({ number, returnedAt: Number(process.hrtime.bigint()) / 1e6 });
});
process.on("disconnect", () => process.exit());
