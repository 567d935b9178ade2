import type { Readable, Writable } from "node:stream";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that a command may know of the process it runs in, so that tests need none. */
export interface Terminal {
  /** The words after `postern`. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Aborted when the person, or the system, wants us to stop. */
  readonly stop: AbortSignal;
}

/** Where text goes: a terminal, a pipe or a file. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };
