import {
  type InspectedField,
  type InspectedMembership,
  type Inspection,
  inspectSample,
  type RawField,
} from "../../doctor/inspect-sample.ts";
import { type TriedAccess, tryAccess } from "../../doctor/try-access.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import { configuredProviders, findProvider } from "../configured-providers.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { policyInForce } from "../policy-in-force.ts";
import { readSavedSample } from "../saved-sample.ts";

/** `postern providers inspect <provider> --sample <file>`: raw fields beside mapped ones, and who would enter. */
export async function run(invocation: Invocation): Promise<void> {
  const [id = ""] = invocation.operands;
  const file = invocation.flags.sample;
  if (file === undefined) {
    throw new CliFailure("missing_argument", (words) => words.providers.sampleMissing, {
      hint: (words) => words.providers.sampleHint,
    });
  }
  const { settings, definitions } = await configuredProviders(invocation);
  const definition = findProvider(definitions, id);
  const sources = readSavedSample(file, definition);
  const inspection = inspectSample(definition, sources);
  const { userInfo } = inspection;
  const access =
    userInfo === null
      ? null
      : await tryAccess(await policyInForce(invocation, settings), definition, sources, userInfo);
  show(invocation, definition, inspection, access);
}

/** @throws CliFailure `nobody_recognised` */
function show(
  invocation: Invocation,
  definition: ProviderDefinition,
  inspection: Inspection,
  access: TriedAccess | null,
): void {
  const { out } = invocation;
  if (out.json || out.jsonl) out.answer(asDocument(definition, inspection, access), "");
  else showTables(invocation, definition, inspection, access);
  if (inspection.userInfo !== null) return;
  const reason = inspection.reason ?? "";
  throw new CliFailure("nobody_recognised", (words) => words.providers.nobody(reason), { isAnswered: true });
}

function asDocument({ id }: ProviderDefinition, inspection: Inspection, access: TriedAccess | null): object {
  const { raw, fields, memberships, issuer, subjectAliases, reason, restriction } = inspection;
  return {
    provider: id,
    ok: inspection.userInfo !== null,
    reason,
    restriction,
    issuer,
    subjectAliases,
    raw: raw.map(({ path, value, mappedTo }) => ({
      path,
      value: isSecret(path) ? "(hidden)" : value,
      mappedTo,
    })),
    fields,
    memberships,
    access: access && {
      rules: access.rules.map(({ rule, matches }, index) => ({ index, ...rule, matches })),
      memberships: access.facts,
      decision: access.decision,
    },
  };
}

function showTables(
  invocation: Invocation,
  definition: ProviderDefinition,
  inspection: Inspection,
  access: TriedAccess | null,
): void {
  const { out, words } = invocation;
  const { raw, value, mappedTo, field, meaning } = words.providers;
  out.table(
    [raw, value, mappedTo],
    inspection.raw.map((leaf) => rawRow(invocation, leaf)),
  );
  out.print("");
  out.table(
    [field, value, meaning],
    [
      ...inspection.fields.map((one) => [
        one.field,
        textOf(invocation, one.value),
        meaningOf(invocation, one),
      ]),
      ...inspection.memberships.map((one) => membershipRow(invocation, definition.id, one)),
    ],
  );
  if (inspection.restriction !== null) out.print(`\n${words.providers.restricted(inspection.restriction)}`);
  if (access !== null) out.print(`\n${accessText(invocation, access)}`);
}

function rawRow(invocation: Invocation, { path, value, mappedTo }: RawField): readonly string[] {
  const shown = isSecret(path) ? invocation.words.providers.hidden : textOf(invocation, value);
  return [path, shown, mappedTo.join(", ")];
}

function meaningOf({ words }: Invocation, { field, note }: InspectedField): string {
  const { missing, dropped, unverified } = words.providers;
  switch (note) {
    case null:
      return "";
    case "dropped":
      return `${dropped}; ${missing[field]}`;
    case "unverified":
      return unverified;
    case "missing":
    case "unknown":
      return missing[field];
  }
}

function membershipRow(
  invocation: Invocation,
  provider: string,
  { check, example, groups }: InspectedMembership,
): readonly string[] {
  const { told, toldWhenAsked } = invocation.words.providers;
  const meaning = groups === null ? toldWhenAsked : told(provider, check, example);
  return [check, textOf(invocation, groups), meaning];
}

function accessText({ words, out }: Invocation, { rules, decision }: TriedAccess): string {
  const { ruleMatches, mayEnter, mayNotEnter, noRules, access } = words.providers;
  const roles = decision.outcome === "allow" ? decision.roles.map(({ role }) => role).join(", ") : "";
  const lines = rules.map(({ rule, matches }, index): readonly [string, string] => [
    rule.name ?? `access[${index}]`,
    `${ruleMatches[matches]}: ${JSON.stringify(rule.when)} → ${rule.then}`,
  ]);
  return labelled(out, [
    ...(lines.length === 0 ? [["access", noRules] as const] : lines),
    [access, decision.outcome === "allow" ? mayEnter(roles) : mayNotEnter(decision.code)],
  ]);
}

function textOf({ words }: Invocation, value: unknown): string {
  if (value === null || value === undefined) return words.providers.nothing;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

// Samples are saved from real answers, and what is printed here ends up in tickets.
function isSecret(path: string): boolean {
  return /(token|secret|ticket|password|session_key)$/i.test(path);
}
