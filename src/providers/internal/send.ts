import type { Outbound } from "../../oauth/outbound.ts";
import type { RequestDescription, SignedGateway, TokenPlacement } from "../hooks.ts";
import { signRequest } from "./gateway.ts";

const MAX_BYTES = 256 * 1024;

/** What a request carries beside what it says. */
export interface Carried {
  /** `null` = no token. */
  readonly token: string | null;
  readonly in?: TokenPlacement["in"];
  readonly gateway?: SignedGateway | undefined;
}

/** Sends what a definition described. `endpoint` names it for the administrator. @throws OAuthFailure as the client does */
export function send(
  request: RequestDescription,
  carried: Carried,
  endpoint: string,
  outbound: Outbound,
): Promise<Response> {
  const placed = carried.token === null ? request : place(request, carried.token, carried.in ?? "bearer");
  const {
    method = "GET",
    url,
    headers,
    query,
    body,
  } = carried.gateway === undefined ? placed : signRequest(placed, carried.gateway);
  const address = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  return outbound.fetch(address, {
    method,
    headers: { accept: "application/json", ...contentType(body), ...lowerCase(headers) },
    body: textOf(body),
    maxBytes: MAX_BYTES,
    endpoint,
  });
}

function place(
  request: RequestDescription,
  token: string,
  where: NonNullable<TokenPlacement["in"]>,
): RequestDescription {
  if (where === "bearer") {
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  }
  if ("header" in where) return { ...request, headers: { ...request.headers, [where.header]: token } };
  if ("query" in where) return { ...request, query: { ...request.query, [where.query]: token } };
  const form = request.body !== undefined && "form" in request.body ? request.body.form : {};
  return { ...request, method: request.method ?? "POST", body: { form: { ...form, [where.form]: token } } };
}

function contentType(body: RequestDescription["body"]): Readonly<Record<string, string>> {
  if (body === undefined) return {};
  if ("json" in body) return { "content-type": "application/json; charset=utf-8" };
  return { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
}

function textOf(body: RequestDescription["body"]): string | URLSearchParams | undefined {
  if (body === undefined) return undefined;
  return "json" in body ? JSON.stringify(body.json) : new URLSearchParams(body.form);
}

// So that a definition's `Accept` replaces ours instead of standing beside it.
function lowerCase(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
