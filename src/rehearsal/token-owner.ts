import type { RehearsalContext } from "./context.ts";
import type { Flavour } from "./endpoints.ts";
import type { Grant } from "./grants.ts";
import type { Persona } from "./personas.ts";

/** Whose access token it is, and what they granted; `null` = unknown, ended, or given out by another look-alike. */
export function tokenOwner(
  { grants, people }: RehearsalContext,
  flavour: Flavour,
  token: string | null,
): { readonly grant: Grant; readonly persona: Persona } | null {
  const grant = grants.findByAccessToken(token ?? "");
  if (grant === null || grant.flavour !== flavour) return null;
  const persona = people.find(grant.personaId);
  return persona === null ? null : { grant, persona };
}
