import { PosternError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import type { Store } from "../model/store.ts";

/** Why an instance is to be sent no requests. */
export type Unready = "store_unavailable" | "migrations_pending";

/** Whether requests can be answered here. */
export interface Readiness {
  /** `null` = ready. Answers within two seconds, whatever the database does. Never rejects. */
  ask(): Promise<Unready | null>;
}

export interface ReadinessOptions {
  readonly store: Pick<Store, "ping" | "migrations">;
  readonly log: Log;
  /** Milliseconds of a clock that never jumps. Default `performance.now`. */
  readonly monotonic?: () => number;
}

/** Milliseconds from one look at the store to the next, however many ask. */
const LOOK_EVERY = 1_000;
/** Milliseconds after which a store that has not answered counts as none; the rest of two seconds is for the answer. */
const PATIENCE = 1_200;

interface Look {
  readonly begunAt: number;
  readonly found: Promise<Finding>;
  isOver: boolean;
}

interface Finding {
  readonly code: Unready | null;
  readonly error?: unknown;
  /** Migrations that a newer version has run. */
  readonly newer?: readonly string[];
}

const TOO_SLOW: Finding = {
  code: "store_unavailable",
  error: new PosternError("store_unavailable", "The database has not answered in time.", { reason: "slow" }),
};

/**
 * Says in the log when it changes, and only then: probes come every few seconds. Once, too, that a newer version has been
 * at the database: whoever has forgotten an old instance finds out by that.
 */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { store, log, monotonic = () => performance.now() } = options;
  let last: Look | null = null;
  let told: Unready | null = null;
  const toldNewer = new Set<string>();

  /** The look under way or the last one: while a database hangs, nobody hangs another question on it. */
  function look(): Look {
    const now = monotonic();
    if (last !== null && (!last.isOver || now - last.begunAt < LOOK_EVERY)) return last;
    const fresh: Look = { begunAt: now, found: findOut(store), isOver: false };
    fresh.found.then(() => {
      fresh.isOver = true;
    });
    last = fresh;
    return fresh;
  }

  function tell({ code, error, newer = [] }: Finding): void {
    if (code !== null && told === null) log.warn({ code, err: error }, "this instance is not ready");
    if (code === null && told !== null) log.info({}, "this instance is ready again");
    told = code;
    if (newer.every((name) => toldNewer.has(name))) return;
    for (const name of newer) toldNewer.add(name);
    log.warn({ migrations: newer }, "a newer version has migrated the database: this one serves beside it");
  }

  return {
    async ask() {
      const { begunAt, found } = look();
      const finding = await atMost(found, begunAt + PATIENCE - monotonic());
      tell(finding);
      return finding.code;
    },
  };
}

async function findOut(store: ReadinessOptions["store"]): Promise<Finding> {
  try {
    await store.ping();
    const states = await store.migrations();
    const newer = states.filter(({ isNewer }) => isNewer).map(({ name }) => name);
    return { code: states.some(({ appliedAt }) => appliedAt === null) ? "migrations_pending" : null, newer };
  } catch (error) {
    const isBehind = error instanceof PosternError && error.code === "migrations_pending";
    return { code: isBehind ? error.code : "store_unavailable", error };
  }
}

function atMost(found: Promise<Finding>, milliseconds: number): Promise<Finding> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(milliseconds, 0), TOO_SLOW);
    found.then((finding) => {
      clearTimeout(timer);
      resolve(finding);
    });
  });
}
