import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { uuidOf } from "../person-ids.ts";
import { admits, findTenant, tenantOf } from "./tenant.ts";

/** The authorization endpoint of a tenant, or of several: people of another tenant stay on the provider's page. */
export const authorization: AuthorizationRules = {
  flavour: "tenants",
  check(parameters) {
    const scope = (parameters.get("scope") ?? "").split(" ");
    if (parameters.get("response_type") !== "code") {
      return { error: "unsupported_response_type", description: "AADSTS70005: response_type must be code" };
    }
    return scope.includes("openid")
      ? null
      : { error: "invalid_request", description: "AADSTS900144: scope must include openid" };
  },
  grantScope: (asked) => asked,
  newCode: () => `0.A${randomBytes(40).toString("base64url")}`,
  turnAway(persona, { place }) {
    if (findTenant(place ?? "") === null) return `AADSTS90002: there is no tenant ${place}`;
    return admits(place ?? "", tenantOf(persona)) ? null : "AADSTS50020: the account is of another tenant";
  },
  granted: (code, { place }) => ({ code, session_state: uuidOf(`session:${place}`) }),
  cancelled: () => ({
    error: "access_denied",
    error_description: "AADSTS65004: The resource owner or authorization server denied the request.",
    error_subcode: "cancel",
  }),
  responseMode: (parameters) => (parameters.get("response_mode") === "form_post" ? "form_post" : "query"),
};
