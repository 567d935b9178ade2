/** The answer to "does this person belong to …": `cannot_tell` lets nobody in. */
export type MembershipAnswer = "yes" | "no" | "cannot_tell";

/** One thing that an access rule asks the provider somebody comes from. */
export interface MembershipQuestion {
  /** The word of the rule: `team`. */
  readonly check: string;
  /** What the rule wants: `acme/ops`. */
  readonly wanted: string;
}

/** An answered question. */
export interface MembershipFact extends MembershipQuestion {
  readonly answer: MembershipAnswer;
}
