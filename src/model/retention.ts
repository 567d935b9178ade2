import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";

/** How long things are kept that only tell of the past, in milliseconds; `null` = for ever. */
export interface Retention {
  /** Events of the audit log. */
  readonly audit: number | null;
  /** Requests for access, since they were decided. */
  readonly requests: number | null;
  /** Invitations and owner links, since they could last be used. */
  readonly invitations: number | null;
  /** Messages to webhooks, since they were sent or given up. */
  readonly messages: number | null;
}

const DAY = 24 * 60 * 60 * 1_000;
const DEFAULTS: Retention = {
  audit: 400 * DAY,
  requests: 90 * DAY,
  invitations: 90 * DAY,
  messages: 30 * DAY,
};
const NAMES = [
  "audit",
  "requests",
  "invitations",
  "messages",
] as const satisfies readonly (keyof Retention)[];

/** Checks `retention` of the options. */
export function checkRetention(
  value: { readonly [Name in keyof Retention]?: Retention[Name] | undefined } | undefined,
  report: Report,
): Retention {
  const given = value ?? {};
  if (typeof given !== "object" || given === null) {
    report("retention", "is not an object", "Write retention: { audit: 400 * 24 * 60 * 60 * 1000 }.");
    return DEFAULTS;
  }
  checkNames(given, NAMES, "retention.", report);
  const keptFor = (name: keyof Retention): number | null => {
    const kept = given[name] === undefined ? DEFAULTS[name] : given[name];
    if (kept === null || (Number.isSafeInteger(kept) && kept >= DAY)) return kept;
    report(
      `retention.${name}`,
      "is less than a day or no whole number",
      "Give milliseconds: 90 * 24 * 60 * 60 * 1000 for 90 days, or null for ever.",
    );
    return kept;
  };
  return {
    audit: keptFor("audit"),
    requests: keptFor("requests"),
    invitations: keptFor("invitations"),
    messages: keptFor("messages"),
  };
}
