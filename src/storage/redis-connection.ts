import { isIP } from "node:net";
import { ConfigError } from "../errors.ts";
import type { RedisHost, RedisPlace } from "../model/redis-address.ts";

/** What is asked of Redis: nothing that is newer than Redis 6. */
export interface RedisCommands {
  publish(channel: string, message: string): Promise<unknown>;
  get(key: string): Promise<string | null>;
  /** Gone by itself after so many milliseconds. */
  set(key: string, value: string, milliseconds: number): Promise<unknown>;
  /** Sets a field of what is gone by itself so many milliseconds after it was made; answers its fields, or none of too many. */
  put(key: string, field: string, value: string, milliseconds: number): Promise<readonly Field[]>;
}

type Field = readonly [name: string, value: string];

/** A connection, or with a cluster or Sentinels as many as that needs. */
export interface RedisConnection extends RedisCommands {
  /** Resolves when it is certain that nothing will come any more. */
  readonly lost: Promise<void>;
  /** At once; what was asked and is not answered fails. */
  close(): void;
}

export interface RedisListening {
  readonly channel: string;
  readonly hear: (message: string) => void;
  /** Ends an attempt to connect. */
  readonly closing: AbortSignal;
}

/** Milliseconds until a connection must stand and listen. */
const PATIENCE = 3_000;
/** How many commands may wait for an answer; more than that says that none comes. */
const MOST_WAITING = 2_000;

/** Fields that are answered: whoever else can write there must not keep us at theirs. Instances are fewer. */
const MOST_FIELDS = 200;

/** One step, so that nothing is left without an end. */
const PUT = `
redis.call('hset', KEYS[1], ARGV[1], ARGV[2])
if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[3]) end
if redis.call('hlen', KEYS[1]) > ${MOST_FIELDS} then return {} end
return redis.call('hgetall', KEYS[1])`;

/**
 * Connects and listens on `channel`. It never connects anew: whoever holds it does that, so that the same rules count
 * for one server, a cluster and Sentinels. @throws what the server or the network says
 */
export async function openRedisConnection(
  place: RedisPlace,
  { channel, hear, closing }: RedisListening,
): Promise<RedisConnection> {
  const client = await createRedis(place);
  const lost = Promise.withResolvers<void>();
  let trouble: unknown = null;
  client.on("error", (error: unknown) => {
    trouble ??= error;
    if (place.kind === "single") lost.resolve();
  });
  client.on("terminated", () => lost.resolve());
  const close = () => {
    try {
      client.destroy();
    } catch {
      // Closed already, or not yet open: there is nothing left to let go of.
    }
  };
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(trouble ?? new Error(NO_ANSWER)), PATIENCE);
  const stop = () => reject(new Error("It is no longer wanted."));
  closing.addEventListener("abort", stop);
  try {
    const ready = client.connect().then(() => client.subscribe(channel, hear));
    ready.catch(() => {});
    await Promise.race([ready, tooLate]);
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(timer);
    closing.removeEventListener("abort", stop);
  }
  return {
    lost: lost.promise,
    publish: (to, message) => client.publish(to, message),
    get: (key) => client.get(key),
    set: (key, value, milliseconds) =>
      client.set(key, value, { expiration: { type: "PX", value: milliseconds } }),
    put: async (key, field, value, milliseconds) => {
      const told = await client.eval(PUT, { keys: [key], arguments: [field, value, String(milliseconds)] });
      return inPairs(Array.isArray(told) ? told.map(String) : []);
    },
    close,
  };
}

/** A script answers fields and values in turn. */
function inPairs(told: readonly string[]): readonly Field[] {
  return told.flatMap((name, index) => (index % 2 === 0 ? [[name, told[index + 1] ?? ""] as const] : []));
}

const NO_ANSWER = `No answer came within ${PATIENCE / 1_000} seconds.`;

/** What a client of each kind has, as far as it is used. */
interface Client {
  on(event: "error" | "terminated", listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  destroy(): unknown;
  publish(channel: string, message: string): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(
    key: string,
    value: string,
    options: { readonly expiration: { readonly type: "PX"; readonly value: number } },
  ): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

async function createRedis(place: RedisPlace): Promise<Client> {
  const { createClient, createCluster, createSentinel } = await importRedis();
  const { kind, hosts, database, tls } = place;
  const login = credentials(place.user, place.password);
  const socket = { connectTimeout: PATIENCE, ...(tls ? { tls: true as const } : {}) };
  const limits = {
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    disableClientInfo: true,
    maintNotifications: "disabled" as const,
  };
  if (kind === "cluster") {
    const cluster = createCluster({
      rootNodes: hosts.map((host) => ({ ...login, ...limits, socket: { ...socket, ...named(host, tls) } })),
      defaults: { ...login, ...limits, socket },
      // Otherwise a single master that is gone keeps us from all the others.
      minimizeConnections: true,
    });
    return Object.assign(cluster, {
      // On the node where we listen: any other may be gone without our noticing.
      publish: async (channel: string, message: string) => {
        if (cluster.pubSubNode === undefined) throw new Error("No node of the cluster is listened to.");
        return cluster.pubSubNode.client.publish(channel, message);
      },
    });
  }
  if (kind === "sentinel") {
    const own = credentials(place.sentinelUser, place.sentinelPassword);
    return createSentinel({
      name: place.master,
      sentinelRootNodes: [...hosts],
      nodeClientOptions: { ...login, ...limits, database, socket },
      sentinelClientOptions: { ...own, ...limits, socket },
    });
  }
  const [host = { host: "localhost", port: 6_379 }] = hosts;
  const target = { ...socket, ...named(host, tls), reconnectStrategy: false as const };
  const client = createClient({ ...login, ...limits, database, socket: target });
  // Listening alone keeps no process alive.
  client.unref();
  return client;
}

/** `load` is for tests. @throws ConfigError when the package is not installed. */
export async function importRedis(
  load: () => Promise<typeof import("@redis/client")> = () => import("@redis/client"),
) {
  try {
    return await load();
  } catch (cause) {
    const problem = {
      path: "redis",
      message: "Redis or Valkey needs the package `@redis/client`, which is not installed.",
      fix: "npm install @redis/client",
    };
    throw Object.assign(new ConfigError([problem]), { cause });
  }
}

function credentials(user: string | null, password: string | null) {
  return { ...(user === null ? {} : { username: user }), ...(password === null ? {} : { password }) };
}

/** With the name that a server behind a shared address is told apart by; an IP address is none (RFC 6066 §3). */
function named(host: RedisHost, tls: boolean) {
  return { ...host, ...(tls && isIP(host.host) === 0 ? { servername: host.host } : {}) };
}
