import { afterAll, beforeAll, expect, test } from "vitest";
import { type Environment, openEnvironment } from "./environment.ts";
import { measureTarget } from "./measure-target.ts";
import { verifyGuards } from "./measures/verify.ts";
import { type RunningServer, startServer } from "./server.ts";
import { SIZES } from "./sizes.ts";
import { pickTargets } from "./targets.ts";

let environment: Environment;
const running = new Map<string, RunningServer>();

beforeAll(async () => {
  environment = await openEnvironment(null);
});
afterAll(async () => {
  for (const server of running.values()) await server.stop();
  await environment.close();
});

/** Eight processes in all: on a machine that has other work to do they take longer than to be measured. */
const PATIENCE = 120_000;

test("everything about Postern can be measured, and is a number", { timeout: PATIENCE }, async () => {
  const [target] = pickTargets(["postern-hono-sqlite"]);
  if (target === undefined) throw new Error("There is no such target.");
  const result = await measureTarget(target, environment, SIZES.quick);
  if ("skipped" in result) throw new Error(result.skipped);
  const { json, page, signIn, start, install, growth } = result;
  const figures = [
    ...[json, page].flatMap(({ requestsPerSecond, cpu, share, p50, p99 }) =>
      [requestsPerSecond, cpu, share, p50, p99].map(({ median }) => median),
    ),
    ...[signIn?.cpu.median, signIn?.ratio.median, start.firstAnswer.median, start.idle, start.afterSignIns],
    ...[install?.packages, install?.megabytes],
    ...(growth ?? []).flatMap(({ first, again, signIn, memory }) => [first, again, signIn, memory]),
  ];
  expect(figures.filter((figure) => !(typeof figure === "number" && figure > 0))).toEqual([]);
  expect(growth?.map(({ sessions }) => sessions)).toEqual(SIZES.quick.stored);
});

test.each(["bare-node", "postern-node-sqlite", "postern-express-sqlite"])(
  "%s is what it is said to be",
  async (name) => {
    await verifyGuards(await startTarget(name));
  },
);

test("a door that stands open is not measured", async () => {
  const open = await startTarget("bare-node");
  const guarded = await startTarget("postern-node-sqlite");
  await expect(verifyGuards({ ...open, signIn: guarded.signIn })).rejects.toThrow("nobody to be let in");
});

async function startTarget(name: string): Promise<RunningServer> {
  const known = running.get(name);
  if (known !== undefined) return known;
  const [target] = pickTargets([name]);
  if (target === undefined) throw new Error("There is no such target.");
  const server = await startServer(target, await environment.settingsFor(target), null);
  running.set(name, server);
  return server;
}
