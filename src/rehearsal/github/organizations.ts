import type { Handler } from "../context.ts";
import { organizationsOf } from "../memberships.ts";
import { pageOf } from "../page-of-list.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { apiCaller, scopeHeaders } from "./api-caller.ts";

/** `GET /user/orgs`: memberships here are private, so without the scope `read:org` the list is empty. */
export const githubOrganizations: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  const all = caller.scope.includes("read:org") ? organizationNames(caller.persona) : [];
  const { entries, headers } = pageOf(all, call.url);
  return json(entries.map(organization), { headers: { ...scopeHeaders(caller.scope), ...headers } });
};

/** `GET /user/memberships/orgs/{org}`: 404 for those who are not in it. */
export const githubMembership: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  const headers = scopeHeaders(caller.scope);
  const [name = ""] = call.segments;
  if (!caller.scope.includes("read:org")) {
    return json({ message: "You need the read:org scope." }, { status: 403, headers });
  }
  return organizationNames(caller.persona).includes(name)
    ? json({ state: "active", role: "member", organization: organization(name) }, { headers })
    : json({ message: "Not Found" }, { status: 404, headers });
};

/** An organisation as lists hold it. Its number is made of its name. */
export function organization(login: string) {
  return { login, id: [...login].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 1_000_000 };
}

function organizationNames(persona: Persona): readonly string[] {
  return organizationsOf(membershipsOf(persona).teams);
}
