import { nearest } from "../web/nearest.ts";
import type { Report } from "./rule-vocabulary.ts";

/** Reports every name that is not known, with the nearest one: a misspelt option must not be the same as none. */
export function checkNames(given: object, known: readonly string[], prefix: string, report: Report): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const guess = nearest(name, known);
    report(
      prefix + name,
      "is not an option",
      guess === null
        ? `Remove it. Known are: ${known.join(", ")}.`
        : `Did you mean "${guess}"? Rename or remove it.`,
    );
  }
}
