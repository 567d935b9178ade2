import { nearest } from "../web/nearest.ts";
import { CONDITION_WORDS, isConditionWord } from "./access-rule.ts";
import { checkClaimCondition } from "./check-claim-condition.ts";
import { type Report, RULE_LIMITS, type RuleVocabulary } from "./rule-vocabulary.ts";

type Condition = Readonly<Record<string, unknown>>;

/** Where a check stands in its rule. */
interface Place {
  readonly path: string;
  readonly vocabulary: RuleVocabulary;
  readonly report: Report;
  readonly depth: number;
  /** How many things the rule looks at so far. */
  readonly count: { conditions: number };
}

/** Checks what a rule looks at, and everything inside it. */
export function checkAccessCondition(
  when: unknown,
  path: string,
  vocabulary: RuleVocabulary,
  report: Report,
): void {
  const count = { conditions: 0 };
  checkCondition(when, { path, vocabulary, report, depth: 1, count });
  if (count.conditions <= RULE_LIMITS.conditions) return;
  report(path, `looks at more than ${RULE_LIMITS.conditions} things`, "Divide it into several rules.");
}

function checkCondition(when: unknown, place: Place): void {
  const { path, report, depth, count } = place;
  const entries = typeof when === "object" && when !== null ? Object.entries(when) : [];
  if (Array.isArray(when)) {
    report(path, "is a list", "Write { all: [ … ] } or { any: [ … ] }.");
  } else if (entries.length === 0) {
    report(
      path,
      "is empty, so it is about everybody or nobody",
      'Say whom it is for, such as { emailDomain: "example.com" }.',
    );
  } else if (depth > RULE_LIMITS.depth) {
    report(path, `lies deeper than ${RULE_LIMITS.depth} conditions`, "Divide it into several rules.");
  } else {
    const condition: Condition = Object.fromEntries(entries);
    for (const [key, value] of entries) {
      // What lies inside each other is one thing that is looked at, not two.
      if (key !== "all" && key !== "any" && key !== "not") count.conditions++;
      if (count.conditions > RULE_LIMITS.conditions) return;
      checkWord(key, value, condition, { ...place, path: `${path}.${key}` });
    }
  }
}

function checkWord(key: string, value: unknown, beside: Condition, place: Place): void {
  const { path, report, depth } = place;
  if (!isConditionWord(key)) {
    checkMembership(key, value, beside.provider, place);
  } else if (key === "all" || key === "any") {
    checkList(key, value, place);
  } else if (key === "not") {
    checkCondition(value, { ...place, depth: depth + 1 });
  } else if (key === "claim") {
    checkClaimCondition(value, path, report);
  } else if (key === "subdomains") {
    checkSubdomains(value, beside, place);
  } else if (typeof value !== "string" || value === "") {
    report(path, "is not a text", "Give one value; write another rule, or any, for another value.");
  } else if (value.length > RULE_LIMITS.characters) {
    report(path, `is longer than ${RULE_LIMITS.characters} characters`, "Shorten it.");
  } else {
    checkText(key, value, beside, place);
  }
}

function checkSubdomains(value: unknown, beside: Condition, { path, report }: Place): void {
  const example = 'Write { emailDomain: "example.com", subdomains: true }.';
  if (typeof value !== "boolean") report(path, "is neither true nor false", example);
  else if (beside.emailDomain === undefined) report(path, "stands without emailDomain", example);
}

function checkText(
  key: "email" | "emailDomain" | "provider" | "tenant",
  value: string,
  beside: Condition,
  { path, report, vocabulary }: Place,
): void {
  if (key === "emailDomain" && !/^[^@\s.]+(\.[^@\s.]+)+$/.test(value)) {
    report(path, `"${value}" is not a domain`, 'Write the part after the @: "example.com".');
  } else if (key === "email" && !/^[^@\s]+@[^@\s]+$/.test(value)) {
    report(path, `"${value}" is not an e-mail address`, 'Write it whole: "ada@example.com".');
  } else if (key === "provider" && !vocabulary.providers.some(({ id }) => id === value)) {
    const known = vocabulary.providers.map(({ id }) => id);
    const guess = nearest(value, known);
    const fix =
      guess === null ? `Configured are: ${known.join(", ") || "none"}.` : `Did you mean "${guess}"?`;
    report(path, `"${value}" is not configured`, fix, "missing");
  } else if (key === "tenant" && !value.includes("://") && beside.provider === undefined) {
    // Two places may well have a tenant of the same name, and one of them may let anybody choose it.
    report(
      path,
      "names no provider",
      `Write { provider: "…", tenant: "${value}" }, or the whole address of the issuer.`,
    );
  }
}

function checkList(key: "all" | "any", value: unknown, place: Place): void {
  const { path, report, depth } = place;
  if (!Array.isArray(value) || value.length === 0) {
    const fix = `Write ${key}: [{ provider: "…" }, { emailDomain: "example.com" }].`;
    report(path, Array.isArray(value) ? "is empty" : "is not a list of conditions", fix);
    return;
  }
  for (const [index, inner] of value.entries()) {
    if (place.count.conditions > RULE_LIMITS.conditions) return;
    checkCondition(inner, { ...place, path: `${path}[${index}]`, depth: depth + 1 });
  }
}

/** `{ github: { team: "acme/ops" } }`: a provider that is configured, a check that it has, and what it must find. */
function checkMembership(
  id: string,
  checks: unknown,
  from: unknown,
  { path, report, vocabulary }: Place,
): void {
  const offered = vocabulary.providers.find((provider) => provider.id === id)?.checks;
  if (offered === undefined) {
    const known = [...CONDITION_WORDS, ...vocabulary.providers.map((provider) => provider.id)];
    const guess = nearest(id, known) ?? known.join(", ");
    const missing = isMembership(checks) ? "missing" : undefined;
    report(path, "is neither a condition nor the id of a provider", `Did you mean: ${guess}?`, missing);
    return;
  }
  if (from !== undefined && from !== id) {
    report(path, `can never hold for people who come from "${String(from)}"`, "Leave out provider.");
  }
  const example = Object.entries(offered)[0];
  if (example === undefined) {
    const missing = isMembership(checks) ? "missing" : undefined;
    const fix = `Use one of ${CONDITION_WORDS.join(", ")}.`;
    report(path, "offers nothing that a rule could ask", fix, missing);
  } else if (typeof checks !== "object" || checks === null || Object.keys(checks).length === 0) {
    const write = `Write ${id}: { ${example[0]}: "${example[1].example}" }.`;
    report(path, "does not say where people must belong", write);
  } else {
    for (const [check, wanted] of Object.entries(checks)) {
      checkWanted(id, check, wanted, offered, `${path}.${check}`, report);
    }
  }
}

/** What has the form of a question to a provider. */
function isMembership(checks: unknown): boolean {
  if (typeof checks !== "object" || checks === null || Array.isArray(checks)) return false;
  const wanted = Object.values(checks);
  return wanted.length > 0 && wanted.every((one) => typeof one === "string" && one !== "");
}

function checkWanted(
  id: string,
  check: string,
  wanted: unknown,
  offered: RuleVocabulary["providers"][number]["checks"],
  path: string,
  report: Report,
): void {
  if (!Object.hasOwn(offered, check)) {
    const guess = nearest(check, Object.keys(offered)) ?? Object.keys(offered).join(", ");
    report(path, `is nothing that "${id}" can be asked`, `Did you mean: ${guess}?`, "missing");
  } else if (typeof wanted !== "string" || wanted === "") {
    const example = offered[check]?.example;
    report(
      path,
      "is not a text",
      `Give one value, such as "${example}"; write another rule for another value.`,
    );
  } else if (wanted.length > RULE_LIMITS.characters) {
    report(path, `is longer than ${RULE_LIMITS.characters} characters`, "Shorten it.");
  }
}
