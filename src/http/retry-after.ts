import { ERRORS, type ErrorCode } from "../errors.ts";

/** When it is worth asking again where nobody knows, in milliseconds: most restarts are over by then. */
const USUALLY = 5_000;

/**
 * What `Retry-After` says (RFC 9110 §10.2.3), in whole seconds, at least one: every 503 and 429 says it. `known` is what
 * the error tells, in milliseconds. `null` = waiting does not help.
 */
export function retryAfterSeconds(code: ErrorCode, known: number | null = null): number | null {
  const { status } = ERRORS[code];
  if (status !== 503 && status !== 429) return null;
  return Math.max(1, Math.ceil((known ?? USUALLY) / 1_000));
}
