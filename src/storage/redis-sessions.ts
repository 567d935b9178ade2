import type { Sealer } from "../crypto/seal.ts";
import type { SessionSnapshot } from "../model/session.ts";
import type { SharedSession, SharedSessions, Witnesses } from "../model/shared-memory.ts";
import type { Signals } from "../model/signals.ts";
import type { RedisLink } from "./redis-link.ts";
import type { Peers } from "./redis-peers.ts";

/** Milliseconds; nobody believes them for longer. */
const LIFETIME = 900;
/** Another number whenever what is kept looks different: versions that run side by side then leave each other's alone. */
const FORMAT = 1;

export interface RedisSessionsOptions {
  readonly link: RedisLink;
  readonly peers: Peers;
  readonly sealer: Sealer;
  readonly house: () => string;
  /** The store's own. While they prove anything, processes keep what they read for longer than could be shared. */
  readonly signals: Signals;
}

/** Sessions in Redis: sealed, each for its own secret and database, and believed only as far as `peers` proves when they were read. */
export function redisSessions({ link, peers, sealer, house, signals }: RedisSessionsOptions): SharedSessions {
  const keyOf = (secretHash: string) => `postern:${house()}:session:${secretHash}`;
  const contextOf = (secretHash: string) => `${FORMAT}:${house()}:${secretHash}`;

  function isOfUse(): boolean {
    return link.isUp && signals.look(performance.now()).until === Number.NEGATIVE_INFINITY;
  }

  function open(secretHash: string, sealed: string | null): SharedSession | null {
    const opened = sealed === null ? null : sealer.open("redis-session", sealed, contextOf(secretHash));
    if (opened === null) return null;
    // Sealed by one of us in this format, for this secret.
    const { witnesses, snapshot } = opened as Shared;
    const mark = peers.sentAt(witnesses);
    return mark === null ? null : { snapshot, mark };
  }

  return {
    find(secretHash) {
      if (!isOfUse() || peers.witnesses().length === 0) return null;
      return link
        .run((redis) => redis.get(keyOf(secretHash)))
        .then((sealed) => open(secretHash, sealed))
        .catch(() => null);
    },
    witnesses: () => peers.witnesses(),
    put(secretHash, snapshot, witnesses) {
      if (witnesses.length === 0 || !isOfUse()) return;
      const sealed = sealer.seal(
        "redis-session",
        { witnesses, snapshot } satisfies Shared,
        contextOf(secretHash),
      );
      link.run((redis) => redis.set(keyOf(secretHash), sealed, LIFETIME)).catch(() => {});
    },
  };
}

interface Shared {
  readonly witnesses: Witnesses;
  readonly snapshot: SessionSnapshot;
}
