import { type RedisPlace, readRedisAddress } from "../model/redis-address.ts";
import type { Report } from "../model/rule-vocabulary.ts";

/** `null` = none. The value itself stays out of the message: it may hold a password. */
export function checkRedis(value: unknown, report: Report): RedisPlace | null {
  // An empty variable is one that is not set.
  if (value === undefined || value === "") return null;
  const read = typeof value === "string" ? readRedisAddress(value) : "is not a text";
  if (typeof read !== "string") return read;
  report(
    "redis",
    read,
    'Use "redis://user:password@host:6379", "rediss://…" for TLS, "redis+cluster://host:6379,host:6379" or "redis+sentinel://host:26379,host:26379/name".',
  );
  return null;
}
