import { bearerToken } from "../bearer-token.ts";
import type { Call, Handler, RehearsalContext } from "../context.ts";
import type { Grant } from "../grants.ts";
import { organizationsOf } from "../memberships.ts";
import { pageOf } from "../page-of-list.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { tokenOwner } from "../token-owner.ts";

/** `GET /api/v5/user`: a numeric id, and no e-mail. */
export const user: Handler = (context, call) => {
  const caller = apiCaller(context, call, "user_info");
  if (caller instanceof Response) return caller;
  const { github, name } = caller.persona;
  return json({
    id: github.id,
    login: github.login,
    name: name ?? github.login,
    avatar_url: "https://images.rehearsal.example/no_portrait.png",
    html_url: `${context.issuer}/confirmed-emails/${github.login}`,
    email: null,
  });
};

/** `GET /api/v5/emails`: a state and purposes for each address. One that is not the primary stands first. */
export const emails: Handler = (context, call) => {
  const caller = apiCaller(context, call, "emails");
  if (caller instanceof Response) return caller;
  const { github, email, emailVerified } = caller.persona;
  const other = { email: `${github.login}@other.example`, state: "confirmed", scope: ["notified"] };
  if (email === null) return json([other]);
  const state = emailVerified ? "confirmed" : "unconfirmed";
  return json([other, { email, state, scope: ["primary", "committed", "notified"] }]);
};

/** `GET /api/v5/user/orgs`, by `page` and `per_page`. */
export const organizations: Handler = (context, call) => {
  const caller = apiCaller(context, call, "groups");
  return caller instanceof Response ? caller : listOf(organizationsOf(caller.teams), call.url);
};

/** `GET /api/v5/user/enterprises`: the company, for those who are in one. */
export const enterprises: Handler = (context, call) => {
  const caller = apiCaller(context, call, "enterprises");
  if (caller instanceof Response) return caller;
  return listOf([membershipsOf(caller.persona).company], call.url);
};

function listOf(names: readonly string[], url: URL): Response {
  const { entries, headers } = pageOf(names, url);
  const body = entries.map((name, index) => ({ id: index + 1, login: name, path: name, name }));
  return json(body, { headers: { total_count: String(names.length), ...headers } });
}

/** The token may stand in the query or in the header; each call needs its scope. */
function apiCaller(
  context: RehearsalContext,
  { request, url }: Call,
  scope: string,
): { readonly persona: Persona; readonly grant: Grant; readonly teams: readonly string[] } | Response {
  const token = url.searchParams.get("access_token") ?? bearerToken(request.headers);
  const owner = tokenOwner(context, "confirmed-emails", token);
  if (owner === null)
    return json({ message: "401 Unauthorized: Access token does not exist" }, { status: 401 });
  if (!owner.grant.scope.includes(scope))
    return json({ message: "403 Forbidden: Access token scope" }, { status: 403 });
  return { ...owner, teams: membershipsOf(owner.persona).teams };
}
