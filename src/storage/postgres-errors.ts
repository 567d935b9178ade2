import { PosternError } from "../errors.ts";

/** SQLSTATE (PostgreSQL documentation, appendix A) by class or whole code: the server's trouble, not our statement's. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  "08": "connection",
  "25006": "read_only",
  "25P03": "timeout",
  "28": "login_refused",
  "3D": "no_such_database",
  "40": "conflict",
  "42501": "permission",
  "53": "out_of_resources",
  "53100": "disk_full",
  "55": "busy",
  "57": "shutting_down",
  "57014": "timeout",
  "58": "io_error",
  XX: "internal_error",
};
/** What to look at first, for whoever reads the message at the start or in the log. */
const ADVICE: Readonly<Record<string, string>> = {
  connection: "Does the server run, and is its address (`database` or DATABASE_URL) right?",
  login_refused: "Are user and password in the address (`database` or DATABASE_URL) right?",
  no_such_database: "Create it (createdb), or name another one in the address.",
  permission: "Let the account of the address create and use tables there.",
};
const MISSING_TABLE_OR_COLUMN = ["42P01", "42703"];

/** An error of `pg` as ours when the server cannot be worked with; a mistake in a statement stays what it is. */
export function fromPostgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PosternError || error instanceof TypeError) return error;
  const state = sqlState(error);
  if (state === null) return unavailable(error, "connection");
  if (MISSING_TABLE_OR_COLUMN.includes(state)) {
    const message = `The database lacks migrations (${error.message}). Run \`postern migrate\`.`;
    return new PosternError("migrations_pending", message, { cause: error });
  }
  const reason = UNAVAILABLE[state] ?? UNAVAILABLE[state.slice(0, 2)];
  return reason === undefined ? error : unavailable(error, reason);
}

/** True when the server itself answered, so that the connection can still be used. */
export function isServerAnswer(error: unknown): boolean {
  return sqlState(error) !== null;
}

function unavailable(error: Error, reason: string): PosternError {
  // Several addresses of one host failed: the message is empty, the causes stand inside.
  const message =
    error.message || (error instanceof AggregateError ? error.errors.map(String).join("; ") : "");
  const advice = ADVICE[reason];
  const told = advice === undefined ? message : `${message}. ${advice}`;
  return new PosternError("store_unavailable", `PostgreSQL: ${told}`, { cause: error, reason });
}

/** Two transactions waited for each other and the server has undone this one: nothing of it is left. */
export function isDeadlock(error: unknown): boolean {
  return sqlState(error) === "40P01";
}

/** A lock was not to be had within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === "55P03";
}

/** SQLSTATE of what the server has answered, as it came or as ours; `null` = it has not answered. */
export function sqlState(error: unknown): string | null {
  const cause = error instanceof PosternError ? error.cause : error;
  // Only errors that the server sent have a severity; those of sockets and of `pg` itself have none.
  if (!(cause instanceof Error) || !("severity" in cause) || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause.code : null;
}
