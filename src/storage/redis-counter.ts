import type { Sealer } from "../crypto/seal.ts";
import type { OwnCount, SharedCounter } from "../model/shared-memory.ts";
import type { RedisLink } from "./redis-link.ts";

/**
 * Counts in Redis. What is counted, such as an address, cannot be read there; and each number is sealed for its instance,
 * so that whoever writes there can make counts smaller, which refuses nobody, and none larger than it has been.
 */
export function redisCounter(
  link: RedisLink,
  sealer: Pick<Sealer, "sign" | "seal" | "open">,
  house: () => string,
): SharedCounter {
  return {
    async tell(key, window, { instance, count }: OwnCount) {
      const name = `postern:${house()}:count:${sealer.sign("redis-key", key)}`;
      const contextOf = (who: string) => `${name} ${who}`;
      try {
        const sealed = sealer.seal("redis-count", count, contextOf(instance));
        const told = await link.run((redis) => redis.put(name, instance, sealed, window));
        let elsewhere = 0;
        for (const [who, value] of told) {
          const theirs = who === instance ? 0 : sealer.open("redis-count", value, contextOf(who));
          if (typeof theirs === "number") elsewhere += theirs;
        }
        return elsewhere;
      } catch {
        return null;
      }
    },
  };
}
