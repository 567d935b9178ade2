import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type RedisServer, startRedis } from "./redis.ts";
import { freePort } from "./server-process.ts";

export interface RedisCluster {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Three masters that share the slots, without replicas; what is left goes on when one is gone. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const masters = await Promise.all(
    [1, 2, 3].map(async () => {
      const bus = await freePort();
      return startRedis({
        settings: [
          ...["--cluster-enabled", "yes", "--cluster-port", String(bus), "--cluster-node-timeout", "1000"],
          ...["--cluster-require-full-coverage", "no", "--cluster-allow-pubsubshard-when-down", "yes"],
        ],
      });
    }),
  );
  const hosts = masters.map(({ port }) => `127.0.0.1:${port}`);
  await promisify(execFile)("redis-cli", ["--cluster", "create", ...hosts, "--cluster-yes"]);
  return {
    url: `redis+cluster://${hosts.join(",")}`,
    masters,
    stop: async () => void (await Promise.all(masters.map((master) => master.stop()))),
  };
}

export interface RedisSentinel {
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  stop(): Promise<void>;
}

/** A master with a password, its replica, and one Sentinel that watches them and is quick to lose patience. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const password = "of-the-servers";
  const login = ["--requirepass", password, "--masterauth", password];
  const master = await startRedis({ password, settings: login });
  const follow = ["--replicaof", "127.0.0.1", String(master.port)];
  const replica = await startRedis({ password, settings: [...login, ...follow] });
  const sentinel = await startRedis({
    program: (folder, port) => ["redis-sentinel", watch(folder, { port, master: master.port, password })],
  });
  return {
    url: `redis+sentinel://:${password}@127.0.0.1:${sentinel.port}/main`,
    master,
    replica,
    stop: async () => void (await Promise.all([sentinel, replica, master].map((server) => server.stop()))),
  };
}

/** A Sentinel writes what it learns into its file. */
function watch(
  folder: string,
  { port, master, password }: { readonly port: number; readonly master: number; readonly password: string },
): string {
  const file = join(folder, "sentinel.conf");
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `pidfile ${join(folder, "pid")}`,
    "daemonize no",
    `sentinel monitor main 127.0.0.1 ${master} 1`,
    `sentinel auth-pass main ${password}`,
    "sentinel down-after-milliseconds main 500",
    "sentinel failover-timeout main 3000",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  chmodSync(file, 0o666);
  return file;
}
