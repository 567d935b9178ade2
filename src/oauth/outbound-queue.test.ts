import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { SILENT_LOG } from "../model/log.ts";
import { createOutbound } from "./outbound.ts";

/**
 * Milliseconds: enough for fifty connections on a machine that is busy with other things. What the test waits for is
 * set after this has begun to run, so it ends after it.
 */
const CONNECT_BUDGET = 1_000;

test("a request that waits for a connection, and then gets a used one, does not spend the connect budget", async () => {
  const held: ServerResponse[] = [];
  const server = createServer((_request, response) => void held.push(response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outbound = createOutbound({
    allowedHosts: new Set([host]),
    now: () => 0,
    log: SILENT_LOG,
    timeouts: { connect: CONNECT_BUDGET },
  });
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(async () => {
    process.off("warning", onWarning);
    await outbound.close();
    server.close();
  });

  let answered = 0;
  const exchanges = Array.from({ length: 600 }, async () => {
    const { status } = await outbound.fetch(`http://${host}/`, { maxBytes: 100 });
    answered++;
    return status;
  });
  const all = Promise.all(exchanges);
  while (answered < exchanges.length) {
    await Promise.race([once(server, "request"), all]);
    // All connections are taken, and everybody else waits, for longer than a connection may take.
    if (answered === 0) await setTimeout(CONNECT_BUDGET + 100);
    for (const response of held.splice(0)) response.end("{}");
  }

  expect(new Set(await all)).toEqual(new Set([200]));
  // Twelve requests went over each connection; each of them may leave nothing behind on it.
  expect(warnings).toEqual([]);
});
