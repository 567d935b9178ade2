/** A finding in one language. */
export interface FindingText {
  /** What is so, in one sentence without a full stop. */
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do; `null` = nothing. */
  readonly fix: string | null;
}

/** Puts a text together; without `fix` there is nothing to do. */
export function text(title: string, why: string, fix: string | null = null): FindingText {
  return { title, why, fix };
}
