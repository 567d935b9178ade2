import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../test/support/free-port.ts";
import { type RedisServer, type RedisServerOptions, startRedis } from "../../test/support/redis.ts";
import { selfSigned } from "../../test/support/self-signed.ts";
import { ConfigError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import { readRedisAddress } from "../model/redis-address.ts";
import { importRedis } from "./redis-connection.ts";
import { createRedisLink } from "./redis-link.ts";

const PATIENCE = { timeout: 15_000, interval: 5 };

async function served(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A link with plain beats, and what it logs. */
function opened(url: string) {
  const logged: string[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void logged.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  const place = readRedisAddress(url);
  if (typeof place === "string") throw new Error(place);
  const link = createRedisLink({
    place,
    channel: () => "postern:test",
    log,
    beat: () => String(performance.now()),
    pause: () => 20,
    hear: Number,
  });
  onTestFinished(() => link.close());
  link.start();
  /** Again where a busy machine made it too slow for a moment. */
  const run: typeof link.run = (command) => vi.waitFor(() => link.run(command), PATIENCE);
  const until = (up: boolean) => vi.waitFor(() => expect(link.isUp).toBe(up), PATIENCE);
  return { link, run, logged, until };
}

test("begins while there is no server, says so once, and goes on when there is one", async () => {
  const port = await freePort();
  const { link, run, logged, until } = opened(`redis://127.0.0.1:${port}`);
  await vi.waitFor(() => expect(logged).toHaveLength(1), PATIENCE);
  expect(logged[0]).toContain("warn: Redis cannot be used");
  expect(logged[0]).toContain("ECONNREFUSED");
  await expect(link.run((redis) => redis.get("postern:a"))).rejects.toThrow("does not answer");
  await expect(link.tell("anything", 1_000)).rejects.toThrow("does not answer");
  await served({ port });
  await until(true);
  await run((redis) => redis.set("postern:a", "1", 60_000));
  expect(await run((redis) => redis.get("postern:a"))).toBe("1");
  expect(logged.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  expect(logged.at(-1)).toContain("info: Redis can be used again");
});

test("a server that is killed is missed at once, and found again when it is back, empty", async () => {
  const server = await served();
  const { link, run, logged, until } = opened(server.url);
  await until(true);
  await run((redis) => redis.set("postern:a", "1", 60_000));
  await server.kill();
  await until(false);
  await expect(link.run((redis) => redis.get("postern:a"))).rejects.toThrow("does not answer");
  await server.start();
  await until(true);
  expect(await run((redis) => redis.get("postern:a"))).toBeNull();
  expect(logged.filter((line) => line.startsWith("warn"))).toHaveLength(1);
});

test("a server that hangs costs one wait of 200 ms, then nothing until it answers again", async () => {
  const server = await served();
  const { link, run, until } = opened(server.url);
  await until(true);
  server.pause();
  const began = performance.now();
  const together = Array.from({ length: 50 }, () => link.run((redis) => redis.get("postern:a")));
  const settled = await Promise.allSettled(together);
  expect(settled.every(({ status }) => status === "rejected")).toBe(true);
  expect(performance.now() - began).toBeLessThan(1_000);
  const asked = performance.now();
  await expect(link.run((redis) => redis.get("postern:a"))).rejects.toThrow("does not answer");
  expect(performance.now() - asked).toBeLessThan(50);
  server.resume();
  await until(true);
  expect(await run((redis) => redis.get("postern:a"))).toBeNull();
});

test("a server that hangs for long is left, with one warning, and closing does not wait for it", async () => {
  const server = await served();
  const { link, logged, until } = opened(server.url);
  await until(true);
  server.pause();
  await vi.waitFor(() => expect(logged).toHaveLength(1), PATIENCE);
  expect(logged[0]).toContain("did not come back for 2 seconds");
  const began = performance.now();
  await link.close();
  expect(performance.now() - began).toBeLessThan(1_000);
  await expect(link.tell("anything", 1_000)).rejects.toThrow("does not answer");
});

test("more than a thousand commands at once are not even tried", async () => {
  const server = await served();
  const { link, until } = opened(server.url);
  await until(true);
  server.pause();
  let tried = 0;
  const together = Array.from({ length: 3_000 }, () =>
    link.run((redis) => {
      tried++;
      return redis.get("postern:a");
    }),
  );
  await Promise.allSettled(together);
  expect(tried).toBe(1_000);
  server.resume();
  await until(true);
});

/** As `docs/operations.md` has it. */
const ACL =
  "resetkeys ~postern:* resetchannels &postern:* -@all +publish +subscribe +get +set +eval +hset +hlen +hgetall +pttl +pexpire";

test("a user with the rights that the documentation names is enough, and a wrong password is told without it", async () => {
  const server = await served();
  await server.ask("acl", "setuser", "postern", "on", ">p@ss:w/rd", ...ACL.split(" "));
  const login = encodeURIComponent("p@ss:w/rd");
  const { link, run, logged, until } = opened(`redis://postern:${login}@127.0.0.1:${server.port}`);
  await until(true);
  expect(await run((redis) => redis.put("postern:n", "one", "2", 60_000))).toEqual([["one", "2"]]);
  await run((redis) => redis.set("postern:a", "1", 60_000));
  expect(await run((redis) => redis.get("postern:a"))).toBe("1");
  const refused = () =>
    vi.waitFor(() => expect(link.run((redis) => redis.get("elsewhere"))).rejects.toThrow("NOPERM"), PATIENCE);
  for (let tries = 0; tries < 3; tries++) await refused();
  expect(logged).toEqual([expect.stringContaining("warn: Redis refuses what it is asked")]);

  const wrong = opened(`redis://postern:hunter2@127.0.0.1:${server.port}`);
  await vi.waitFor(() => expect(wrong.logged).toHaveLength(1), PATIENCE);
  await vi.waitFor(async () => {
    const [{ count }] = (await server.ask("acl", "log", "1")) as [{ count: number }];
    expect(count).toBeGreaterThan(2);
  }, PATIENCE);
  expect(wrong.logged).toEqual([expect.stringContaining("WRONGPASS")]);
  expect(wrong.logged.join()).not.toContain("hunter2");
});

test("by TLS only to a server whose certificate is trusted", async () => {
  const certificate = selfSigned("localhost");
  const folder = mkdtempSync(join(tmpdir(), "postern-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(certificate))
    writeFileSync(join(folder, name), text, { mode: 0o644 });
  chmodSync(folder, 0o755);
  const port = await freePort();
  const files = ["--tls-cert-file", join(folder, "cert"), "--tls-key-file", join(folder, "key")];
  await served({ settings: ["--tls-port", String(port), ...files, "--tls-auth-clients", "no"] });
  const address = `rediss://localhost:${port}`;
  const doubting = opened(address);
  await vi.waitFor(() => expect(doubting.logged).toHaveLength(1), PATIENCE);
  expect(doubting.logged[0]).toMatch(/self-signed certificate/i);
  expect(doubting.link.isUp).toBe(false);
  await doubting.link.close();

  const trusted = getCACertificates("default");
  onTestFinished(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([certificate.cert]);
  const { run } = opened(address);
  await run((redis) => redis.set("postern:a", "1", 60_000));
  expect(await run((redis) => redis.get("postern:a"))).toBe("1");
});

test("a user who may not tell the others is an outage, said once", async () => {
  const server = await served();
  await server.ask("acl", "setuser", "mute", "on", ">secret", "~*", "&*", "+@all", "-publish");
  const { logged } = opened(`redis://mute:secret@127.0.0.1:${server.port}`);
  await vi.waitFor(() => expect(logged).toHaveLength(1), PATIENCE);
  expect(logged[0]).toMatch(/cannot be used.*NOPERM/);
});

test("the missing package is named with what installs it", async () => {
  const missing = importRedis(() => Promise.reject(new Error("Cannot find package")));
  await expect(missing).rejects.toThrow(ConfigError);
  await expect(missing).rejects.toThrow("npm install @redis/client");
});
