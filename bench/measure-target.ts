import type { Environment } from "./environment.ts";
import { signInMany } from "./load/sign-in.ts";
import { type GrowthResult, measureGrowth } from "./measures/growth.ts";
import { type InstallResult, measureInstall } from "./measures/install.ts";
import type { Disturbance } from "./measures/round.ts";
import { measureRoute, type RouteResult } from "./measures/routes.ts";
import { formOf, measureSignIns, type SignInResult } from "./measures/sign-ins.ts";
import { measureStart, type StartResult } from "./measures/start.ts";
import { verifyGuards } from "./measures/verify.ts";
import { type RunningServer, type ServerSettings, startServer, Unavailable } from "./server.ts";
import type { Size } from "./sizes.ts";
import { bareNameOf, FLOOR, TARGETS, type Target } from "./targets.ts";

/** People whose sessions the routes are asked with. */
const SIGNED_IN = 50;

/** Everything that is known about one target. */
export type TargetResult =
  | { readonly name: string; readonly skipped: string }
  | {
      readonly name: string;
      readonly json: RouteResult;
      readonly page: RouteResult;
      /** `null`: nobody signs in there. */
      readonly signIn: SignInResult | null;
      readonly start: StartResult;
      /** `null`: nothing is installed from npm. */
      readonly install: InstallResult | null;
      /** `null`: it keeps no sessions. */
      readonly growth: readonly GrowthResult[] | null;
      readonly disturbance: Disturbance;
    };

/** And how long it took to find out. */
export type MeasuredTarget = TargetResult & { readonly minutes: number };

/** Measures a target from every side. @throws Error when it does not do what it is said to do */
export async function measureTarget(
  target: Target,
  environment: Environment,
  size: Size,
): Promise<TargetResult> {
  try {
    return await measure(target, environment, size);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { name: target.name, skipped: error.message };
  }
}

async function measure(target: Target, environment: Environment, size: Size): Promise<TargetResult> {
  const { cores } = environment;
  const settings = await environment.settingsFor(target);
  const disturbance = { rounds: 0, repeated: 0, disturbed: 0 };
  const asked = await measureAnswers(target, settings, environment, size, disturbance);
  return {
    name: target.name,
    ...asked,
    start: await measureStart(target, settings, size, cores),
    install: target.packages.length === 0 ? null : measureInstall(target.packages),
    growth:
      target.keeps === "nothing" || target.keeps === "cookie"
        ? null
        : await measureGrowth(target, await environment.settingsFor(target), size, cores),
    disturbance,
  };
}

/** What is measured beside other servers: the same framework's without authentication, and the floor of a sign-in. */
async function measureAnswers(
  target: Target,
  settings: ServerSettings,
  environment: Environment,
  size: Size,
  disturbance: Disturbance,
) {
  const { cores } = environment;
  const running: RunningServer[] = [];
  const start = async (which: Target, its: ServerSettings) => {
    const server = await startServer(which, its, cores);
    running.push(server);
    return server;
  };
  try {
    const server = await start(target, settings);
    await verifyGuards(server);
    const bareTarget = TARGETS.find(({ name }) => name === bareNameOf(target)) ?? target;
    const bare = await start(bareTarget, await environment.settingsFor(bareTarget));
    const people = { first: 100, count: SIGNED_IN };
    const cookies = server.signIn === undefined ? [""] : await signInMany(server.url, formOf(server), people);
    const by = { size, cores, disturbance };
    const json = await measureRoute(bare, server, "json", cookies, by);
    const page = await measureRoute(bare, server, "page", cookies, by);
    if (server.signIn === undefined) return { json, page, signIn: null };
    const floor = await start(FLOOR, await environment.settingsFor(FLOOR));
    return { json, page, signIn: await measureSignIns(floor, server, by) };
  } finally {
    for (const server of running) await server.stop();
  }
}
