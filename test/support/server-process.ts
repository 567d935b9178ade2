import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";

/** Whom a server runs as; empty = as we do. */
export type Account = { readonly uid?: never } | { readonly uid: number; readonly gid: number };

/** The first of these accounts that exists: database servers refuse to run as root. */
export function unprivilegedAccount(names: readonly string[]): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of names) {
    const [uid, gid] = [numericId("-u", name), numericId("-g", name)];
    if (uid > 0) return { uid, gid };
  }
  throw new Error(
    `The server cannot run as root, and there is none of the users ${names.join(", ")} to run it as.`,
  );
}

/** NaN when there is no such user. */
function numericId(flag: "-u" | "-g", name: string): number {
  return Number.parseInt(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout, 10);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Ends the server as soon as its input ends, which it does even when this process is killed, or its terminal is closed. */
const KEEPER =
  'trap "" HUP; signal=$1; shift; "$@" & server=$!; cat > /dev/null; kill -$signal $server; wait $server';

export interface ServerCommand {
  /** What people call it, for messages. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** What ends it in good order: `INT`, `TERM`. */
  readonly signal: string;
  readonly folder: string;
  readonly account: Account;
  /** Resolves when the server answers. */
  readonly ask: () => Promise<void>;
}

/** Runs a server; answers when the server does. The answer ends the server and waits until it has ended. */
export async function runServer(server: ServerCommand): Promise<() => Promise<void>> {
  const { name, command, signal, folder, account, ask } = server;
  const keeper = spawn("sh", ["-c", KEEPER, "sh", signal, ...command], {
    ...account,
    cwd: folder,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const output: Buffer[] = [];
  keeper.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<void>((resolve) => keeper.once("close", () => resolve()));
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  try {
    await untilAnswering(ask);
  } catch (cause) {
    await stop();
    throw new Error(`${name} did not start:\n${Buffer.concat(output)}`, { cause });
  }
  return stop;
}

async function untilAnswering(ask: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === 300) throw error;
    }
    await setTimeout(100);
  }
}
