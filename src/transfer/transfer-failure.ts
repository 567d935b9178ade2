/** Why a file cannot be read on, in a word; what stands before has been taken over. */
export type FileProblem =
  | "encoding_unknown"
  | "encoding_invalid"
  | "too_long"
  | "quote_open"
  | "nul"
  | "no_header"
  | "column_unknown"
  | "column_twice"
  | "version_unknown"
  | "ends_early"
  | "records_missing";

/** Thrown where a file ends being readable as a whole; a line that is wrong by itself is told as its result. */
export class TransferFailure extends Error {
  override readonly name = "TransferFailure";
  readonly problem: FileProblem;
  /** Counted from 1. */
  readonly line: number;
  /** The name that it is about. */
  readonly about: string | null;
  readonly guess: string | null;

  constructor(problem: FileProblem, line: number, about: string | null = null, guess: string | null = null) {
    super(`line ${line}: ${problem}${about === null ? "" : ` (${about})`}`);
    this.problem = problem;
    this.line = line;
    this.about = about;
    this.guess = guess;
  }
}
