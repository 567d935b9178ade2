import { ERRORS } from "../errors.ts";
import type { RefusedLogin } from "../login/refuse-login.ts";
import type { LoginPurpose } from "../model/login-transaction.ts";
import type { PrincipalUser } from "../model/principal.ts";
import { waysHref } from "../pages/error-action.ts";
import { errorPage } from "../pages/error-page.ts";
import type { Provider } from "../providers/provider.ts";
import { header } from "../web/headers.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import type { Call } from "./call.ts";
import { errorProblem } from "./error-problem.ts";
import { signInOrigins } from "./form-action.ts";
import { type Failure, noteFailure } from "./note-failure.ts";
import { pageContext } from "./page-context.ts";
import { page } from "./responses.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** Everything an answer may tell about what went wrong. */
interface ErrorAnswer extends Failure {
  readonly purpose?: LoginPurpose;
  readonly provider?: Provider | null;
  readonly handle?: string | null;
  readonly returnTo: ReturnTarget;
  readonly user?: PrincipalUser | null;
  readonly cookies?: readonly string[];
}

/** Turns whatever a handler threw into the answer for it; `user` is who was signed in there, as far as that was looked up. */
export async function answerError(
  call: Call,
  answers: "page" | "json",
  error: unknown,
  user: PrincipalUser | null = null,
): Promise<Response> {
  const failure = noteFailure(call.runtime, error, pathToLog(call));
  return answer(call, answers, { ...failure, returnTo: call.returnTo, user });
}

/** The path without the secret that the links of invitations and the like end in. */
function pathToLog({ url, params }: Call): string {
  const { pathname } = url;
  return params.token === undefined ? pathname : `${pathname.slice(0, pathname.lastIndexOf("/"))}/…`;
}

/** The answer for a sign-in that ended without a session. Whoever was signed in before still is, and is told so. */
export async function answerRefusedLogin(call: Call, refused: RefusedLogin): Promise<Response> {
  const provider = call.runtime.providers.get(call.params.provider ?? "") ?? null;
  const self = await call.principal();
  return answer(call, "page", { ...refused, provider, user: self?.user ?? null });
}

/** The page for what went wrong at a page of the application; `user` is who was signed in there. */
export function answerFailure(call: Call, failure: Failure, user: PrincipalUser | null): Promise<Response> {
  return answer(call, "page", { ...failure, returnTo: call.returnTo, user });
}

async function answer(call: Call, answers: "page" | "json", told: ErrorAnswer): Promise<Response> {
  const { provider = null, purpose, returnTo, technical, cookies = [] } = told;
  if (answers === "json" || prefersJson(call.request)) {
    const response = errorProblem(told);
    for (const cookie of cookies) response.headers.append("set-cookie", cookie);
    return response;
  }
  const development = call.runtime.settings.publicUrl.protocol === "http:";
  const here = waysHref(call.runtime.settings, purpose ?? "login", returnTo);
  const wait = retryAfterSeconds(told.code, told.retryAfter);
  const html = errorPage(pageContext(call, here, told.user ?? null), {
    code: told.code,
    ...(purpose !== undefined && { purpose }),
    reference: told.reference,
    provider: provider === null ? null : { id: provider.id, name: provider.name[call.locale] },
    handle: told.handle ?? null,
    returnTo,
    retryAfterMinutes: told.retryAfter == null || wait === null ? null : Math.ceil(wait / 60),
    technical: technical === undefined ? null : asText(technical),
    development,
  });
  const formAction = provider === null ? [] : await signInOrigins([provider], returnTo);
  const response = page(call, html, { status: ERRORS[told.code].status, cookies, formAction });
  if (wait !== null) response.headers.set("retry-after", String(wait));
  return response;
}

/** Programs that ask for JSON get JSON even where people usually come. */
export function prefersJson(request: Request): boolean {
  const accept = header(request.headers, "accept") ?? "";
  return /application\/(problem\+)?json/.test(accept) && !accept.includes("text/html");
}

function asText(technical: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(technical).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
