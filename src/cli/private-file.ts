import { existsSync } from "node:fs";
import { type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { CliFailure } from "./failure.ts";
import { printable } from "./printable.ts";

/** A file that comes into being whole or not at all. */
export interface PrivateFile {
  write(text: string): Promise<void>;
  /** Gives it its name. */
  finish(): Promise<void>;
  /** Leaves nothing of it behind. */
  discard(): Promise<void>;
}

/** Written together, in characters: a write for each line would be most of the time. */
const GATHERED = 256 * 1024;

/**
 * Begins to write `<path>.partial`, for its owner alone (0600).
 * @throws CliFailure `file_exists` unless it may be replaced, `file_unusable`
 */
export async function createPrivateFile(path: string, mayReplace: boolean): Promise<PrivateFile> {
  if (!mayReplace && existsSync(path)) throw fileExists(path);
  const partial = `${path}.partial`;
  const file = await openNew(partial);
  let gathered = "";
  const flush = async () => {
    const text = gathered;
    gathered = "";
    // `write` may take a part of it only and say so; this one goes on until all is written, or throws.
    await file.appendFile(text);
  };
  return {
    async write(text) {
      gathered += text;
      if (gathered.length >= GATHERED) await flush();
    },
    async finish() {
      await flush();
      await file.sync();
      await file.close();
      if (mayReplace) return rename(partial, path);
      // What has come there meanwhile is not replaced, which a new name would do silently.
      await link(partial, path).catch((error: unknown) => {
        if (existsSync(path)) throw fileExists(path);
        throw error;
      });
      await rm(partial);
    },
    async discard() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}

function fileExists(path: string): CliFailure {
  return new CliFailure("file_exists", (words) => words.transfer.fileExists(printable(path)));
}

/** Never through a link, and never into a file that somebody else can read already. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    await rm(path, { force: true });
    return await open(path, "wx", 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure("file_unusable", (words) => words.transfer.fileUnusable(printable(reason)));
  }
}
