import { newReference } from "../crypto/random.ts";
import { type ErrorCode, PosternError } from "../errors.ts";
import type { PrincipalUser } from "../model/principal.ts";
import type { Runtime } from "../runtime.ts";
import { header } from "../web/headers.ts";
import { isPageNavigation } from "../web/navigation.ts";
import { problem } from "../web/problem.ts";
import { answerDenied } from "./error-answer.ts";
import { readCall } from "./read-call.ts";
import type { GuardedRequest } from "./sign-in-first.ts";

const DETAILS: Partial<Readonly<Record<ErrorCode, string>>> = {
  permission_denied: "You are signed in, but your roles do not allow this.",
  no_role: "You are signed in, but you hold no role.",
  cross_origin:
    "Requests that change something must come from the same origin, or from one in allowedOrigins.",
  store_unavailable: "The database cannot be reached. Try again.",
};

/** The answer of a guard that lets nobody in: a page for a person, a problem for a program. Never lets an error open a door. */
export async function answerGuardError(
  runtime: Runtime,
  request: GuardedRequest,
  error: unknown,
  user: PrincipalUser | null,
): Promise<Response> {
  const code = error instanceof PosternError ? error.code : "server_error";
  if (code === "server_error" || code === "store_unavailable") {
    runtime.log.error({ err: error, reference: newReference(), path: request.url }, "a guard failed");
  }
  if (!isPageNavigation(request)) return problem(code, { detail: DETAILS[code] });
  return answerDenied(readCall(runtime, asPageRequest(runtime, request), {}, {}), code, user);
}

/** Only what the page depends on: the address, the language, the cookies of our own. */
function asPageRequest({ settings }: Runtime, request: GuardedRequest): Request {
  const headers = new Headers();
  for (const name of ["cookie", "accept", "accept-language"]) {
    const value = header(request.headers, name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(URL.parse(request.url ?? "/", settings.publicUrl.href) ?? settings.publicUrl, {
    headers,
  });
}
