import { negotiate } from "../i18n/negotiate.ts";
import { bearerToken } from "./bearer-token.ts";
import { isLoopbackHost } from "./clients.ts";
import type { Call, RehearsalContext } from "./context.ts";
import type { MisbehaviourMode } from "./misbehaviours.ts";
import { text } from "./responses.ts";
import { matchPath, type Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** Answers one request: finds the route, counts, waits where told, misbehaves where told, else does its duty. */
export async function answer(context: RehearsalContext, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const refusal = refuseStrangers(context.issuer, url, request);
  if (refusal !== null) return refusal;
  const found = findRoute(url.pathname, request.method);
  if (found instanceof Response) return found;

  const { endpoint, handle } = found.route;
  const call = {
    request,
    url,
    segments: found.segments,
    ...(await readBody(request)),
    locale: negotiate({ acceptLanguage: request.headers.get("accept-language"), fallback: "en" }),
  };
  if (endpoint === null) return handle(context, { ...call, faults: [] });

  context.counts[endpoint] += 1;
  await context.delays.get(endpoint)?.(endpoint);
  const faults = context.misbehaviours.take(endpoint, misbehaviourOfAttempt(context, call));
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

interface Found {
  readonly route: Route;
  readonly segments: readonly string[];
}

function findRoute(path: string, method: string): Found | Response {
  const candidates = ROUTES.flatMap((route) => {
    const segments = matchPath(route.path, path);
    return segments === null ? [] : [{ route, segments }];
  });
  if (candidates.length === 0) return text(404, "There is nothing here.");
  const found = candidates.find(({ route }) => route.methods.includes(method));
  const allow = candidates.flatMap(({ route }) => route.methods).join(", ");
  return found ?? text(405, `This address takes ${allow}.`, { allow });
}

async function readBody(request: Request): Promise<Pick<Call, "form" | "json">> {
  const type = request.headers.get("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  const isJson = type.startsWith("application/json");
  return {
    form: new URLSearchParams(isForm ? await request.text() : ""),
    json: isJson ? await request.json().catch(() => null) : null,
  };
}

/** What the person chose in the picker follows the attempt through its code and its tokens, wherever they stand. */
function misbehaviourOfAttempt(
  { grants }: RehearsalContext,
  call: Pick<Call, "request" | "url" | "form" | "json">,
): MisbehaviourMode | null {
  const { headers } = call.request;
  const secrets = [
    ...call.form.values(),
    ...call.url.searchParams.values(),
    ...Object.values((call.json ?? {}) as object),
    ...headers.values(),
    bearerToken(headers),
    ...(headers.get("authorization") ?? "").split('"'),
  ];
  for (const secret of secrets) {
    const mode = typeof secret === "string" ? grants.misbehaviourOf(secret) : null;
    if (mode !== null) return mode;
  }
  return null;
}
