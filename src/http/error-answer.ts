import { newReference } from "../crypto/random.ts";
import { ERRORS, type ErrorCode, PosternError } from "../errors.ts";
import type { RefusedLogin } from "../login/refuse-login.ts";
import type { PrincipalUser } from "../model/principal.ts";
import { errorPage } from "../pages/error-page.ts";
import type { Provider } from "../providers/provider.ts";
import { header } from "../web/headers.ts";
import { problem } from "../web/problem.ts";
import type { LocalPath } from "../web/return-to.ts";
import type { Call } from "./call.ts";
import { pageContext } from "./page-context.ts";
import { page } from "./responses.ts";
import { signInPath } from "./sign-in-path.ts";

/** Everything an answer may tell about what went wrong. */
interface ErrorAnswer {
  readonly code: ErrorCode;
  readonly reference: string | null;
  readonly provider?: Provider | null;
  readonly handle?: string | null;
  readonly returnTo: LocalPath;
  readonly technical?: Readonly<Record<string, unknown>> | null;
  readonly user?: PrincipalUser | null;
  readonly cookies?: readonly string[];
}

/** Turns whatever a handler threw into the answer for it. What is no PosternError is a defect: logged, and told as such. */
export async function answerError(call: Call, answers: "page" | "json", error: unknown): Promise<Response> {
  const known = error instanceof PosternError ? error : null;
  const code = known?.code ?? "server_error";
  const reference = ERRORS[code].turn === "us" ? newReference() : null;
  if (reference !== null) {
    call.runtime.log.error({ err: error, reference, path: call.url.pathname }, "a request failed");
  }
  return answer(call, answers, { code, reference, returnTo: call.returnTo });
}

/** The answer for a sign-in that ended without a session. */
export function answerRefusedLogin(call: Call, refused: RefusedLogin): Promise<Response> {
  const provider = call.runtime.providers.get(call.params.provider ?? "") ?? null;
  return answer(call, "page", { ...refused, provider });
}

/** The answer for somebody who is signed in and may not do this. */
export function answerDenied(call: Call, code: ErrorCode, user: PrincipalUser | null): Promise<Response> {
  return answer(call, "page", { code, reference: null, returnTo: call.returnTo, user });
}

async function answer(call: Call, answers: "page" | "json", told: ErrorAnswer): Promise<Response> {
  if (answers === "json" || prefersJson(call.request)) {
    return problem(told.code, { detail: DETAILS[told.code], reference: told.reference ?? undefined });
  }
  const { provider = null, returnTo, technical = null } = told;
  const development = call.runtime.settings.publicUrl.protocol === "http:";
  const html = errorPage(pageContext(call, signInPath(call.runtime, returnTo), told.user ?? null), {
    code: told.code,
    reference: told.reference,
    provider: provider === null ? null : { id: provider.id, name: provider.name[call.locale] },
    handle: told.handle ?? null,
    returnTo,
    retryAfterMinutes: null,
    technical: technical === null ? null : asText(technical),
    development,
  });
  const formAction = provider === null ? [] : await provider.formActionOrigins();
  return page(call, html, { status: ERRORS[told.code].status, cookies: told.cookies ?? [], formAction });
}

/** Programs that ask for JSON get JSON even where people usually come. */
function prefersJson(request: Request): boolean {
  const accept = header(request.headers, "accept") ?? "";
  return /application\/(problem\+)?json/.test(accept) && !accept.includes("text/html");
}

/** English sentences for developers, where the code alone leaves a question. */
const DETAILS: Partial<Readonly<Record<ErrorCode, string>>> = {
  cross_origin:
    "Requests that change something must come from the same origin, or from one in allowedOrigins.",
  method_not_allowed: "See the Allow header.",
  unsupported_media_type: "Send application/x-www-form-urlencoded.",
  store_unavailable: "The database cannot be reached. Try again.",
};

function asText(technical: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(technical).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
