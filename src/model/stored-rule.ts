/** An access rule that is kept in the database. Times are milliseconds since the epoch. */
export interface StoredRule {
  /** `rul_…` */
  readonly id: string;
  /**
   * `{ when, then, roles }`, the same JSON as in the configuration. Whether it still makes sense is asked where it
   * counts; `null` = what stands there can no longer be read.
   */
  readonly rule: unknown;
  readonly enabled: boolean;
  /** What it is for, in the words of whoever wrote it. */
  readonly note: string | null;
  readonly createdAt: number;
  /** A user id, or as the audit log names them. */
  readonly createdBy: string;
  readonly changedAt: number;
  readonly changedBy: string;
}

/** The most that may be kept, so that no list of rules can make a sign-in slow. */
export const STORED_RULE_LIMITS = {
  /** Characters of one rule as JSON. */
  ruleCharacters: 16_384,
  /** Characters of a note. */
  noteCharacters: 300,
  /** Of what lies inside each other in the JSON: what is nested deeper is not looked at. */
  nesting: 24,
} as const;

/** Whether a value lies no deeper than so many levels; never goes deeper itself. */
export function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedWithin(inner, levels - 1));
}

export interface StoredRuleWriter {
  /** From now on these and no others, in this order. */
  replaceAll(rules: readonly StoredRule[]): Promise<void>;
}
