import type { Finding, FindingStatus } from "../doctor/finding.ts";
import { textsOf } from "../doctor/texts/texts-of.ts";
import type { Locale } from "../i18n/locale.ts";
import type { Colour } from "./colours.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { printable } from "./printable.ts";
import { pad, textWidth } from "./text-width.ts";

/** Prints what checks found. @throws CliFailure `checks_failed` when one of them failed */
export function showFindings(invocation: Invocation, findings: readonly Finding[]): void {
  const { out, words } = invocation;
  const summary = summarize(findings);
  const documents = findings.map(asDocument);
  if (out.json) out.answer({ ok: summary.fail === 0, summary, findings: documents }, "");
  else if (out.jsonl) for (const document of documents) out.jsonLine(document);
  else if (out.terminal) out.print(forPeople(invocation, findings));
  else out.table([], findings.map(forPrograms));

  out.say(words.providers.summary(summary.fail, summary.warn, summary.skip));
  if (summary.fail === 0) return;
  throw new CliFailure("checks_failed", (said) => said.providers.checksFailed(summary.fail), {
    isAnswered: true,
  });
}

function summarize(findings: readonly Finding[]): Readonly<Record<FindingStatus, number>> {
  const count = (wanted: FindingStatus) => findings.filter(({ status }) => status === wanted).length;
  return {
    fail: count("fail"),
    warn: count("warn"),
    info: count("info"),
    ok: count("ok"),
    skip: count("skip"),
  };
}

/** A finding in one language: what the definition advises wins over what can be said in general. */
function tell(finding: Finding, locale: Locale) {
  const { title, why, fix } = finding.say(textsOf(locale));
  return { title, why, fix: finding.advice?.[locale] ?? fix };
}

function asDocument(finding: Finding): object {
  const { id, provider, status, evidence } = finding;
  const { title, why, fix } = tell(finding, "en");
  return { id, provider, status, title, evidence, why, fix: fix === null ? null : { text: fix } };
}

function forPrograms(finding: Finding): readonly string[] {
  const { title, fix } = tell(finding, "en");
  return [finding.id, finding.status, title, finding.evidence.join("; "), fix ?? ""];
}

const MARKS: Readonly<Record<FindingStatus, readonly [mark: string, colour: Colour]>> = {
  fail: ["✗", "red"],
  warn: ["!", "yellow"],
  info: ["i", "dim"],
  skip: ["–", "dim"],
  ok: ["✓", "green"],
};
/** What needs somebody comes first. */
const ORDER = Object.keys(MARKS) as readonly FindingStatus[];

function forPeople(invocation: Invocation, findings: readonly Finding[]): string {
  const { out, words } = invocation;
  const passed = findings.filter(({ status }) => status === "ok").length;
  const hidesPassed = !out.verbose && passed > 0;
  const shown = ORDER.flatMap((wanted) => findings.filter(({ status }) => status === wanted)).filter(
    ({ status }) => status !== "ok" || !hidesPassed,
  );
  const width = Math.max(...shown.map(({ id }) => textWidth(id)), 0);
  const blocks = shown.map((finding) => block(invocation, finding, width));
  if (hidesPassed) blocks.push(`${MARKS.ok[0]} ${words.providers.passed(passed)}`);
  return blocks.join("\n");
}

function block({ words, locale }: Invocation, finding: Finding, width: number): string {
  const { title, why, fix } = tell(finding, locale);
  const { status, id, evidence } = finding;
  const [mark] = MARKS[status];
  const needsSomebody = status === "fail" || status === "warn";
  const lines = [
    `${mark} ${pad(id, width)}  ${title}`,
    ...evidence.map((line) => indent(width, line)),
    ...(needsSomebody ? [indent(width, `${words.providers.why}  ${why}`)] : []),
    ...(fix === null ? [] : [indent(width, `${words.providers.fix}  ${fix}`)]),
  ];
  return lines.map(printableLine).join("\n");
}

function indent(width: number, text: string): string {
  return `${" ".repeat(width + 4)}${text}`;
}

function printableLine(line: string): string {
  const [spaces = ""] = /^ */.exec(line) ?? [];
  return spaces + printable(line);
}
