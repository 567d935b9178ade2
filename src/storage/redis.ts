import type { Sealer } from "../crypto/seal.ts";
import type { Log } from "../model/log.ts";
import type { RedisPlace } from "../model/redis-address.ts";
import type { ReadMark, SharedMemory } from "../model/shared-memory.ts";
import type { Changed, Signals } from "../model/signals.ts";
import { importRedis } from "./redis-connection.ts";
import { redisCounter } from "./redis-counter.ts";
import { createRedisLink } from "./redis-link.ts";
import { openNotice, sealNotice } from "./redis-notices.ts";
import { createPeers } from "./redis-peers.ts";
import { redisSessions } from "./redis-sessions.ts";
import { createTeller } from "./redis-teller.ts";

export interface RedisOptions {
  readonly place: RedisPlace;
  readonly sealer: Sealer;
  readonly log: Log;
}

/** Redis or Valkey beside a store. The store stays the truth: losing this slows things down and loses nothing. */
export interface Redis {
  /**
   * Says which database this stands beside, before which it does nothing: several may share one Redis, and even a secret.
   */
  settle(database: string): void;
  /** To be called after a change has been committed. */
  tell(changed: Changed): void;
  /** The store's signals, and what Redis tells besides; it proves nothing. */
  signals(own: Signals): Signals;
  /** `own` are the store's signals. */
  memory(own: Signals): SharedMemory;
  /** Tells what is still to be told. */
  close(): Promise<void>;
}

/** Milliseconds from one beat to the next while anybody looks, and otherwise. */
const BEAT = 150;
const IDLE_BEAT = 1_000;
/** Milliseconds for each other process that is heard, so that a crowd does not only listen to itself. */
const BEAT_PER_PEER = 5;
/** Milliseconds without anybody looking after which beats become rare. */
const IDLE = 60_000;
/** Milliseconds after which it makes no difference any more whether the others hear of a change. */
const TOO_LATE = 900;

/** Connects at the first need. @throws ConfigError when `@redis/client` is not installed. */
export async function openRedis({ place, sealer, log }: RedisOptions): Promise<Redis> {
  await importRedis();
  const peers = createPeers();
  const ears = new Set<(changed: Changed) => void>();
  let mark: () => ReadMark = () => ({ at: performance.now(), epoch: 0 });
  let lookedAt = performance.now();
  let house: string | null = null;
  const settled = (): string => {
    if (house === null) throw new Error("Redis was asked before it was said what for.");
    return house;
  };

  const link = createRedisLink({
    place,
    log,
    channel: () => `postern:${settled()}:notices`,
    beat: () => sealNotice(sealer, settled(), peers.next(mark())),
    pause: () =>
      performance.now() - lookedAt > IDLE
        ? IDLE_BEAT
        : Math.max(BEAT, BEAT_PER_PEER * peers.witnesses().length),
    hear(message) {
      const notice = openNotice(sealer, settled(), message);
      if (notice === null) return null;
      if ("beat" in notice) return peers.hear(notice);
      for (const ear of ears) ear(notice.changed);
      return null;
    },
  });
  const teller = createTeller((changed) => link.tell(sealNotice(sealer, settled(), { changed }), TOO_LATE));

  return {
    settle: (database) => {
      house = sealer.sign("redis-key", `${sealer.keyId} ${database}`);
    },
    tell: (changed) => {
      if (house !== null) teller.tell(changed);
    },
    signals: (own) => ({
      look(now) {
        lookedAt = now;
        return own.look(now);
      },
      listen(listener) {
        own.listen(listener);
        ears.add(listener);
      },
      longest: own.longest,
      heardAfter: own.heardAfter,
      state: (now) => own.state(now),
    }),
    memory: (own) => ({
      start: link.start,
      shareSessions(marker) {
        mark = marker;
        return redisSessions({ link, peers, sealer, house: settled, signals: own });
      },
      counter: redisCounter(link, sealer, settled),
    }),
    async close() {
      await teller.told();
      await link.close();
    },
  };
}
