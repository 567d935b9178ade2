import type { Kysely } from "kysely";
import {
  isNestedWithin,
  STORED_RULE_LIMITS,
  type StoredRule,
  type StoredRuleWriter,
} from "../../model/stored-rule.ts";
import type { Schema } from "../schema.ts";

/** The access rules that are kept here, in the order in which they count. */
export async function rulesInOrder(db: Kysely<Schema>): Promise<readonly StoredRule[]> {
  // The id decides between two that somebody has put at the same place by hand.
  const rules = db.selectFrom("postern_access_rules").selectAll().orderBy("position").orderBy("id");
  return (await rules.execute()).map(toStoredRule);
}

/** Writing them, inside a transaction that changes the policy. */
export function storedRuleWriter(tx: Kysely<Schema>): StoredRuleWriter {
  return {
    replaceAll: async (rules) => {
      await tx.deleteFrom("postern_access_rules").execute();
      if (rules.length === 0) return;
      await tx.insertInto("postern_access_rules").values(rules.map(toRow)).execute();
    },
  };
}

function toStoredRule(row: Schema["postern_access_rules"]): StoredRule {
  return {
    id: row.id,
    rule: readRule(row.rule),
    // Only what is plainly switched off is off: a rule that keeps people out does not end by a stray value.
    enabled: row.enabled !== 0,
    note: row.note,
    createdAt: row.created_at,
    createdBy: row.created_by,
    changedAt: row.changed_at,
    changedBy: row.changed_by,
  };
}

/** `null` for what nobody here has written: no JSON, too long, or nested deeper than anything may go into. */
function readRule(text: string): unknown {
  if (text.length > STORED_RULE_LIMITS.ruleCharacters) return null;
  try {
    const rule: unknown = JSON.parse(text);
    return isNestedWithin(rule, STORED_RULE_LIMITS.nesting) ? rule : null;
  } catch {
    return null;
  }
}

function toRow(rule: StoredRule, position: number): Schema["postern_access_rules"] {
  return {
    id: rule.id,
    position,
    rule: JSON.stringify(rule.rule),
    enabled: rule.enabled ? 1 : 0,
    note: rule.note,
    created_at: rule.createdAt,
    created_by: rule.createdBy,
    changed_at: rule.changedAt,
    changed_by: rule.changedBy,
  };
}
