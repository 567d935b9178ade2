import type { ErrorCode } from "../errors.ts";
import { problem } from "../web/problem.ts";
import type { Failure } from "./note-failure.ts";

/** The answer to a program when something went wrong. */
export function errorProblem({ code, reference, retryAfter }: Failure): Response {
  return problem(code, {
    detail: DETAILS[code],
    reference: reference ?? undefined,
    retryAfter: retryAfter === undefined ? undefined : retryAfter / 1_000,
  });
}

/** English sentences for developers, where the code alone leaves a question. */
const DETAILS: Partial<Readonly<Record<ErrorCode, string>>> = {
  permission_denied: "You are signed in, but your roles do not allow this.",
  api_key_invalid: "The API key does not exist, has expired or was revoked, or its owner may not come in.",
  no_role: "You are signed in, but you hold no role.",
  cross_origin:
    "Requests that change something must come from the same origin, or from one in allowedOrigins.",
  method_not_allowed: "See the Allow header.",
  unsupported_media_type:
    "Forms are read as application/x-www-form-urlencoded, requests for a token as application/json.",
  request_malformed: "The body must be a JSON object with the members that the documentation names.",
  audience_not_allowed: "The option tokens.audiences does not list this audience.",
  store_unavailable: "The database cannot be reached. Try again.",
};
