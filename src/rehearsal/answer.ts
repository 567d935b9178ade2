import { negotiate } from "../i18n/negotiate.ts";
import { bearerToken } from "./bearer-token.ts";
import { isLoopbackHost } from "./clients.ts";
import type { RehearsalContext } from "./context.ts";
import type { MisbehaviourMode } from "./misbehaviours.ts";
import { text } from "./responses.ts";
import { ROUTES, type Route } from "./routes.ts";

/** Answers one request: finds the route, counts, waits where told, misbehaves where told, else does its duty. */
export async function answer(context: RehearsalContext, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const refusal = refuseStrangers(context.issuer, url, request);
  if (refusal !== null) return refusal;
  const route = findRoute(url.pathname, request.method);
  if (route instanceof Response) return route;

  const { endpoint, handle } = route;
  const call = {
    request,
    url,
    form: await readForm(request),
    locale: negotiate({ acceptLanguage: request.headers.get("accept-language"), fallback: "en" }),
  };
  if (endpoint === null) return handle(context, { ...call, faults: [] });

  context.counts[endpoint] += 1;
  await context.delays.get(endpoint)?.(endpoint);
  const faults = context.misbehaviours.take(endpoint, misbehaviourOfAttempt(context, request, call.form));
  const { issuer, wait } = context;
  for (const { row, milliseconds } of faults) {
    const faulty = await row.answer?.({ issuer, wait, milliseconds });
    if (faulty) return faulty;
  }
  return handle(context, { ...call, faults });
}

/**
 * A page of another site must not reach us: neither under a name of its own that it has pointed at this machine
 * (DNS rebinding), nor by a form or script that posts to the controls.
 */
function refuseStrangers(issuer: string, url: URL, request: Request): Response | null {
  if (!isLoopbackHost(url.hostname) && url.host !== new URL(issuer).host) {
    return text(421, `This provider answers at ${issuer}, not at ${url.host}.`);
  }
  const origin = request.headers.get("origin");
  if (url.pathname.startsWith("/rehearsal/") && origin !== null && origin !== issuer) {
    return text(403, "The controls are not for pages of other origins.");
  }
  return null;
}

function findRoute(path: string, method: string): Route | Response {
  const candidates = ROUTES.filter((route) => route.path === path);
  if (candidates.length === 0) return text(404, "There is nothing here.");
  const route = candidates.find(({ methods }) => methods.includes(method));
  const allow = candidates.flatMap(({ methods }) => methods).join(", ");
  return route ?? text(405, `This address takes ${allow}.`, { allow });
}

/** Empty unless the body is form-encoded. */
async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  return new URLSearchParams(isForm ? await request.text() : "");
}

/** What the person chose in the picker follows the attempt through its code and its tokens. */
function misbehaviourOfAttempt(
  { grants }: RehearsalContext,
  request: Request,
  form: URLSearchParams,
): MisbehaviourMode | null {
  for (const secret of [form.get("code"), form.get("refresh_token"), bearerToken(request.headers)]) {
    const mode = secret === null ? null : grants.misbehaviourOf(secret);
    if (mode !== null) return mode;
  }
  return null;
}
