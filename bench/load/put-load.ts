import { Connection } from "./connection.ts";

export interface Load {
  readonly port: number;
  /** Asked in turn. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
  /** Until so many seconds are over, or so many requests answered. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, in milliseconds, shortest first. */
  readonly latencies: Float64Array;
}

/** Keeps so many requests under way all the time. @throws Error when an answer is not 200 */
export async function putLoad({ port, requests, connections, until }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = "seconds" in until ? start + until.seconds * 1000 : Number.POSITIVE_INFINITY;
  const most = "requests" in until ? until.requests : Number.POSITIVE_INFINITY;
  let next = 0;
  const lane = async () => {
    const connection = new Connection(port);
    try {
      for (let sent = performance.now(); sent < end && next < most; ) {
        const status = await connection.send(requests[next++ % requests.length] ?? Buffer.alloc(0));
        if (status !== 200) throw new Error(`A guarded route answered ${status} to somebody signed in.`);
        const now = performance.now();
        latencies.push(now - sent);
        sent = now;
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - start) / 1000;
  return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies).sort() };
}
