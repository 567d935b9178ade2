import type { RoleName } from "./role.ts";

/** What rules may name: the providers with what each can be asked, and the roles. */
export interface RuleVocabulary {
  readonly providers: readonly {
    readonly id: string;
    /** By the word of the rule; `example` is what it may look for. */
    readonly checks: Readonly<Record<string, { readonly example: string }>>;
  }[];
  readonly roles: readonly RoleName[];
}

/**
 * Tells of a mistake: where it stands, what is wrong, and what to do about it. `missing` = nothing is wrong but that
 * what is named there does not exist, or no longer.
 */
export type Report = (path: string, message: string, fix: string, missing?: "missing") => void;

/** The most that rules may hold, so that no list of them can make a sign-in slow. */
export const RULE_LIMITS = {
  rules: 500,
  /** Of conditions inside each other. */
  depth: 8,
  /** Things that one rule looks at. */
  conditions: 100,
  /** Values of one `in`. */
  values: 200,
  /** Characters of one text. */
  characters: 256,
} as const;
