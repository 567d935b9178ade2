import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { githubAccessToken } from "./access-token.ts";
import { githubAuthorization } from "./authorization.ts";
import { githubEmails } from "./emails.ts";
import { githubMembership, githubOrganizations } from "./organizations.ts";
import { githubTeamMembership, githubTeams } from "./teams.ts";
import { githubUser } from "./user.ts";

const OAUTH = "/github/login/oauth";
const API = "/github/api/v3";

/** Laid out as an Enterprise Server: the API below `/api/v3`. */
export const routes: readonly Route[] = [
  door("github.authorize", "GET", `${OAUTH}/authorize`, showPicker(githubAuthorization)),
  door("github.decide", "POST", `${OAUTH}/authorize`, decide(githubAuthorization)),
  door("github.token", "POST", `${OAUTH}/access_token`, githubAccessToken),
  door("github.user", "GET", `${API}/user`, githubUser),
  door("github.emails", "GET", `${API}/user/emails`, githubEmails),
  door("github.organizations", "GET", `${API}/user/orgs`, githubOrganizations),
  door("github.organizations", "GET", `${API}/user/memberships/orgs/{}`, githubMembership),
  door("github.teams", "GET", `${API}/user/teams`, githubTeams),
  door("github.teams", "GET", `${API}/orgs/{}/teams/{}/memberships/{}`, githubTeamMembership),
];
