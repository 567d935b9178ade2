import type { Cores } from "../cores.ts";
import { putLoad } from "../load/put-load.ts";
import { ROUTES, requestBytes } from "../load/requests.ts";
import { signInMany } from "../load/sign-in.ts";
import { type RunningServer, type ServerSettings, startServer } from "../server.ts";
import { populate } from "../session/populate.ts";
import type { Size } from "../sizes.ts";
import type { Target } from "../targets.ts";
import { spentOn } from "./round.ts";
import { formOf } from "./sign-ins.ts";

/** Sessions that are used at each size: as many each time, so that only what lies beside them has grown. */
const USED = 1_000;
const AT_ONCE = 8;
/** How often each of them is used again: as many requests as it takes for a figure to come out the same twice. */
const AGAIN = 20;
/** Requests by others before the first of them, since the process has stood still while its store was being filled. */
const STRETCH = 5_000;

export interface GrowthResult {
  readonly sessions: number;
  /** CPU microseconds of a request by a session that has not been used yet, and once it has. */
  readonly first: number;
  readonly again: number;
  /** CPU microseconds of a sign-in by somebody new. */
  readonly signIn: number;
  /** Resident, in MiB, with all that the process keeps of them. */
  readonly memory: number;
}

/** Fills a target's store step by step, and looks at each whether it has become slower. `null`: it keeps no sessions. */
export async function measureGrowth(
  target: Target,
  settings: ServerSettings,
  size: Size,
  cores: Cores | null,
): Promise<readonly GrowthResult[] | null> {
  const server = await startServer(target, settings, cores);
  try {
    const fill = fillerOf(server);
    if (fill === null) return null;
    const others = await warmUp(server, size);
    const results: GrowthResult[] = [];
    let stored = 0;
    for (const sessions of target.grows ? size.stored : size.stored.slice(0, 2)) {
      const cookies = await fill(stored, sessions - stored);
      stored = sessions;
      await askAll(server, others, { requests: STRETCH });
      results.push({ sessions, ...(await look(server, cookies, sessions, size, cores)) });
    }
    return results;
  } finally {
    await server.stop();
  }
}

type Fill = (from: number, count: number) => Promise<readonly string[]>;

/** Postern's store is filled from here, through its own code; the others fill their own. */
function fillerOf(server: RunningServer): Fill | null {
  if (server.populates) return server.populate;
  const { database } = server.settings;
  if (!server.target.packages.includes("postern") || database === undefined) return null;
  return async (from, count) => {
    const secrets = await populate(database, count, { from, provider: "stub" });
    return secrets.map((secret) => `postern=${secret}`);
  };
}

/** Answers the cookies of those who have signed in for it. */
async function warmUp(server: RunningServer, size: Size): Promise<readonly string[]> {
  const people = { first: 2_000_000, count: size.warmUpSignIns };
  const cookies = await signInMany(server.url, formOf(server), people);
  await askAll(server, cookies, { requests: size.warmUpRequests });
  return cookies;
}

/** By turns, until so many requests are answered. */
async function askAll(
  { port }: RunningServer,
  cookies: readonly string[],
  until: { readonly requests: number },
): Promise<void> {
  const requests = cookies.map((cookie) => requestBytes(ROUTES.json, port, cookie));
  await putLoad({ port, requests, connections: AT_ONCE, until });
}

async function look(
  server: RunningServer,
  cookies: readonly string[],
  sessions: number,
  size: Size,
  cores: Cores | null,
): Promise<Omit<GrowthResult, "sessions">> {
  const step = Math.max(1, Math.floor(cookies.length / USED));
  const used = cookies.filter((_, index) => index % step === 0).slice(0, USED);
  const ask = async (times: number) => {
    const requests = used.length * times;
    return (await spentOn(server, cores, () => askAll(server, used, { requests }))).cpu / requests;
  };
  const first = await ask(1);
  const again = await ask(AGAIN);
  const people = { first: 3_000_000 + sessions, count: size.signIns };
  const { cpu } = await spentOn(server, cores, () => signInMany(server.url, formOf(server), people));
  // A process remembers the sessions that it has seen: it shall have seen as many as it can be told of.
  if (cookies.length > used.length && sessions === size.stored[1])
    await askAll(server, cookies, { requests: cookies.length });
  return { first, again, signIn: cpu / people.count, memory: (await server.memory()) / 2 ** 20 };
}
