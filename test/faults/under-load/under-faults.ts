import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { seeded } from "../../support/seeded.ts";
import { type Crowd, crowd } from "./crowd.ts";
import { type House, openHouse } from "./house.ts";
import { judge, type Verdict } from "./verdict.ts";
import { stormy } from "./weather.ts";

export interface UnderFaultsOptions {
  /** How many sign-ins are tried, at least, */
  readonly signIns: number;
  /** and how often something breaks meanwhile. */
  readonly faults: number;
  /** How many people sign in once more afterwards. */
  readonly sample: number;
  /** Milliseconds after which no further sign-in is tried. */
  readonly limit: number;
  readonly seed: number;
}

export interface UnderFaultsReport extends Verdict {
  readonly tried: number;
  /** How each ended: `let in`, `cut`, or the code of the refusal. */
  readonly ends: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Of the sign-ins, and of everything. */
  readonly seconds: { readonly load: number; readonly whole: number };
}

/** Lets people sign in over three processes while everything breaks; then looks at what was promised. */
export async function underFaults(options: UnderFaultsOptions): Promise<UnderFaultsReport> {
  const begun = performance.now();
  const since = (moment: number) => (performance.now() - moment) / 1_000;
  const random = seeded(options.seed);
  const house = await openHouse({ random });
  try {
    const opened = performance.now();
    const every = Math.ceil(options.signIns / (options.faults + 1));
    const weather = stormy(house, random, every);
    const came = await crowd({
      ...options,
      house,
      random,
      suspendEvery: Math.ceil(every / 2),
      goOn: (begun) => {
        weather.at(begun);
        const isEnough = begun >= options.signIns && weather.passed() >= options.faults;
        return !isEnough && performance.now() - opened < options.limit;
      },
    });
    const faults = await weather.clear();
    const load = since(opened);
    house.recover();
    await untilReady(house);
    const verdict = await judge(house, came, options.sample);
    return {
      ...verdict,
      tried: came.attempts.length,
      ends: endsOf(came),
      faults,
      seconds: { load, whole: since(begun) },
    };
  } finally {
    await house.close();
  }
}

/** Until every process has its database again. */
async function untilReady(house: House): Promise<void> {
  for (const url of house.urls()) {
    const giveUpAt = performance.now() + 30_000;
    while ((await fetch(`${url}/auth/health/ready`)).status !== 200) {
      if (performance.now() > giveUpAt) throw new Error(`${url} does not become ready`);
      await setTimeout(100);
    }
  }
}

function endsOf({ attempts }: Crowd): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { seen } of attempts) {
    const end = seen.kind === "refused" ? `${seen.status} ${seen.code}` : seen.kind;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}
