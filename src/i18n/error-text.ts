import type { Phrase } from "./phrase.ts";

/** What the text of an error may name. `null` = not known; the text then does without. */
export interface ErrorParameters {
  readonly app: string;
  readonly provider: string | null;
  /** What the person is called at the provider. */
  readonly handle: string | null;
  /** Until it is worth trying again. */
  readonly minutes: number | null;
}

/** What a person reads when something went wrong: what happened, whose turn it is, and the one thing to press. */
export interface ErrorText {
  readonly title: Phrase;
  readonly sentence: Phrase;
  /** Label of the primary button. */
  readonly action: string;
}

export type ErrorTextFor = (parameters: ErrorParameters) => ErrorText;
