import { createServer, connect as dial, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface SilentRelay {
  /** The same database by way of the relay. */
  readonly url: string;
  /** From now on nothing comes through on the connections that there are, and none of them is closed; new ones work. */
  loseConnections(): void;
  /** Those that were lost end after all. */
  endLost(): void;
}

/** The road to a server that may lose connections without a word, as a firewall does that forgets them; until the test ends. */
export async function silentRelay(target: string): Promise<SilentRelay> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [client: Socket, upstream: Socket]>();
  let lost: readonly Socket[] = [];
  const server = createServer((client) => {
    const upstream = dial(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [pair, [upstream, client]] as const) {
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const [client] of pairs) client.destroy();
  });
  const url = new URL(target);
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    loseConnections() {
      for (const [client, upstream] of pairs) {
        client.unpipe().pause();
        upstream.unpipe().pause();
      }
      lost = [...pairs].flat();
    },
    endLost() {
      for (const socket of lost) socket.destroy();
    },
  };
}
