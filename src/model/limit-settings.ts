import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";

/** How often something may happen in a span of time, unless the options say otherwise. */
interface LimitRow {
  /** Whose count it is; `everybody` = there is one for all. */
  readonly by: "address" | "person" | "provider" | "endpoint" | "everybody";
  readonly most: number;
  /** Milliseconds. */
  readonly within: number;
  /** Other instances are told of each; of everything else only once a good part of it is used up. */
  readonly isFailure?: true;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** THE TABLE of what is limited. An address is one of IPv4, or a /64 of IPv6. */
export const LIMITS = {
  /** Sign-ins, confirmations and links that were begun and have not come to a good end. */
  starts: { by: "address", most: 1_000, within: 10 * MINUTE },
  /** The same, at one provider. */
  startsAtProvider: { by: "provider", most: 20_000, within: 10 * MINUTE },
  /** Arrivals of one person from a provider, let in or not. */
  arrivals: { by: "person", most: 100, within: 10 * MINUTE },
  /** Times that somebody who is signed in was sent to a provider, to confirm that it is them or to add an account. */
  confirmations: { by: "person", most: 20, within: 10 * MINUTE },
  /** Sign-ins that came to nothing. */
  failures: { by: "address", most: 60, within: 10 * MINUTE, isFailure: true },
  /** The same, whoever they came from. */
  allFailures: { by: "everybody", most: 3_000, within: 10 * MINUTE, isFailure: true },
  /** Links of invitations and of owners that open nothing. */
  links: { by: "address", most: 30, within: 10 * MINUTE, isFailure: true },
  /** API keys that are none. */
  keys: { by: "address", most: 100, within: 10 * MINUTE, isFailure: true },
  /** Logout tokens that are none. */
  logoutTokens: { by: "address", most: 100, within: 10 * MINUTE, isFailure: true },
  /** Tokens for other services. */
  tokens: { by: "person", most: 120, within: MINUTE },
  /** Calls of doors that are for people who are signed in, and of the session. */
  calls: { by: "address", most: 6_000, within: MINUTE },
  /** The same, by one person. */
  callsOfPerson: { by: "person", most: 600, within: MINUTE },
  /** Test messages to a webhook. */
  webhookTests: { by: "endpoint", most: 20, within: 10 * MINUTE },
} as const satisfies Record<string, LimitRow>;

export type LimitName = keyof typeof LIMITS;
const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

/** Another number for some of them; `false` = as often as anybody likes. */
export type LimitOptions = { readonly [Name in LimitName]?: number | false | undefined };

/** The number for each; `null` = as often as anybody likes. */
export type LimitSettings = Readonly<Record<LimitName, number | null>>;

/** Checks `limits` of the options. */
export function checkLimitSettings(value: LimitOptions | false | undefined, report: Report): LimitSettings {
  const given: LimitOptions = value === false ? {} : (value ?? {});
  if (typeof given !== "object" || given === null) {
    report("limits", "is neither false nor an object", "Write limits: { starts: 2000 }, or leave it out.");
    return checkLimitSettings({}, report);
  }
  checkNames(given, LIMIT_NAMES, "limits.", report);
  const settingOf = (name: LimitName): number | null => {
    const most = value === false ? false : (given[name] ?? LIMITS[name].most);
    if (most === false) return null;
    if (!(Number.isSafeInteger(most) && most >= 1))
      report(`limits.${name}`, "is no whole number from 1", `Write ${LIMITS[name].most}, or false for none.`);
    return most;
  };
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, settingOf(name)])) as LimitSettings;
}
