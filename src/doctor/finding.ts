import type { LocalizedName } from "../providers/provider.ts";
import type { Texts } from "./texts/en.ts";
import type { FindingText } from "./texts/finding-text.ts";

/** `skip` = it could not be told, and the text says why; never the same as `ok`. */
export type FindingStatus = "ok" | "info" | "warn" | "fail" | "skip";

/** What a check says, in whatever language is asked for. */
export type Say = (texts: Texts) => FindingText;

/** What a check found before it is known whom it is about. */
export interface Outcome {
  readonly status: FindingStatus;
  /** What was measured, in words that do not change with the language; no secret. */
  readonly evidence: readonly string[];
  readonly say: Say;
  /** What the definition advises; it takes the place of the fix. */
  readonly advice?: LocalizedName | null;
}

/** One thing that was looked at. */
export interface Finding extends Outcome {
  /** Stable: `clock.corp`. */
  readonly id: string;
  /** The instance that it is about. */
  readonly provider: string;
}
