import { newEvent } from "../audit/new-event.ts";
import type { AuditAction, AuditEvent } from "../model/audit-event.ts";
import type { StoredRule } from "../model/stored-rule.ts";
import type { RuleEdit } from "./edit-rules.ts";
import type { LockOut } from "./lock-out.ts";

/** Characters of JSON that an event holds of the rules themselves; beyond that only their ids. */
const MOST_CHARACTERS = 65_536;

interface Change {
  readonly edit: RuleEdit;
  readonly before: readonly StoredRule[];
  readonly after: readonly StoredRule[];
  /** The version of the policy that it made. */
  readonly version: number;
  readonly lockOut: LockOut;
}

/** Tells of a change of the rules: what was there, and what is there now, as far as it is another. */
export function ruleEvent(
  { edit, before, after, version, lockOut }: Change,
  now: number,
  actor: string,
  reason: string | undefined,
): AuditEvent {
  const gone = before.filter((rule) => !after.includes(rule));
  const come = after.filter((rule) => !before.includes(rule));
  const target = edit.kind === "add" ? come[0]?.id : "id" in edit ? edit.id : undefined;
  const atRisk = [...lockOut.owners, ...(lockOut.author ? [actor] : [])];
  return newEvent(now, {
    action: ACTIONS[edit.kind],
    actor,
    target: target ?? null,
    detail: {
      ...told(gone, before, come, after),
      version,
      ...(isReordered(before, after) && {
        order: { before: before.map(({ id }) => id), after: after.map(({ id }) => id) },
      }),
      // Whoever confirmed it knew of these.
      ...(atRisk.length > 0 && { confirmedFor: [...new Set(atRisk)] }),
      ...(reason !== undefined && { reason }),
    },
  });
}

const ACTIONS = {
  add: "rule.created",
  change: "rule.changed",
  move: "rule.moved",
  enable: "rule.enabled",
  disable: "rule.disabled",
  remove: "rule.removed",
  replace: "rules.replaced",
} as const satisfies Record<RuleEdit["kind"], AuditAction>;

function told(
  gone: readonly StoredRule[],
  before: readonly StoredRule[],
  come: readonly StoredRule[],
  after: readonly StoredRule[],
): Readonly<Record<string, unknown>> {
  const whole = {
    before: gone.map((rule) => shown(rule, before)),
    after: come.map((rule) => shown(rule, after)),
  };
  if (JSON.stringify(whole).length <= MOST_CHARACTERS) return whole;
  return { before: gone.map(({ id }) => id), after: come.map(({ id }) => id) };
}

function shown(rule: StoredRule, list: readonly StoredRule[]): object {
  const { id, enabled, note } = rule;
  return { id, place: list.indexOf(rule) + 1, enabled, note, rule: rule.rule };
}

/** Whether those that stay stand in another order. */
function isReordered(before: readonly StoredRule[], after: readonly StoredRule[]): boolean {
  const ids = (list: readonly StoredRule[], other: readonly StoredRule[]) =>
    list.map(({ id }) => id).filter((id) => other.some((one) => one.id === id));
  return ids(before, after).join() !== ids(after, before).join();
}
