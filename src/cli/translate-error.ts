import { ConfigError, type ErrorCode, PosternError } from "../errors.ts";
import { CliFailure, type FailureCode } from "./failure.ts";
import type { Words } from "./words/en.ts";

/** How Postern's own codes end a command; what is not here is a defect, or cannot happen on the command line. */
const CODES: Partial<Readonly<Record<ErrorCode, FailureCode>>> = {
  store_unavailable: "store_unavailable",
  migrations_pending: "migrations_pending",
  last_owner: "last_owner",
  last_identity: "last_identity",
  merge_refused: "merge_refused",
  identity_not_found: "identity_not_found",
  owner_exists: "owner_exists",
  not_usable_owner: "not_usable_owner",
  user_not_found: "user_not_found",
  unknown_role: "unknown_role",
  unknown_permission: "unknown_permission",
  request_not_found: "request_not_found",
  request_decided: "request_decided",
  request_too_large: "invalid_argument",
};

/** Whatever a command threw, as a failure with an exit code. */
export function translateError(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof ConfigError) return fromConfigError(error);
  const code = error instanceof PosternError ? CODES[error.code] : undefined;
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case undefined:
      return new CliFailure("server_error", (words) => words.unexpected(message), { cause: error });
    case "store_unavailable":
      return new CliFailure(code, (words) => words.storeUnavailable(message), { cause: error });
    case "migrations_pending":
      return new CliFailure(code, (words) => words.migrationsPending(message), { cause: error });
    default:
      return new CliFailure(code, () => message, { cause: error });
  }
}

function fromConfigError({ problems }: ConfigError): CliFailure {
  const lines = (words: Words) =>
    problems.map(({ path, message, fix }) => `  ${path}: ${message}\n    ${words.fix} ${fix}`);
  return new CliFailure("config_invalid", (words) => words.configInvalid(problems.length), {
    hint: (words) => lines(words).join("\n"),
    more: { problems },
  });
}
