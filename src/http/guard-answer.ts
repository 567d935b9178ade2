import type { PrincipalUser } from "../model/principal.ts";
import type { Runtime } from "../runtime.ts";
import { header } from "../web/headers.ts";
import { isPageNavigation } from "../web/navigation.ts";
import { ownAddress } from "../web/own-address.ts";
import { answerFailure } from "./error-answer.ts";
import { errorProblem } from "./error-problem.ts";
import { noteFailure } from "./note-failure.ts";
import { readCall } from "./read-call.ts";
import type { GuardedRequest } from "./sign-in-first.ts";

/**
 * The answer of a guard that lets nobody in: a page for a person, a problem for a program. Never lets an error open a
 * door, and never rejects: nobody stands behind a listener of Node's own server, where that would end the process.
 */
export async function answerGuardError(
  runtime: Runtime,
  request: GuardedRequest,
  error: unknown,
  user: PrincipalUser | null,
): Promise<Response> {
  const { publicUrl } = runtime.settings;
  const url = ownAddress(request.url, publicUrl) ?? publicUrl;
  const failure = noteFailure(runtime, error, url.pathname);
  if (!isPageNavigation(request)) return errorProblem(failure);
  try {
    return await answerFailure(readCall(runtime, asPageRequest(url, request), {}, {}), failure, user);
  } catch (unshown) {
    const { reference } = noteFailure(runtime, unshown, url.pathname);
    return errorProblem({ ...failure, reference: failure.reference ?? reference });
  }
}

/** Only what the page depends on: the address, the language, the cookies of our own. */
function asPageRequest(url: URL, request: GuardedRequest): Request {
  const headers = new Headers();
  for (const name of ["cookie", "accept", "accept-language"]) {
    const value = header(request.headers, name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(url, { headers });
}
