import { checkNames } from "../model/check-names.ts";
import type { Report } from "../model/rule-vocabulary.ts";

/** Names of an option that has members, or of all. */
export function checkKeys(given: object, known: readonly string[], prefix: string, report: Report): void {
  if (typeof given === "object") checkNames(given, known, prefix, report);
  else report(prefix.slice(0, -1), "is not an object", `Write it as { … } with: ${known.join(", ")}.`);
}
