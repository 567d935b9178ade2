import { ConfigError } from "../errors.ts";

/** A length of time as people write it: `30s`, `10m`, `1h`. */
export type Duration = `${bigint}${"s" | "m" | "h"}`;

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** The same in milliseconds. @throws ConfigError for anything that is no whole number above 0 with a unit */
export function milliseconds(duration: Duration, path: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smh])$/.exec(String(duration)) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * UNITS[unit as keyof typeof UNITS];
  throw new ConfigError([
    {
      path,
      message: `is ${JSON.stringify(duration)}`,
      fix: "Write a whole number and a unit: 30s, 10m or 1h.",
    },
  ]);
}
