import { newReference } from "../crypto/random.ts";
import { ERRORS, type ErrorCode, PosternError } from "../errors.ts";
import { LimitReached } from "../limits/limit-reached.ts";
import type { Runtime } from "../runtime.ts";
import { CrossOriginError } from "./cross-origin-error.ts";

/** What somebody is told of an error. */
export interface Failure {
  readonly code: ErrorCode;
  /** Finds the log entry; `null` when there is none. */
  readonly reference: string | null;
  /** Milliseconds after which it may work; `null` or absent = not known. */
  readonly retryAfter?: number | null;
  /** For whoever develops the application, on the page; absent in production. */
  readonly technical?: Readonly<Record<string, unknown>>;
}

/**
 * Turns whatever was thrown into what may be told. What is no PosternError is a defect; that, all that lies with us, and
 * a database that lacks a table are logged with the path of the request, without its query, which may hold anything. So is a request from another site:
 * it is an attack, or a `publicUrl` that shuts everybody out.
 */
export function noteFailure(
  runtime: Pick<Runtime, "log" | "settings">,
  error: unknown,
  path: string,
): Failure {
  if (error instanceof CrossOriginError) return noteCrossOrigin(runtime, error, path);
  const { code, retryAfter } =
    error instanceof PosternError ? error : { code: "server_error" as const, retryAfter: null };
  if (error instanceof LimitReached) return { code, reference: error.reference, retryAfter };
  if (ERRORS[code].turn !== "us" && code !== "migrations_pending")
    return { code, reference: null, retryAfter };
  const reference = newReference();
  runtime.log.error({ err: error, reference, path }, "a request failed");
  return { code, reference, retryAfter };
}

function noteCrossOrigin(
  { log, settings }: Pick<Runtime, "log" | "settings">,
  { code, compared }: CrossOriginError,
  path: string,
): Failure {
  const reference = newReference();
  log.warn({ reference, path, ...compared }, "a request from another site was refused");
  const development = settings.publicUrl.protocol === "http:";
  return { code, reference, ...(development && { technical: compared }) };
}
