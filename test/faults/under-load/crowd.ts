import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { PosternError } from "../../../src/index.ts";
import type { CookieJar } from "../../../src/testing/cookie-jar.ts";
import { Person } from "../../../src/testing/person.ts";
import { ALONE, askSession, type Seen, type Span, timed, trySigningIn } from "../../support/load.ts";
import { below } from "../../support/seeded.ts";
import type { House } from "./house.ts";

/** Somebody at one of the two providers, where they are one user of their own. */
export interface Who {
  readonly provider: "rehearsal" | "github";
  readonly persona: string;
}

/** One sign-in that was tried, when, and what came of it. */
export interface Attempt extends Span {
  readonly who: Who;
  readonly seen: Seen;
}

/** A cookie that was handed out. */
export interface Cookie {
  readonly who: Who;
  readonly jar: CookieJar;
  /** `ended` = signed out, and told so; `unknown` = asked to, and not told. */
  state: "signed-in" | "ended" | "unknown";
}

export interface Crowd {
  readonly attempts: readonly Attempt[];
  readonly cookies: readonly Cookie[];
  /** Who was suspended while they signed in. */
  readonly suspended: readonly Who[];
  /** Cookies of people suspended more than a second ago that still opened something. */
  readonly late: readonly string[];
}

export interface CrowdOptions {
  readonly house: House;
  readonly random: () => number;
  /** How many sign-ins are tried, at least. */
  readonly signIns: number;
  /** Every so many sign-ins an administrator suspends somebody who has come in. */
  readonly suspendEvery: number;
  /** Is told how many have been begun; false = enough. */
  readonly goOn: (begun: number) => boolean;
}

/** At the same time. */
const LANES = 24;
/** How long people look at an error before they try again, in milliseconds. */
const BREATH = 150;
/** Nobody lets her in. */
export const STRANGER = "mallory";
/** How long after a suspension nothing may open any more, in milliseconds. */
const BOUND = 1_000;

/** Lets people sign in, a few at a time, until it is enough. Half of them come again and again, also at once. */
export async function crowd(options: CrowdOptions): Promise<Crowd> {
  const { house, random, signIns, suspendEvery, goOn } = options;
  const attempts: Attempt[] = [];
  const cookies: Cookie[] = [];
  const suspended: Who[] = [];
  const late: string[] = [];
  const errands: Promise<unknown>[] = [];
  let begun = 0;

  const signIn = async (): Promise<void> => {
    const who = pick(random, signIns);
    const {
      from,
      to,
      result: seen,
    } = await timed(() => trySigningIn(house.balancer.url, who.provider, who.persona));
    attempts.push({ who, seen, from, to });
    if (seen.kind !== "let-in") return void (await setTimeout(BREATH));
    const cookie: Cookie = { who, jar: seen.jar, state: "signed-in" };
    cookies.push(cookie);
    if (random() < 0.2) await signOut(house, cookie);
  };
  const lane = async () => {
    while (goOn(begun)) {
      begun++;
      if (begun % suspendEvery === 0) {
        const victim = cookies[below(random, Math.max(cookies.length, 1))];
        if (victim !== undefined) errands.push(suspend(house, victim, suspended, late));
      }
      await signIn();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await Promise.all(errands);
  return { attempts, cookies, suspended, late };
}

/** One in thirty is a stranger; of the others, half are of a few whom everybody knows. */
function pick(random: () => number, signIns: number): Who {
  const provider = random() < 0.5 ? "rehearsal" : "github";
  if (random() < 1 / 30) return { provider, persona: STRANGER };
  const most = random() < 0.5 ? Math.ceil(signIns / 100) : signIns;
  return { provider, persona: `load-${below(random, most)}` };
}

async function signOut({ balancer }: House, cookie: Cookie): Promise<void> {
  // As a browser, which has its cookie until it is told otherwise.
  const browser = new Person(balancer.url, { jar: cookie.jar.copy() });
  cookie.state = "unknown";
  const answer = await browser.post("/auth/sign-out", {}, ALONE).catch(() => null);
  if (answer?.status === 303) cookie.state = "ended";
}

/** As an administrator does, who tries again while the database is away; then looks whether it has come to everybody. */
async function suspend(house: House, victim: Cookie, suspended: Who[], late: string[]): Promise<void> {
  const { provider, persona } = victim.who;
  await untilAnswered(async () => {
    const found = await house.door.users.find(`${provider}:${persona}@demo.example`);
    for (const { id } of found) await house.door.users.suspend(id, "job:faults", "left the company");
    if (found.length !== 1) throw new Error(`${persona} is ${found.length} users at ${provider}`);
  });
  suspended.push(victim.who);
  const since = performance.now();
  await setTimeout(BOUND);
  for (const url of house.urls()) {
    const asked = await askSession(url, victim.jar).catch(() => null);
    if (asked?.status === 200) {
      late.push(
        `${persona} at ${provider}, ${Math.round(performance.now() - since)} ms after the suspension`,
      );
    }
  }
}

/** Until the database is there again; anything else that goes wrong is a failure. */
async function untilAnswered(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PosternError) || error.code !== "store_unavailable") throw error;
    }
    await setTimeout(BREATH);
  }
}
