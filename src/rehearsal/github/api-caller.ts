import { bearerToken } from "../bearer-token.ts";
import type { Call, RehearsalContext } from "../context.ts";
import type { Persona } from "../personas.ts";
import { json, text } from "../responses.ts";

export type ApiCaller =
  | { readonly kind: "known"; readonly persona: Persona; readonly scope: readonly string[] }
  | { readonly kind: "refused"; readonly response: Response };

/** Who calls the API. Without a User-Agent it is 403 before anything else is looked at. */
export function apiCaller({ grants, people }: RehearsalContext, { request }: Call): ApiCaller {
  if (!request.headers.get("user-agent")) {
    return { kind: "refused", response: text(403, "Forbidden: the request has no User-Agent header.") };
  }
  const grant = grants.findByAccessToken(bearerToken(request.headers) ?? "");
  const persona = grant?.flavour === "github" ? people.find(grant.personaId) : null;
  if (grant === null || persona === null) {
    return { kind: "refused", response: json({ message: "Bad credentials" }, { status: 401 }) };
  }
  return { kind: "known", persona, scope: grant.scope };
}

/** The scopes of the token, as GitHub tells them with every answer. */
export function scopeHeaders(scope: readonly string[]): Record<string, string> {
  return { "x-oauth-scopes": scope.join(", ") };
}
