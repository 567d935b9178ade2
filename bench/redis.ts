import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, runServer } from "../test/support/server-process.ts";
import { Unavailable } from "./server.ts";

/** Where Debian puts it beside what is on PATH. */
export function hasRedis(): boolean {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"].some((folder) =>
    existsSync(join(folder, "redis-server")),
  );
}

/** An empty Redis that keeps everything in memory. @throws Unavailable */
export async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (!hasRedis()) throw new Unavailable("There is no `redis-server` here.");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "postern-redis-"));
  const stop = await runServer({
    name: "Redis",
    command: [
      "redis-server",
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
    ],
    signal: "TERM",
    folder,
    account: {},
    ask: () => ping(port),
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
