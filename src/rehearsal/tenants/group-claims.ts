import { uuidOf } from "../person-ids.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { GRAPH } from "./tenant.ts";

/** More than this do not fit into a token. */
const MOST_GROUPS = 200;

/** The id that the directory gives a team: `groupIdOf("acme/ops")`. */
export function groupIdOf(team: string): string {
  return uuidOf(`group:${team}`);
}

/** The groups of a person, by id. */
export function groupIdsOf(persona: Persona): readonly string[] {
  return membershipsOf(persona).teams.map(groupIdOf);
}

/** The claim `groups`, or with too many of them a pointer to where they can be asked for. */
export function groupClaims(persona: Persona, issuer: string): Readonly<Record<string, unknown>> {
  const groups = groupIdsOf(persona);
  if (groups.length === 0) return {};
  if (groups.length <= MOST_GROUPS) return { groups };
  return {
    _claim_names: { groups: "src1" },
    _claim_sources: { src1: { endpoint: `${issuer}${GRAPH}/v1.0/me/getMemberObjects` } },
  };
}
