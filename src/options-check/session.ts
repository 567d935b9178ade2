import type { Report } from "../model/rule-vocabulary.ts";
import type { SessionLimits } from "../model/session.ts";
import type { PosternOptions, Settings } from "../options.ts";
import { checkKeys } from "./keys.ts";

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

const DAY = 24 * HOUR;

const SESSION_NAMES = ["idle", "absolute"] as const satisfies readonly (keyof SessionLimits)[];

/** A visit is written up to 70 seconds late, so a shorter idle time would put people out who are at work. */
const SHORTEST_SESSION = 5 * MINUTE;

/** Fills in `session` and reports what is wrong with it. */
export function checkSession(value: PosternOptions["session"], report: Report): Settings["session"] {
  checkKeys(value ?? {}, SESSION_NAMES, "session.", report);
  const limits = { idle: value?.idle ?? 8 * HOUR, absolute: value?.absolute ?? 7 * DAY };
  for (const name of SESSION_NAMES) {
    if (!(Number.isFinite(limits[name]) && limits[name] >= SHORTEST_SESSION)) {
      report(
        `session.${name}`,
        "is less than five minutes or not a number",
        "Give milliseconds: 8 * 60 * 60 * 1000 for eight hours.",
      );
    }
  }
  if (limits.idle > limits.absolute) {
    report("session.idle", "is longer than session.absolute", "Make it the shorter of the two.");
  }
  return limits;
}
