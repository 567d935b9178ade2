import { PosternError } from "../errors.ts";

/** Names of server errors (MySQL Error Message Reference) that tell of the server's trouble, not of our statement. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: "login_refused",
  ER_DBACCESS_DENIED_ERROR: "login_refused",
  ER_BAD_DB_ERROR: "no_such_database",
  ER_TABLEACCESS_DENIED_ERROR: "permission",
  ER_SPECIFIC_ACCESS_DENIED_ERROR: "permission",
  ER_LOCK_DEADLOCK: "conflict",
  ER_LOCK_WAIT_TIMEOUT: "timeout",
  ER_QUERY_TIMEOUT: "timeout",
  ER_STATEMENT_TIMEOUT: "timeout",
  ER_QUERY_INTERRUPTED: "timeout",
  ER_CON_COUNT_ERROR: "out_of_resources",
  ER_TOO_MANY_USER_CONNECTIONS: "out_of_resources",
  ER_OUT_OF_RESOURCES: "out_of_resources",
  ER_DISK_FULL: "disk_full",
  ER_RECORD_FILE_FULL: "disk_full",
  ER_SERVER_SHUTDOWN: "shutting_down",
  ER_CONNECTION_KILLED: "connection",
  ER_OPTION_PREVENTS_STATEMENT: "read_only",
  ER_READ_ONLY_MODE: "read_only",
};
/** What to look at first, for whoever reads the message at the start or in the log. */
const ADVICE: Readonly<Record<string, string>> = {
  connection: "Does the server run, and is its address (`database` or DATABASE_URL) right?",
  login_refused: "Are user and password in the address (`database` or DATABASE_URL) right?",
  no_such_database: "Create it, or name another one in the address.",
  permission: "Let the account of the address create and use tables there.",
};
const MISSING_TABLE_OR_COLUMN = ["ER_NO_SUCH_TABLE", "ER_BAD_FIELD_ERROR"];

/** An error of `mysql2` as ours when the server cannot be worked with; a mistake in a statement stays what it is. */
export function fromMysqlError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PosternError || error instanceof TypeError) return error;
  const code = codeOf(error);
  if (code !== null && MISSING_TABLE_OR_COLUMN.includes(code)) {
    const message = `The database lacks migrations (${error.message}). Run \`postern migrate\`.`;
    return new PosternError("migrations_pending", message, { cause: error });
  }
  const reason = isServerAnswer(error) ? UNAVAILABLE[code ?? ""] : "connection";
  if (reason === undefined) return error;
  const advice = ADVICE[reason];
  const told = advice === undefined ? error.message : `${error.message}. ${advice}`;
  return new PosternError("store_unavailable", `MySQL: ${told}`, { cause: error, reason });
}

/** True when the server itself answered, so that the connection can still be used. */
export function isServerAnswer(error: unknown): boolean {
  return error instanceof Error && "sqlState" in error && !("fatal" in error && error.fatal === true);
}

/** The server has become a replica: the same address may lead to another one by now, so the connection is of no use. */
export function isReadOnly(error: unknown): boolean {
  return UNAVAILABLE[codeOf(error) ?? ""] === "read_only";
}

/** Two transactions waited for each other and the server has undone this one: nothing of it is left. */
export function isDeadlock(error: unknown): boolean {
  const cause = error instanceof PosternError ? error.cause : error;
  return codeOf(cause) === "ER_LOCK_DEADLOCK";
}

/** Already there: a migration that was cut off comes past its own first steps again. */
export function isThereAlready(error: unknown): boolean {
  return ["ER_TABLE_EXISTS_ERROR", "ER_DUP_FIELDNAME", "ER_DUP_KEYNAME", "ER_DUP_ENTRY"].includes(
    codeOf(error) ?? "",
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
