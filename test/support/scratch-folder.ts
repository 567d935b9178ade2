import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder for files that need not outlive a power cut. */
export interface ScratchFolder {
  /** `file:…` for the options' `database`. */
  database(name: string): string;
  /** The path of a file in it. */
  file(name: string): string;
  remove(): void;
}

/**
 * Makes the folder in memory where the system offers that (Linux): a commit waits for the disk, which with thousands of
 * sign-ins is most of a test's time and none of its meaning.
 */
export function scratchFolder(): ScratchFolder {
  const folder = mkdtempSync(join(canWrite("/dev/shm") ? "/dev/shm" : tmpdir(), "postern-"));
  return {
    database: (name) => `file:${join(folder, name)}`,
    file: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
