import type { Cores } from "../cores.ts";
import { type Load, putLoad } from "../load/put-load.ts";
import { ROUTES, type RouteName, requestBytes } from "../load/requests.ts";
import type { RunningServer } from "../server.ts";
import { quantile } from "../session/statistics.ts";
import type { Size } from "../sizes.ts";
import { type Disturbance, spentOn, undisturbed } from "./round.ts";
import { type Spread, spreadOf } from "./spread.ts";

const CONNECTIONS = 32;

export interface RouteResult {
  readonly requestsPerSecond: Spread;
  /** CPU microseconds of a request. */
  readonly cpu: Spread;
  /** What of it the same server without authentication does not need, by the round. */
  readonly added: Spread;
  /** Requests a second as a share of the bare server's, by the round. */
  readonly share: Spread;
  /** Milliseconds at 32 connections. */
  readonly p50: Spread;
  readonly p99: Spread;
  /** The largest share of a core that the load itself took: near 1, it is the load that was measured. */
  readonly load: number;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly load: number;
  readonly others: number | null;
}

/** Asks a route of the bare server and of the target by turns. `cookies` are those of people who are signed in. */
export async function measureRoute(
  bare: RunningServer,
  target: RunningServer,
  name: RouteName,
  cookies: readonly string[],
  { size, cores, disturbance }: { size: Size; cores: Cores | null; disturbance: Disturbance },
): Promise<RouteResult> {
  const side = (server: RunningServer): Side => ({
    server,
    requests: cookies.map((cookie) => requestBytes(ROUTES[name], server.port, cookie)),
  });
  const [a, b] = [side(bare), side(target)];
  await askFor(a, { requests: size.warmUpRequests }, cores);
  await askFor(b, { requests: size.warmUpRequests }, cores);
  const pairs: { bare: Round; target: Round }[] = [];
  while (pairs.length < size.rounds) {
    const pair = await undisturbed(size.retries, disturbance, async () => {
      const [without, within] = [await askFor(a, size, cores), await askFor(b, size, cores)];
      return { bare: without, target: within, others: worse(without.others, within.others) };
    });
    pairs.push(pair);
  }
  const spread = (figure: (pair: (typeof pairs)[number]) => number) => spreadOf(pairs.map(figure));
  return {
    requestsPerSecond: spread((pair) => pair.target.requestsPerSecond),
    cpu: spread((pair) => pair.target.cpu),
    added: spread((pair) => pair.target.cpu - pair.bare.cpu),
    share: spread((pair) => pair.target.requestsPerSecond / pair.bare.requestsPerSecond),
    p50: spread((pair) => pair.target.p50),
    p99: spread((pair) => pair.target.p99),
    load: Math.max(...pairs.flatMap((pair) => [pair.bare.load, pair.target.load])),
  };
}

interface Side {
  readonly server: RunningServer;
  readonly requests: readonly Buffer[];
}

async function askFor({ server, requests }: Side, until: Load["until"], cores: Cores | null): Promise<Round> {
  const before = process.cpuUsage();
  const { result, cpu, others } = await spentOn(server, cores, () =>
    putLoad({ port: server.port, requests, connections: CONNECTIONS, until }),
  );
  const own = process.cpuUsage(before);
  const latencies = [...result.latencies];
  return {
    requestsPerSecond: result.requests / result.seconds,
    cpu: cpu / result.requests,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    load: (own.user + own.system) / 1e6 / result.seconds,
    others,
  };
}

function worse(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
