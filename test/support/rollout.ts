import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOfficeProcess, spawnBackOffice } from "./back-office-process.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { ALONE, askSession, trySigningIn } from "./load.ts";

export interface RolloutOptions {
  readonly database: string;
  /** Where instances write their log. */
  readonly logFile: string;
  /** What an instance of each version runs. */
  readonly scripts: { readonly old: string; readonly next: string };
  /** How many of the next version start at once. */
  readonly starting: number;
  /** Requests that must have been answered in each phase before the next begins. */
  readonly perPhase: number;
}

export interface RolloutReport {
  /** Requests that were answered as they should be, by phase. */
  readonly answered: Readonly<Record<string, number>>;
  readonly signIns: number;
  /** Everything else: what was asked in which phase, and what came of it. */
  readonly failed: readonly string[];
  /** What the instances have logged of requests that failed: why they did. */
  readonly logged: readonly string[];
  /** How often an instance has said that a newer version was at the database before it. */
  readonly noticed: number;
  /** The longest that a request took, in milliseconds, by phase. */
  readonly longest: Readonly<Record<string, number>>;
  /** Why old instances were not ready, other than that the machine was too busy to say so in time. */
  readonly unready: readonly string[];
}

const PEOPLE = 8;
/** Milliseconds between two requests of one person. */
const PAUSE = 100;

/**
 * Replaces two instances of one version by several of another behind one address, while people use the back office and
 * sign in. In the middle an old one is started again, as an orchestrator does when one has died.
 */
export async function rollOut(options: RolloutOptions): Promise<RolloutReport> {
  const [rehearsal, balancer] = [await startRehearsal(), await startBalancer()];
  const { database, logFile } = options;
  const told = { rehearsalUrl: rehearsal.url, database, logFile, options: { publicUrl: balancer.url } };
  const all: BackOfficeProcess[] = [];
  const start = async (script: string) => {
    const office = await spawnBackOffice(told, script);
    all.push(office);
    balancer.add(office.url);
    return office;
  };
  const startAll = (script: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => start(script)));
  const load = putLoad(balancer);
  const old: BackOfficeProcess[] = [];
  const watch = watchReadiness(old);
  try {
    old.push(...(await startAll(options.scripts.old, 2)));
    load.begin();
    await load.phase("old alone", options.perPhase);
    load.enter("next starting");
    await startAll(options.scripts.next, options.starting);
    await load.phase("side by side", options.perPhase);
    load.enter("old starting again");
    old.push(await start(options.scripts.old));
    await load.phase("side by side again", options.perPhase);
    const unready = await watch.end();
    load.enter("old leaving");
    for (const office of old) await takeOut(balancer, office);
    await load.phase("next alone", options.perPhase);
    const seen = await load.end();
    const logged = readLog(logFile);
    return { ...seen, ...logged, unready: [...unready, ...logged.unready] };
  } finally {
    await Promise.all([watch.end(), load.end()]);
    await Promise.all(all.map((office) => office.kill()));
    await balancer.close();
    await rehearsal.close();
  }
}

function readLog(file: string): Pick<RolloutReport, "logged" | "noticed" | "unready"> {
  const log = readFileSync(file, "utf8").split("\n");
  const linesOf = (message: string) => log.filter((line) => line.startsWith(message));
  const noticed = linesOf("a newer version has migrated the database").length;
  const unready = linesOf("this instance is not ready").filter((line) => !line.includes('"reason":"slow"'));
  return { logged: linesOf("a request failed"), noticed, unready };
}

/** As a load balancer does: nobody new is led there, and what is under way is waited for. */
async function takeOut(balancer: Balancer, office: BackOfficeProcess): Promise<void> {
  balancer.remove(office.url);
  while (balancer.open(office.url) > 0) await setTimeout(10);
  await office.kill();
}

/** People who click, and others who sign in, until the end. */
function putLoad({ url }: Balancer) {
  let phase = "";
  let isOver = false;
  let signIns = 0;
  const answered: Record<string, number> = {};
  const longest: Record<string, number> = {};
  const failed: string[] = [];
  const enter = (name: string) => {
    phase = name;
    answered[name] = 0;
    longest[name] = 0;
  };
  enter("beginning");

  /** Counts for the phase in which it was answered. */
  const ask = async (what: string, act: () => Promise<string | null>) => {
    const [begunIn, from] = [phase, performance.now()];
    const wrong = await act().catch((error: unknown) => String(error));
    longest[begunIn] = Math.max(longest[begunIn] ?? 0, performance.now() - from);
    if (wrong === null) answered[phase] = (answered[phase] ?? 0) + 1;
    else failed.push(`${what} (${begunIn}): ${wrong}`);
  };

  const signIn = async (n: number) => {
    const seen = await trySigningIn(url, n % 2 === 0 ? "rehearsal" : "github", `load-${n % 500}`);
    if (seen.kind !== "let-in") throw new Error(JSON.stringify(seen));
    signIns++;
    return seen.jar;
  };
  const arrivals = async (lane: number) => {
    for (let n = lane; !isOver; n += 2) await ask("sign-in", () => signIn(n).then(() => null));
  };
  const clicks = async (n: number) => {
    const jar = await signIn(1_000 + n);
    await setTimeout((n * PAUSE) / PEOPLE);
    while (!isOver) {
      await ask("guarded", async () => {
        const page = await new Person(url, { jar }).request("/api/me", { headers: ALONE });
        const body = await page.text();
        return page.status === 200 ? null : `${page.status} ${body}`;
      });
      await ask("session", async () => {
        const { status, email } = await askSession(url, jar);
        return email === `load-${(1_000 + n) % 500}@demo.example` ? null : `${status} ${email}`;
      });
      await setTimeout(PAUSE);
    }
  };
  let work: Promise<unknown> = Promise.resolve();
  return {
    enter,
    begin() {
      work = Promise.all([...[0, 1].map(arrivals), ...Array.from({ length: PEOPLE }, (_, n) => clicks(n))]);
      // Whoever waits for a phase, or for the end, hears of it.
      work.catch(() => {});
    },
    /** Enters it and resolves when so many requests were answered in it. */
    async phase(name: string, requests: number) {
      enter(name);
      const giveUpAt = performance.now() + 60_000;
      while ((answered[name] ?? 0) < requests && failed.length < 100) {
        if (performance.now() > giveUpAt) throw new Error(`${name}: only ${answered[name]} were answered`);
        await Promise.race([setTimeout(20), work.then(() => {})]);
      }
    },
    async end() {
      isOver = true;
      await work.catch((error: unknown) => failed.push(String(error)));
      return { answered, longest, failed, signIns };
    },
  };
}

/** Asks each, as a probe would, until the end. Where the store is to blame, only the log tells why. */
function watchReadiness(offices: readonly BackOfficeProcess[]) {
  const unready: string[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const { url } of offices) {
        const said = await fetch(`${url}/auth/health/ready`).then(async (response) => {
          const said = `${response.status} ${await response.text()}`;
          return response.status === 200 || said.includes('"store_unavailable"') ? null : said;
        }, String);
        if (said !== null) unready.push(said);
      }
      await setTimeout(100);
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return unready;
    },
  };
}
