import type { Sealer } from "../crypto/seal.ts";
import type { SharedCounter } from "../model/shared-memory.ts";
import type { RedisLink } from "./redis-link.ts";

/** Counts in Redis. What is counted, such as an address, cannot be read there. */
export function redisCounter(
  link: RedisLink,
  sealer: Pick<Sealer, "sign">,
  house: () => string,
): SharedCounter {
  return {
    async add(key, window, n) {
      const name = `postern:${house()}:count:${sealer.sign("redis-key", key)}`;
      try {
        const sum = await link.run((redis) => redis.add(name, n, window));
        return Number.isSafeInteger(sum) ? sum : null;
      } catch {
        return null;
      }
    },
  };
}
