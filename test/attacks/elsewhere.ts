import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** What another process does to a user behind the back of the one under test. */
export interface ElsewhereOrder {
  readonly database: string;
  readonly userId: string;
  readonly act: "revoke" | "suspend" | "sign-out";
  /** For `revoke`. */
  readonly role?: string;
}

/**
 * Does it in a process of its own and answers when it was committed, in milliseconds since the epoch: both processes
 * read the same clock of the machine.
 */
export async function elsewhere(order: ElsewhereOrder): Promise<number> {
  const script = join(import.meta.dirname, "elsewhere-main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(order)]);
  return Number(stdout);
}
