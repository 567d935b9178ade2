import { readFileSync } from "node:fs";
import type { ConfigProblem } from "../errors.ts";
import type { AccessRule } from "../model/access-rule.ts";
import { checkAccessRules } from "../model/check-access-rules.ts";
import type { Settings } from "../options.ts";
import { ruleVocabulary } from "../options-check.ts";
import { CliFailure } from "./failure.ts";

/**
 * Reads access rules from a JSON file: the list alone, or an object with the list as `access`.
 * @throws CliFailure `draft_invalid`, with every problem
 */
export function readDraft(file: string, settings: Settings): readonly AccessRule[] {
  const value = readJson(file);
  const isList = Array.isArray(value) || typeof value !== "object" || value === null;
  const rules: unknown = isList ? value : { access: undefined, ...value }.access;
  const problems: ConfigProblem[] = [];
  const checked = checkAccessRules(rules, "access", ruleVocabulary(settings), (path, message, fix) =>
    problems.push({ path, message, fix }),
  );
  if (problems.length === 0) return checked;
  throw new CliFailure("draft_invalid", (words) => words.access.draftInvalid(file, problems.length), {
    hint: (words) =>
      problems.map(({ path, message, fix }) => `  ${path}: ${message}\n    ${words.fix} ${fix}`).join("\n"),
    more: { problems },
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new CliFailure("draft_invalid", (words) => words.access.draftUnreadable(file), { cause });
  }
}
