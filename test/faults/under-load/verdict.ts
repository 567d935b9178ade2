import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { contradictions } from "../../support/contradictions.ts";
import { askSession, type Seen, type Span, trySigningIn } from "../../support/load.ts";
import { openRawDatabase, type RawDatabase } from "../../support/raw-database.ts";
import { type Attempt, type Cookie, type Crowd, STRANGER, type Who } from "./crowd.ts";
import type { House } from "./house.ts";

/** What was promised, and everything that breaks it. */
export interface Verdict {
  /** By promise: what was looked at, and what is wrong. */
  readonly promises: Readonly<Record<string, Judged>>;
}
interface Judged {
  readonly looked: number;
  readonly broken: readonly string[];
}

/** Milliseconds for which an outage is felt after its end: connections that were being made are made anew. */
const AFTERMATH = 3_000;

/** Looks at everything when the faults are over and the provider answers again. */
export async function judge(house: House, crowd: Crowd, sample: number): Promise<Verdict> {
  const raw = await openRawDatabase(house.database);
  try {
    const failed = await judgeFailures(house, crowd, raw);
    const cookies = await judgeCookies(house, crowd);
    const again = await judgeComingAgain(house, crowd, raw, sample);
    const inside = await judgeSessions(raw, crowd);
    const impossible = [...(await contradictions(raw)), ...(await doubles(raw))];
    return {
      promises: {
        "every cookie that was handed out works, or was revoked": cookies,
        "whoever was suspended is out within a second": {
          looked: crowd.suspended.length,
          broken: crowd.late,
        },
        "no session of a person who should not have one": inside,
        "no user without identity, nobody twice, nothing half-made": {
          looked: await count(raw, "select count(*) as count from postern_users"),
          broken: impossible,
        },
        "every failed attempt has its audit event": failed,
        "afterwards everybody comes in, as the user they were": again,
      },
    };
  } finally {
    await raw.close();
  }
}

const nameOf = ({ provider, persona }: Who) => `${persona} at ${provider}`;
const overlaps = (one: Span, others: readonly Span[], after: number) =>
  others.some(({ from, to }) => one.from <= to + after && one.to >= from);

async function judgeCookies(house: House, { cookies, suspended }: Crowd): Promise<Judged> {
  const out = new Set(suspended.map(nameOf));
  const broken: string[] = [];
  const judge = async (cookie: Cookie) => {
    const { who, jar, state } = cookie;
    for (const url of house.urls()) {
      const { status, email } = await askSession(url, jar);
      const isOpen = status === 200 && email === `${who.persona}@demo.example`;
      const mustBeShut = out.has(nameOf(who)) || state === "ended";
      const isRight = mustBeShut ? status === 401 : isOpen || (state === "unknown" && status === 401);
      if (!isRight) broken.push(`${nameOf(who)}, ${state}: ${status} ${email}`);
    }
  };
  await inTurn(cookies, judge);
  return { looked: cookies.length, broken };
}

/**
 * A failed attempt: one that a process of ours has answered with an error. It has its event, under the reference that
 * the answer tells, or the database was away and the log has the reference. Who got no answer at all was cut off by
 * `kill -9`, before anything could be written.
 */
async function judgeFailures(house: House, { attempts }: Crowd, raw: RawDatabase): Promise<Judged> {
  const rows = await raw.rows(
    "select reference, action, reason from postern_audit where reference is not null",
  );
  const events = new Map(rows.map(({ reference, action, reason }) => [reference, `${action} ${reason}`]));
  const log = house.log();
  const logged = new Map(
    log.split("\n").flatMap((line) => {
      const reference = /"reference":"([^"]+)"/.exec(line)?.[1];
      return reference === undefined ? [] : [[reference, line] as const];
    }),
  );
  const why = (attempt: Attempt): string | null => {
    const { seen } = attempt;
    if (seen.kind === "let-in") return null;
    if (seen.kind === "cut") {
      const isKilled = seen.step !== "provider" && overlaps(attempt, house.kills, 1_000);
      return isKilled ? null : "cut, and nobody was killed";
    }
    const { code, reference, status } = seen;
    if (reference === null || code === null) return `${status} ${code} without a reference`;
    const event = events.get(reference);
    if (code !== "store_unavailable")
      return event === `login.failed ${code}` ? null : `${code}: event ${event}`;
    if (!overlaps(attempt, house.outages, AFTERMATH)) return "store_unavailable, and the database was there";
    return logged.get(reference)?.includes("store_unavailable") ? null : "store_unavailable, not in the log";
  };
  const failed = attempts.filter(({ seen }) => seen.kind !== "let-in");
  const broken = failed.flatMap((attempt) => {
    const told = why(attempt);
    return told === null ? [] : [`${nameOf(attempt.who)} at ${JSON.stringify(attempt.seen)}: ${told}`];
  });
  return { looked: failed.length, broken };
}

/** Neither strangers nor the suspended have a session, and nobody has one that was ended. */
async function judgeSessions(raw: RawDatabase, { suspended, cookies }: Crowd): Promise<Judged> {
  const strangers =
    await raw.rows(`select s.id from postern_sessions s join postern_identities i on i.id = s.identity_id
    join postern_users u on u.id = s.user_id where u.status <> 'active' or i.email is null or i.email not like '%@demo.example'`);
  const ended = await raw.rows(`select s.id from postern_sessions s join postern_audit a
    on a.target = s.id and a.action = 'session.ended'`);
  const users = await raw.rows("select id from postern_users where status <> 'active'");
  const people = new Set(suspended.map(nameOf)).size;
  return {
    looked: await count(raw, "select count(*) as count from postern_sessions"),
    broken: [
      ...strangers.map(({ id }) => `${id} belongs to somebody who may not come in`),
      ...ended.map(({ id }) => `${id} was ended and is there`),
      ...(users.length === people ? [] : [`${people} people were suspended, ${users.length} users are`]),
      ...cookies.filter(({ who }) => who.persona === STRANGER).map(({ who }) => `${nameOf(who)} was let in`),
    ],
  };
}

/** One person at one provider is one user. */
async function doubles(raw: RawDatabase): Promise<readonly string[]> {
  const rows =
    await raw.rows(`select provider, email, count(distinct user_id) as users, count(*) as identities
    from postern_identities group by provider, email having count(*) > 1`);
  return rows.map((row) => `a person twice: ${JSON.stringify(row)}`);
}

/** Some of those who tried sign in once more: let in, as the same user; or refused, if they were suspended. */
async function judgeComingAgain(
  house: House,
  { attempts, suspended }: Crowd,
  raw: RawDatabase,
  sample: number,
): Promise<Judged> {
  const known = await raw.rows("select provider, email, user_id from postern_identities");
  const users = new Map(known.map((row) => [`${row.email} at ${row.provider}`, row.user_id]));
  const out = new Set(suspended.map(nameOf));
  const people = new Map(attempts.map(({ who }) => [nameOf(who), who]));
  const chosen = [...people.values()].slice(0, sample);
  const broken: string[] = [];
  await inTurn(chosen, async (who) => {
    const seen = await tryUntilProviderIsAsked(house, who);
    const mayEnter = who.persona !== STRANGER && !out.has(nameOf(who));
    if (seen.kind !== "let-in" || !mayEnter) {
      if (mayEnter || seen.kind !== "refused") broken.push(`${nameOf(who)}: ${JSON.stringify(seen)}`);
      return;
    }
    const { userId } = await askSession(house.balancer.url, seen.jar);
    const before = users.get(`${who.persona}@demo.example at ${who.provider}`);
    if (before !== undefined && before !== userId) broken.push(`${nameOf(who)} was ${before}, is ${userId}`);
  });
  return { looked: chosen.length, broken };
}

/** A process that has been let down five times leaves the provider alone for ten seconds. */
async function tryUntilProviderIsAsked({ balancer }: House, { provider, persona }: Who): Promise<Seen> {
  const giveUpAt = performance.now() + 30_000;
  for (;;) {
    const seen = await trySigningIn(balancer.url, provider, persona);
    const isLeftAlone = seen.kind === "refused" && seen.code === "provider_unavailable";
    if (!isLeftAlone || performance.now() > giveUpAt) return seen;
    await setTimeout(200);
  }
}

async function count(raw: RawDatabase, sql: string): Promise<number> {
  return Number((await raw.rows(sql))[0]?.count);
}

/** A few at a time. */
async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}
