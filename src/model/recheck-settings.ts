import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";

/** When people are looked at again at their provider. Milliseconds. */
export interface RecheckSettings {
  /** How often. */
  readonly interval: number;
  /** How long somebody stays signed in while their provider cannot be asked. */
  readonly grace: number;
}

const NAMES = ["interval", "grace"] as const satisfies readonly (keyof RecheckSettings)[];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Checks `recheck` of the options. `null` = nobody is looked at again. */
export function checkRecheckSettings(
  value: Partial<RecheckSettings> | false | undefined,
  report: Report,
): RecheckSettings | null {
  if (value === false) return null;
  const given: Partial<RecheckSettings> = value ?? {};
  if (typeof given !== "object" || given === null) {
    report("recheck", "is neither false nor an object", "Write recheck: { interval: 15 * 60 * 1000 }.");
    return null;
  }
  checkNames(given, NAMES, "recheck.", report);
  const settings = { interval: given.interval ?? 15 * MINUTE, grace: given.grace ?? DAY };
  if (!(Number.isInteger(settings.interval) && settings.interval >= MINUTE && settings.interval <= DAY)) {
    report("recheck.interval", "is not from 1 minute to 1 day", "Give milliseconds: 15 * 60 * 1000.");
  }
  if (!(Number.isInteger(settings.grace) && settings.grace >= settings.interval)) {
    report(
      "recheck.grace",
      "is shorter than recheck.interval or not a number",
      "Give milliseconds: 24 * 60 * 60 * 1000 for a day.",
    );
  }
  return settings;
}
