import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";

/** For whom tokens may be asked, and how long they are good. */
export interface TokenSettings {
  readonly audiences: readonly string[];
  /** Milliseconds. */
  readonly lifetime: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NAMES = ["audiences", "lifetime"] as const satisfies readonly (keyof TokenSettings)[];
/** A word or an address: what a header can hold and nobody can misread. */
const AUDIENCE = /^[\x21-\x7e]{1,255}$/;

/** Checks the option `tokens`, and fills in what it leaves out. */
export function checkTokenSettings(value: unknown, report: Report): TokenSettings {
  const given = typeof value === "object" && value !== null ? (value as Partial<TokenSettings>) : {};
  const settings = { audiences: given.audiences ?? [], lifetime: given.lifetime ?? 5 * MINUTE };
  if (value !== undefined && value !== given) {
    report("tokens", "is not an object", 'Write tokens: { audiences: ["orders-api"] }.');
    return settings;
  }
  checkNames(given, NAMES, "tokens.", report);
  if (!Array.isArray(settings.audiences)) {
    report("tokens.audiences", "is not a list", 'Name the services: ["orders-api"].');
    return { ...settings, audiences: [] };
  }
  settings.audiences.forEach((audience: unknown, index) => {
    if (typeof audience === "string" && AUDIENCE.test(audience)) return;
    report(
      `tokens.audiences[${index}]`,
      "is not the name of a service",
      'Use a word or an address without spaces: "orders-api".',
    );
  });
  const { lifetime } = settings;
  if (!Number.isInteger(lifetime) || lifetime < MINUTE || lifetime > HOUR) {
    report(
      "tokens.lifetime",
      "is not 1 minute to 1 hour",
      "Give milliseconds: 5 * 60 * 1000 for five minutes. A token cannot be taken back, so keep it short.",
    );
  }
  return settings;
}
