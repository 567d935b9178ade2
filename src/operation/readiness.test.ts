import { expect, test, vi } from "vitest";
import { PosternError } from "../errors.ts";
import type { MigrationState } from "../model/store.ts";
import { createReadiness } from "./readiness.ts";

const APPLIED: MigrationState = { name: "0001-foundation", appliedAt: 1, isNewer: false };

/** A store that does what tests say, and a clock that they move. */
function setUp() {
  const world = { now: 0, looks: 0, ping: async () => {}, migrations: [APPLIED] };
  const logged: string[] = [];
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const readiness = createReadiness({
    store: {
      ping: () => {
        world.looks++;
        return world.ping();
      },
      migrations: async () => world.migrations,
    },
    log: { debug: write, info: write, warn: write, error: write },
    monotonic: () => world.now,
  });
  return { world, logged, readiness };
}

const many = (ask: () => Promise<unknown>) => Promise.all(Array.from({ length: 100 }, ask));

test("the store is looked at once a second, however many ask", async () => {
  const { world, readiness } = setUp();
  expect(new Set(await many(readiness.ask))).toEqual(new Set([null]));
  world.now = 999;
  await many(readiness.ask);
  expect(world.looks).toBe(1);
  world.now = 1_000;
  await many(readiness.ask);
  expect(world.looks).toBe(2);
});

test("what was found is not believed for longer than a second, in either direction, and the log tells of changes alone", async () => {
  const { world, logged, readiness } = setUp();
  world.ping = async () => {
    throw new PosternError("store_unavailable", "No.", { reason: "connection" });
  };
  expect(await readiness.ask()).toBe("store_unavailable");
  world.ping = async () => {};
  expect(await readiness.ask()).toBe("store_unavailable");
  world.now = 1_000;
  expect(await readiness.ask()).toBeNull();
  world.migrations = [APPLIED, { name: "0002", appliedAt: null, isNewer: false }];
  world.now = 2_000;
  expect(await readiness.ask()).toBe("migrations_pending");
  expect(logged.map((line) => line.slice(0, line.indexOf(" {")))).toEqual([
    "this instance is not ready",
    "this instance is ready again",
    "this instance is not ready",
  ]);
});

test("a database that this version cannot work beside is not ours to serve", async () => {
  const { world, readiness } = setUp();
  world.ping = async () => {
    throw new PosternError("migrations_pending", "Newer.", { reason: "database_newer" });
  };
  expect(await readiness.ask()).toBe("migrations_pending");
});

test("the log tells once that a newer version has migrated, and again of what comes later", async () => {
  const { world, logged, readiness } = setUp();
  const newer = (name: string): MigrationState => ({ name, appliedAt: 2, isNewer: true });
  const looks = [
    [APPLIED],
    [APPLIED, newer("9001")],
    [APPLIED, newer("9001")],
    [APPLIED, newer("9001"), newer("9002")],
  ];
  for (const states of [...looks, ...looks]) {
    world.migrations = states;
    world.now += 1_000;
    expect(await readiness.ask()).toBeNull();
  }
  const message = "a newer version has migrated the database: this one serves beside it";
  expect(logged).toEqual([`${message} {"migrations":["9001"]}`, `${message} {"migrations":["9001","9002"]}`]);
});

test("while the store hangs nobody waits long, and nobody hangs a second question on it", async () => {
  vi.useFakeTimers();
  const { world, readiness } = setUp();
  let goOn = () => {};
  world.ping = () => new Promise((resolve) => (goOn = resolve));
  const asked = many(readiness.ask);
  await vi.advanceTimersByTimeAsync(1_200);
  expect(new Set(await asked)).toEqual(new Set(["store_unavailable"]));

  // Whoever comes later is told at once.
  world.now = 60_000;
  const later = many(readiness.ask);
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(await later)).toEqual(new Set(["store_unavailable"]));
  expect(world.looks).toBe(1);

  goOn();
  await vi.advanceTimersByTimeAsync(0);
  world.ping = async () => {};
  const again = readiness.ask();
  await vi.advanceTimersByTimeAsync(0);
  expect(await again).toBeNull();
  vi.useRealTimers();
});
