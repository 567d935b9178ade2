import { PosternError } from "../errors.ts";

/** Primary result codes (sqlite.org/rescode.html) that tell of the file or the disk, not of our statement. */
const UNAVAILABLE: Readonly<Record<number, string>> = {
  3: "permission",
  5: "busy",
  6: "busy",
  7: "out_of_memory",
  8: "read_only",
  10: "io_error",
  11: "corrupt",
  13: "disk_full",
  14: "cannot_open",
  15: "busy",
  22: "unsupported",
  26: "not_a_database",
};

/** True when another connection holds the lock: worth asking again. */
export function isBusy(error: unknown): boolean {
  return UNAVAILABLE[primaryCode(error) ?? -1] === "busy";
}

/** An error of `node:sqlite` as ours when the file cannot be worked with; a mistake in a statement stays what it is. */
export function fromSqliteError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PosternError) return error;
  if ("code" in error && error.code === "ERR_INVALID_STATE") {
    return new PosternError("store_unavailable", "The store is closed.", { cause: error, reason: "closed" });
  }
  const code = primaryCode(error);
  if (code === null) return error;
  const reason = UNAVAILABLE[code];
  if (reason !== undefined) {
    return new PosternError("store_unavailable", `SQLite: ${error.message}`, { cause: error, reason });
  }
  if (code === 1 && /^no such (table|column)/.test(error.message)) {
    const message = `The database lacks migrations (${error.message}). Run \`postern migrate\`.`;
    return new PosternError("migrations_pending", message, { cause: error });
  }
  return error;
}

/** The low byte says what went wrong, the others say more (extended result codes). */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return error.errcode & 0xff;
}
