import { nearest } from "../web/nearest.ts";
import { type Report, RULE_LIMITS } from "./rule-vocabulary.ts";

const OPERATORS = ["equals", "in", "contains", "matches"];
const EXAMPLE = 'Write claim: { path: "realm_access.roles", contains: "finance" }.';

/** Checks `{ path, equals | in | contains | matches }`. */
export function checkClaimCondition(claim: unknown, path: string, report: Report): void {
  if (typeof claim !== "object" || claim === null || Array.isArray(claim)) {
    report(path, "does not say which claim", EXAMPLE);
    return;
  }
  const fields: Readonly<Record<string, unknown>> = { ...claim };
  for (const key of Object.keys(fields)) {
    if (key === "path" || OPERATORS.includes(key)) continue;
    const guess = nearest(key, ["path", ...OPERATORS]) ?? OPERATORS.join(", ");
    report(`${path}.${key}`, "is nothing that can be said of a claim", `Did you mean: ${guess}?`);
  }
  checkPath(fields.path, `${path}.path`, report);
  const given = OPERATORS.filter((operator) => Object.hasOwn(fields, operator));
  if (given.length !== 1) {
    const message = given.length === 0 ? "does not say what the claim must be" : "says it in several ways";
    report(path, message, `Use one of ${OPERATORS.join(", ")}; take several together with all or any.`);
  }
  for (const operator of given) checkOperand(operator, fields[operator], `${path}.${operator}`, report);
}

function checkPath(value: unknown, path: string, report: Report): void {
  const names: unknown = typeof value === "string" ? value.split(".") : value;
  const isPath =
    Array.isArray(names) &&
    names.length > 0 &&
    names.every((name) => typeof name === "string" && name !== "" && name.length <= RULE_LIMITS.characters);
  if (isPath && names.at(-1) === "email") {
    // In most places people write their address themselves, and it stands in the claims whether verified or not.
    report(
      path,
      "does not tell whether the address is verified",
      "Use email or emailDomain: they count only what the provider vouches for.",
    );
    return;
  }
  if (isPath && names.length <= RULE_LIMITS.depth) return;
  report(
    path,
    isPath ? `has more than ${RULE_LIMITS.depth} names` : "is not the path of a claim",
    'Write names with dots, "realm_access.roles", or a list of names where one holds a dot itself.',
  );
}

function checkOperand(operator: string, value: unknown, path: string, report: Report): void {
  if (operator === "matches") checkPattern(value, path, report);
  else if (operator === "in") checkValues(value, path, report);
  else checkValue(value, path, report);
}

function checkValues(value: unknown, path: string, report: Report): void {
  if (!Array.isArray(value) || value.length === 0 || value.length > RULE_LIMITS.values) {
    report(path, `is not a list of 1 to ${RULE_LIMITS.values} values`, 'Write in: ["finance", "audit"].');
    return;
  }
  for (const [index, one] of value.entries()) checkValue(one, `${path}[${index}]`, report);
}

function checkValue(value: unknown, path: string, report: Report): void {
  const isShort = typeof value !== "string" || value.length <= RULE_LIMITS.characters;
  const isValue = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (!isValue) report(path, "is neither a text, a number, true nor false", "Write the value of the claim.");
  else if (!isShort) report(path, `is longer than ${RULE_LIMITS.characters} characters`, "Shorten it.");
}

function checkPattern(value: unknown, path: string, report: Report): void {
  if (typeof value !== "string" || value === "") {
    report(path, "is not a pattern", 'Write a text with * or ? in it, such as "finance-*".');
  } else if (value.length > RULE_LIMITS.characters) {
    report(path, `is longer than ${RULE_LIMITS.characters} characters`, "Shorten it.");
  } else if (/^[*?]*$/.test(value)) {
    report(path, "says nothing about the text", 'Write what it must hold, such as "finance-*".');
  } else if (/\.\*|\.\+|^\^|\$$|\\/.test(value)) {
    report(
      path,
      "looks like a regular expression",
      "Only * (any characters) and ? (one character) mean something; the pattern is always the whole text.",
    );
  }
}
