import { PosternError } from "../errors.ts";
import type { ForeseenRules, RuleEdit } from "../index.ts";
import type { ListedRule } from "../model/listed-rule.ts";
import { actor } from "./actor.ts";
import { confirm } from "./confirm.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";
import { impactDocument, rehearse, showImpact } from "./rehearse.ts";
import type { Office } from "./with-postern.ts";
import type { Words } from "./words/en.ts";

/** A rule as `--json` shows it. Times are RFC 3339 in UTC. */
export function ruleDocument({ name, source, rule, enabled, problems, stored }: ListedRule): object {
  return {
    ...{ name, source, locked: source === "config", enabled, rule, problems },
    ...(stored !== null && {
      note: stored.note,
      createdAt: rfc3339(stored.createdAt),
      createdBy: stored.createdBy,
      changedAt: rfc3339(stored.changedAt),
      changedBy: stored.changedBy,
    }),
  };
}

/** How a rule counts, in a word. */
export function ruleState({ enabled, problems }: ListedRule): keyof Words["rules"]["states"] {
  if (!enabled) return "off";
  return problems.length > 0 ? "broken" : "on";
}

/** What a rule looks at, on one line. */
export function conditionText({ rule }: ListedRule): string {
  return rule === null ? "?" : printable(JSON.stringify(rule.when));
}

/**
 * Does a change of the rules, or with `--dry-run` tells what it would do to everybody who is known. One that could lock
 * an owner out needs `--yes`, wherever it is done; in production every one asks back.
 */
export async function changeRule(
  invocation: Invocation,
  office: Office,
  edit: RuleEdit,
  action: string,
): Promise<void> {
  const { flags, out, words } = invocation;
  const { rules } = office.door;
  const id = "id" in edit ? edit.id : null;
  const { version } = await rules.list();
  const seen = { version, actor: actor() };
  const foreseen = await telling(() => rules.foresee(edit, seen));
  const change = { dryRun: flags.dryRun, warnings: warningsOf(foreseen), action };
  if (flags.dryRun) {
    const impact = await rehearse(invocation, office, foreseen.now, foreseen.then);
    if (!out.jsonl) {
      const document = { ...change, changed: foreseen.changed, version, id, impact: impactDocument(impact) };
      out.answer(document, foreseen.changed ? words.rules.would : words.rules.nothing);
    }
    showImpact(invocation, impact);
    return;
  }
  if (change.warnings.length > 0 && !flags.yes) throw wouldLockOut(foreseen);
  await confirm(invocation, office, words.rules.question);
  const { reason } = flags;
  const told = { ...seen, confirmed: flags.yes, ...(reason !== undefined && { reason }) };
  const done = await telling(() => rules.apply(edit, told));
  out.answer(
    { ...change, ...done },
    done.changed ? out.done(words.rules.done(done.id ?? "")) : words.rules.nothing,
  );
}

/** Whom a change could lock out: the ids of owners. */
function warningsOf({ lockOut }: ForeseenRules): readonly object[] {
  return lockOut.owners.map((userId) => ({ code: "would_lock_out", userId }));
}

function wouldLockOut({ lockOut: { owners } }: ForeseenRules): CliFailure {
  return new CliFailure("would_lock_out", (words) => words.rules.wouldLockOut(owners.join(", ")), {
    hint: (words) => words.rules.wouldLockOutHint,
    more: { owners },
  });
}

/** What a verb refuses, as the command line tells it. */
async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw (error.code in REFUSALS && refused(error)) || error;
  }
}

const REFUSALS = {
  rule_invalid: (words: Words) => words.rules.invalid,
  rule_not_found: (words: Words) => words.rules.notFound,
  rule_locked: (words: Words) => words.rules.locked,
  rules_changed: (words: Words) => words.rules.changedMeanwhile,
  would_lock_out: (words: Words) => words.rules.wouldLockOut("?"),
  last_owner: (words: Words) => words.rules.lastOwner,
} as const;

function refused(error: PosternError): CliFailure {
  const code = error.code as keyof typeof REFUSALS;
  const { problems } = error;
  return new CliFailure(code, REFUSALS[code], {
    cause: error,
    ...(code === "last_owner" && { hint: (words: Words) => words.rules.lastOwnerHint }),
    ...(problems.length > 0 && {
      hint: (words: Words) =>
        problems
          .map(({ path, message, fix }) => `  ${path}: ${printable(message)}\n    ${words.fix} ${fix}`)
          .join("\n"),
      more: { problems },
    }),
  });
}
