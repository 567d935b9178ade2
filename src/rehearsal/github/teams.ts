import type { Handler } from "../context.ts";
import { pageOf } from "../page-of-list.ts";
import { membershipsOf } from "../personas.ts";
import { json } from "../responses.ts";
import { apiCaller, scopeHeaders } from "./api-caller.ts";
import { organization } from "./organizations.ts";

/** `GET /user/teams`, on pages: 403 without a scope that allows it. */
export const githubTeams: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  if (!mayList(caller.scope)) return forbidden(caller.scope);
  const { entries, headers } = pageOf(membershipsOf(caller.persona).teams, call.url);
  return json(entries.map(team), { headers: { ...scopeHeaders(caller.scope), ...headers } });
};

/** `GET /orgs/{org}/teams/{slug}/memberships/{login}`: 404 for those who are not in it. */
export const githubTeamMembership: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  const headers = scopeHeaders(caller.scope);
  const [org, slug, login] = call.segments;
  if (!mayList(caller.scope)) return forbidden(caller.scope);
  const member = context.people.list().find(({ github }) => github.login === login);
  return member !== undefined && membershipsOf(member).teams.includes(`${org}/${slug}`)
    ? json({ state: "active", role: "member", url: call.url.href }, { headers })
    : json({ message: "Not Found" }, { status: 404, headers });
};

function mayList(scope: readonly string[]): boolean {
  return scope.includes("read:org") || scope.includes("user");
}

function forbidden(scope: readonly string[]): Response {
  const message = "You need at least read:org scope or user scope to list your teams.";
  return json({ message }, { status: 403, headers: scopeHeaders(scope) });
}

function team(path: string) {
  const [org = "", slug = ""] = path.split("/");
  const parent = organization(org);
  return { id: organization(path).id, name: slug, slug, organization: parent };
}
