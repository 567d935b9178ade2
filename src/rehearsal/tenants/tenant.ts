import { COMPANIES, type Company } from "../memberships.ts";
import { membershipsOf, type Persona } from "../personas.ts";

/** The API of the directory, beside the tenants. */
export const GRAPH = "/graph";

/** Where people without a company would be. */
const CONSUMERS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";
/** Stands in the discovered issuer where several tenants sign in: word for word, braces included. */
const TEMPLATE = "{tenantid}";

/** The tenant a person is in. */
export function tenantOf(persona: Persona): string {
  return COMPANIES[membershipsOf(persona).company].tenantId;
}

/** The issuer of one tenant, or of the template. */
export function issuerOf(issuer: string, tenant: string): string {
  return `${issuer}/${tenant}/v2.0`;
}

/** What a path may name: `null` = there is no such tenant. A domain leads to its id. */
export function findTenant(place: string): string | null {
  if (place === "common" || place === "organizations") return TEMPLATE;
  if (place === "consumers") return CONSUMERS_TENANT;
  const companies: readonly Company[] = Object.values(COMPANIES);
  const found = companies.find(({ tenantId, domain }) => place === tenantId || place === domain);
  return found?.tenantId ?? null;
}

/** Whether people of this tenant may sign in at this path. */
export function admits(place: string, tenantId: string): boolean {
  const tenant = findTenant(place);
  return tenant === TEMPLATE || tenant === tenantId;
}
