import { setTimeout } from "node:timers/promises";
import type { Cores } from "../cores.ts";
import { ROUTES } from "../load/requests.ts";
import { signInMany } from "../load/sign-in.ts";
import { type RunningServer, type ServerSettings, startServer } from "../server.ts";
import type { Size } from "../sizes.ts";
import type { Target } from "../targets.ts";
import { formOf } from "./sign-ins.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { verifyLast } from "./verify.ts";

/** Milliseconds after which a process that nobody asks anything counts as idle. */
const IDLE = 2_000;
const MIB = 2 ** 20;

export interface StartResult {
  /** From the start of the process to its first answer, in milliseconds; its tables are there already. */
  readonly firstAnswer: Spread;
  /** Resident, in MiB. */
  readonly idle: number;
  /** After many people have signed in; `null` where nobody does. */
  readonly afterSignIns: number | null;
}

/** Starts a target several times with the stores that it has, and looks at the memory of the last. */
export async function measureStart(
  target: Target,
  settings: ServerSettings,
  size: Size,
  cores: Cores | null,
): Promise<StartResult> {
  const times: number[] = [];
  for (let start = 1; ; start++) {
    const server = await startServer(target, settings, cores);
    times.push(await firstAnswer(server));
    if (start < size.starts) {
      await server.stop();
      continue;
    }
    await setTimeout(size.name === "quick" ? 0 : IDLE);
    const idle = (await server.memory()) / MIB;
    const afterSignIns = server.signIn === undefined ? null : await memoryAfterSignIns(server, size);
    await server.stop();
    return { firstAnswer: spreadOf(times), idle, afterSignIns };
  }
}

async function firstAnswer({ port, startedAt }: RunningServer): Promise<number> {
  const { path, headers } = ROUTES.json;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: "manual" });
  await response.arrayBuffer();
  return performance.now() - startedAt;
}

async function memoryAfterSignIns(server: RunningServer, size: Size): Promise<number> {
  const people = { first: 100_000, count: size.manySignIns };
  await verifyLast(server, await signInMany(server.url, formOf(server), people));
  return (await server.memory()) / MIB;
}
