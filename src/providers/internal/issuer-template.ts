import type { JsonObject } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { IssuerTemplate } from "../hooks.ts";

/** Whether the claims name the issuer that their own tenant makes. */
export function fitsTemplate({ template, claim }: IssuerTemplate, claims: JsonObject): boolean {
  const tenant = claims[claim];
  return isTenant(tenant) && claims.iss === template.replace(`{${claim}}`, () => tenant);
}

/** Whether an address is what the template makes of some tenant. */
export function couldBeIssuer({ template, claim }: IssuerTemplate, issuer: string): boolean {
  const [before = "", after = ""] = template.split(`{${claim}}`);
  if (!issuer.startsWith(before) || !issuer.endsWith(after)) return false;
  return isTenant(issuer.slice(before.length, issuer.length - after.length));
}

/** Lets only the listed tenants go on. @throws OAuthFailure `tenant_not_allowed` */
export function checkTenant({ claim, allowed }: IssuerTemplate, claims: JsonObject): void {
  if (allowed === null) return;
  if (!allowed.some((tenant) => tenant === claims[claim])) {
    throw new OAuthFailure("not_allowed", "tenant_not_allowed");
  }
}

// Nothing that could lead out of its place in the address.
function isTenant(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{1,128}$/.test(value);
}
