import type { Recheck } from "../model/recheck.ts";
import type { Runtime } from "../runtime.ts";
import type { TokenBroker } from "../vault/token-broker.ts";
import { type Rechecked, recheckIdentity } from "./recheck-identity.ts";
import { farthest, untilNext } from "./recheck-times.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "policy" | "providers" | "sessionCache" | "sealer" | "now" | "log"
>;

/** Looks at people again, beside everything else. */
export interface RecheckWorker {
  /** Looks at everybody who is due now; resolves when that has been done. Never rejects. Answers what came of it. */
  recheckDue(): Promise<readonly Rechecked[]>;
  /** From now on looks every half minute. Keeps no process alive. */
  start(): void;
  /** Waits for those that are being looked at. */
  close(): Promise<void>;
}

/** How often to look, in milliseconds. */
const TICK = 30_000;
/** How many people are asked about at the same time: a provider must not be hammered through us. */
const AT_ONCE = 4;

/** Makes the worker of one instance. `random` answers from [0, 1). */
export function createRecheckWorker(
  runtime: Uses,
  broker: Pick<TokenBroker, "renewed">,
  random: () => number = Math.random,
): RecheckWorker {
  const { settings, store, now, log } = runtime;
  const times = settings.recheck;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let going: Promise<readonly Rechecked[]> | null = null;

  /** Puts each off by a whole interval: whoever is cut off is looked at then, by whichever instance. */
  function claim(interval: number): Promise<readonly (Recheck & { readonly heldUntil: number })[]> {
    const until = new Map<string, number>();
    return store.transaction(async (tx) => {
      const due = { now: now(), farthest: farthest({ interval }), limit: AT_ONCE };
      const claimed = await tx.rechecks.claim(due, ({ identityId }) => {
        const next = now() + untilNext({ interval }, 0, random());
        until.set(identityId, next);
        return next;
      });
      return claimed.map((recheck) => ({ ...recheck, heldUntil: until.get(recheck.identityId) ?? 0 }));
    });
  }

  async function one(recheck: Recheck & { readonly heldUntil: number }): Promise<Rechecked> {
    try {
      const { heldUntil } = recheck;
      return await recheckIdentity(runtime, broker, { recheck, heldUntil, random: random() });
    } catch (error) {
      log.warn({ err: error, identityId: recheck.identityId }, "somebody could not be looked at again");
      return "untold";
    }
  }

  async function round(interval: number): Promise<readonly Rechecked[]> {
    const outcomes: Rechecked[] = [];
    while (!closed) {
      const claimed = await claim(interval);
      if (claimed.length === 0) break;
      outcomes.push(...(await Promise.all(claimed.map(one))));
    }
    return outcomes;
  }

  async function recheckDue(): Promise<readonly Rechecked[]> {
    if (closed || times === null) return [];
    going ??= round(times.interval)
      .catch((error: unknown) => {
        log.warn({ err: error }, "nobody could be looked at again");
        return [];
      })
      .finally(() => {
        going = null;
      });
    return going;
  }

  return {
    recheckDue,
    start() {
      if (times === null || closed || !settings.providers.some(({ keepTokens }) => keepTokens)) return;
      timer ??= setInterval(() => void recheckDue(), TICK).unref();
    },
    async close() {
      closed = true;
      if (timer !== null) clearInterval(timer);
      await going;
    },
  };
}
