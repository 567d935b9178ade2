import type { Locale } from "../i18n/locale.ts";
import type { Flags } from "./options.ts";
import type { Output } from "./output.ts";
import type { Terminal } from "./terminal.ts";
import type { Words } from "./words/en.ts";

/** One run of one command: what it was told, and where it may write. */
export interface Invocation extends Pick<Terminal, "env" | "stdin" | "stop"> {
  /** What stands behind the name of the command; as many as its row in the table says. */
  readonly operands: readonly string[];
  readonly flags: Flags;
  readonly locale: Locale;
  readonly words: Words;
  readonly out: Output;
}

/** Runs a command; returning is exit code 0. @throws CliFailure, PosternError, ConfigError */
export type Run = (invocation: Invocation) => Promise<void>;
