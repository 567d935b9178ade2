import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "../test/support/free-port.ts";
import type { Cores } from "./cores.ts";
import type { SignInForm } from "./load/sign-in.ts";
import type { Target } from "./targets.ts";

/** What a target is told, beside its port and address. */
export interface ServerSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly database?: string;
  readonly redis?: string;
  readonly python?: string;
}

/** A target that runs, in a process of its own. */
export interface RunningServer {
  readonly target: Target;
  readonly settings: ServerSettings;
  readonly port: number;
  readonly url: string;
  /** `undefined`: nobody signs in there. */
  readonly signIn: SignInForm | undefined;
  /** Can put sessions into its store itself. */
  readonly populates: boolean;
  /** `performance.now()` when the process was started. */
  readonly startedAt: number;
  /** CPU so far, in microseconds. */
  cpu(): Promise<number>;
  /** Resident, in bytes. */
  memory(): Promise<number>;
  populate(from: number, count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Thrown where a target cannot run here; the message is a sentence for the report. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

const TARGETS = join(import.meta.dirname, "targets");

/** Starts a target on a free port, on the server's core. @throws Unavailable, Error with what it said */
export async function startServer(
  target: Target,
  settings: ServerSettings,
  cores: Cores | null,
): Promise<RunningServer> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const words = [
    pathToFileURL(join(TARGETS, target.file)).href,
    JSON.stringify({ ...settings, ...target.options, port, url }),
  ];
  const startedAt = performance.now();
  const child = fork(join(import.meta.dirname, "serve.js"), words, {
    env: { ...process.env, NODE_ENV: "production" },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    ...(cores !== null && {
      execPath: "taskset",
      execArgv: ["-c", String(cores.server), process.execPath],
    }),
  });
  const said = lastWords(child);
  const ready = await readiness(target, child, said);
  const ask = asker(child);
  return {
    target,
    settings,
    port,
    url,
    signIn: ready.signIn,
    populates: ready.populates,
    startedAt: startedAt + ready.launcher,
    cpu: () => ask("cpu"),
    memory: () => ask("memory"),
    populate: (from, count) => ask("populate", { from, count }),
    stop: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

interface Readiness {
  readonly signIn?: SignInForm;
  readonly launcher: number;
  readonly populates: boolean;
}

async function readiness(target: Target, child: ChildProcess, said: () => string): Promise<Readiness> {
  const [message] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => [{ failed: `It ended with ${code}.` }]),
  ]);
  const { ready, unavailable, failed } = message;
  if (unavailable !== undefined) throw new Unavailable(unavailable);
  if (ready === undefined) throw new Error(`${target.name} did not start: ${failed}\n${said()}`);
  return ready;
}

/** Some tell of every visitor whom they do not let in: kept for when something is wrong. */
function lastWords({ stdout, stderr }: ChildProcess): () => string {
  let words = "";
  for (const stream of [stdout, stderr])
    stream?.on("data", (chunk: Buffer) => {
      words = (words + chunk).slice(-2_000);
    });
  return () => words;
}

function asker(child: ChildProcess) {
  let last = 0;
  return <T>(ask: string, argument?: unknown): Promise<T> => {
    const id = ++last;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const settle = () => {
      child.off("message", listen);
      child.off("exit", leave);
    };
    const listen = (message: { id: number; answer: T; error?: string }) => {
      if (message.id !== id) return;
      settle();
      if (message.error === undefined) resolve(message.answer);
      else reject(new Error(message.error));
    };
    const leave = () => reject(new Error(`The server ended while it was asked for ${ask}.`));
    child.on("message", listen);
    child.on("exit", leave);
    child.send({ id, ask, argument });
    return promise;
  };
}
