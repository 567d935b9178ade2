import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { freePort, runServer, unprivilegedAccount } from "./server-process.ts";

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Sends a command as an administrator would; answers what the server says. */
  ask(...command: readonly string[]): Promise<unknown>;
  /** SIGKILL: nobody is told, nothing is kept. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stand and nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Ends the server and throws its data away. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Default one that is free. */
  readonly port?: number;
  /** Arguments of `redis-server`. */
  readonly settings?: readonly string[];
  /** Something else than a server that keeps things, which writes its id into `pid` in its folder. */
  readonly program?: (folder: string, port: number) => readonly string[];
  /** What `ask` logs in with. */
  readonly password?: string;
}

/** A Redis server of our own on a free port, which keeps nothing. Ends with this process, however that ends. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const account = unprivilegedAccount(["redis", "nobody"]);
  const folder = mkdtempSync(join(tmpdir(), "postern-redis-"));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  const port = options.port ?? (await freePort());
  const pidFile = join(folder, "pid");
  const ask = (...command: readonly string[]) => askRedis(port, command, options.password);
  const run = () =>
    runServer({
      name: "Redis",
      command: options.program?.(folder, port) ?? [
        ...["redis-server", "--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
        ...["--pidfile", pidFile, "--save", "", "--appendonly", "no"],
        ...(options.settings ?? []),
      ],
      signal: "TERM",
      folder,
      account,
      ask: async () => void (await ask("ping")),
    });
  const signal = (name: NodeJS.Signals) => process.kill(Number(readFileSync(pidFile, "utf8")), name);
  let end: (() => Promise<void>) | null = await run();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    ask,
    kill: async () => {
      signal("SIGKILL");
      await end?.();
      end = null;
    },
    pause: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    start: async () => {
      end ??= await run();
    },
    stop: async () => {
      if (end !== null) {
        // A server that is stopped does not hear that it has to end.
        signal("SIGCONT");
        await end();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One command on a connection of its own. */
async function askRedis(port: number, command: readonly string[], password?: string): Promise<unknown> {
  const socket = { port, host: "127.0.0.1", reconnectStrategy: false as const };
  const client = createClient({ socket, ...(password === undefined ? {} : { password }) });
  client.on("error", () => {});
  await client.connect();
  try {
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
