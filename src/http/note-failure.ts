import { newReference } from "../crypto/random.ts";
import { ERRORS, type ErrorCode, PosternError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/** What somebody is told of an error. */
export interface Failure {
  readonly code: ErrorCode;
  /** Finds the log entry; `null` when there is none. */
  readonly reference: string | null;
}

/**
 * Turns whatever was thrown into what may be told. What is no PosternError is a defect; that, and all that lies with us,
 * is logged with the path of the request, without its query, which may hold anything.
 */
export function noteFailure({ log }: Pick<Runtime, "log">, error: unknown, path: string): Failure {
  const code = error instanceof PosternError ? error.code : "server_error";
  if (ERRORS[code].turn !== "us") return { code, reference: null };
  const reference = newReference();
  log.error({ err: error, reference, path }, "a request failed");
  return { code, reference };
}
