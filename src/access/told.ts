import type { MembershipAnswer } from "../model/membership.ts";

/** Why something is not simply so or not so. */
export type FindingReason =
  /** The provider said nothing of it, or `null`. */
  | "absent"
  | "unverified"
  /** A claim of another type than the rule wants. */
  | "wrong_type"
  /** What arrived cannot be what it says it is, or the rule makes no sense. */
  | "malformed"
  | "other_provider"
  | "not_asked"
  | "provider_cannot_tell"
  /** Only a sign-in tells it. */
  | "not_known_here";

/** What came out when one thing of a rule was held against somebody. */
export interface Told {
  readonly answer: MembershipAnswer;
  /** What was compared, as it came; `null` = nothing. */
  readonly found: unknown;
  readonly why: FindingReason | null;
  /** True when it is not told yet and a sign-in would tell it. */
  readonly isOpen: boolean;
}

/** It is so, or it is not. */
export function plainly(holds: boolean, found: unknown): Told {
  return { answer: holds ? "yes" : "no", found, why: null, isOpen: false };
}

/** It cannot be told, and asking again would not help. */
export function cannotTell(why: FindingReason, found: unknown = null): Told {
  return { answer: "cannot_tell", found, why, isOpen: false };
}

/** It cannot be told from what is kept; a sign-in would tell it. */
export function notKnownHere(): Told {
  return { answer: "cannot_tell", found: null, why: "not_known_here", isOpen: true };
}
