/**
 * `npm run bench:revocation`: how long somebody who is put out still comes in, in three processes that are each asked 200
 * times a second, while things go wrong. Starts servers of its own. `PEOPLE` sets how many are put out in each way with
 * each kind of servers (500); arguments choose among these: `postgres`, `redis`, `mariadb`. Exits with 1 when a limit is
 * broken.
 */

import { freshMysqlDatabase, startMysql } from "../../test/support/mysql.ts";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { startRedis } from "../../test/support/redis.ts";
import { ACT_NAMES } from "../../test/support/revocation/acts.ts";
import { type Outcome, putManyOut } from "../../test/support/revocation/put-many-out.ts";
import { openRevocationStage } from "../../test/support/revocation/revocation-stage.ts";
import { quantile } from "../session/statistics.ts";
import { KINDS, type Kind, situationsOf } from "./situations.ts";

const PEOPLE = Number(process.env.PEOPLE ?? 500);
/** Milliseconds: for 99 of 100, and for everybody. */
const LIMITS = { p99: 1_000, longest: 2_000 };
const TITLES = {
  postgres: "PostgreSQL alone",
  redis: "PostgreSQL with Redis",
  mariadb: "MariaDB alone",
} as const satisfies Record<Kind, string>;

let broken = 0;
const chosen = KINDS.filter((kind) => process.argv.length < 3 || process.argv.includes(kind));
for (const kind of chosen) await measure(kind);
console.log(broken === 0 ? "\nAll limits hold." : `\n${broken} limits are broken.`);
process.exitCode = broken === 0 ? 0 : 1;

async function measure(kind: Kind): Promise<void> {
  const server = await (kind === "mariadb" ? startMysql() : startPostgres());
  const database = await (kind === "mariadb" ? freshMysqlDatabase(server.url) : freshDatabase(server.url));
  const redis = kind === "redis" ? await startRedis() : null;
  const stage = await openRevocationStage(database, redis);
  try {
    console.log(`\n${TITLES[kind]}: milliseconds that somebody still came in somewhere`);
    for (const situation of situationsOf(kind, PEOPLE)) {
      const outcome = await putManyOut(stage, situation);
      const { disturbed, checksPerSecond } = outcome;
      const times = situation.disturb === undefined ? "" : `, ${disturbed} times`;
      console.log(`\n${situation.name}${times} (${checksPerSecond.toFixed(0)} checks a second)`);
      if (situation.disturb !== undefined && disturbed === 0) fail("Nothing was disturbed.");
      tell(outcome);
    }
  } finally {
    await stage.close();
    await redis?.stop();
    await server.stop();
  }
}

function tell({ measured, odd }: Outcome): void {
  for (const act of ACT_NAMES)
    tellRow(
      act,
      measured.filter((each) => each.act === act && each.origin === "process"),
    );
  tellRow(
    "command line",
    measured.filter(({ origin }) => origin === "command line"),
  );
  tellRow("all", measured);
  for (const delays of [measured.map(({ asked }) => asked), measured.map(({ answered }) => answered)])
    if (quantile(delays, 0.99) > LIMITS.p99 || quantile(delays, 1) > LIMITS.longest) fail("Too long.");
  for (const what of new Set(odd)) fail(`${what}, ${odd.filter((each) => each === what).length} times.`);
}

function tellRow(name: string, measured: Outcome["measured"]): void {
  const figures = (delays: readonly number[]) => {
    const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => quantile(delays, share).toFixed(0).padStart(4));
    return `p50 ${p50} p99 ${p99} longest ${longest}`;
  };
  const [asked, answered] = [measured.map((each) => each.asked), measured.map((each) => each.answered)];
  console.log(
    `  ${name.padEnd(13)} asked ${figures(asked)}   answered ${figures(answered)}   (${measured.length})`,
  );
}

function fail(sentence: string): void {
  broken++;
  console.log(`  BROKEN: ${sentence}`);
}
