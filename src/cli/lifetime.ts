/** `90m`, `72h` or `7d` in milliseconds; `null` = it is none of those, or longer than `longest`. */
export function readTime(text: string, longest: number): number | null {
  const [, count, unit = ""] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const lifetime = Number(count) * (UNITS[unit] ?? Number.NaN);
  return lifetime <= longest ? lifetime : null;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
