import { APP_TOKEN_SECONDS } from "../app-tokens.ts";
import { bearerToken } from "../bearer-token.ts";
import type { Handler } from "../context.ts";
import { COMPANIES, DEPARTMENTS } from "../memberships.ts";
import { openIdOf, unionIdOf } from "../person-ids.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { provesItself } from "../spend-code.ts";
import { textOf } from "../text-of.ts";
import { tokenOwner } from "../token-owner.ts";
import { apiFailure, success } from "./answers.ts";

/** `GET …/authen/v1/user_info`: e-mail only with its permission, an id for this application and one for all. */
export const userInfo: Handler = (context, { request }) => {
  const owner = tokenOwner(context, "envelope", bearerToken(request.headers));
  if (owner === null) {
    return apiFailure(20005, "The user access token passed is invalid. Please check the value");
  }
  const { persona, grant } = owner;
  return success({
    name: persona.name ?? persona.github.login,
    en_name: persona.github.login,
    avatar_url: "https://images.rehearsal.example/a_72.webp",
    open_id: openIdOf(persona, grant.clientId),
    union_id: unionIdOf(persona),
    tenant_key: COMPANIES[membershipsOf(persona).company].tenantKey,
    ...(grant.scope.includes("contact:user.email:readonly") && emails(persona)),
  });
};

function emails({ email }: Persona) {
  return email === null ? {} : { email, enterprise_email: email };
}

/** `POST …/auth/v3/tenant_access_token/internal` with `{app_id, app_secret}`. */
export const appToken: Handler = (context, { json: body }) => {
  const appId = textOf(body, "app_id");
  if (!provesItself(context, appId, textOf(body, "app_secret"))) {
    return json({ code: 10014, msg: "app secret invalid" });
  }
  const token = context.appTokens.issue("envelope", appId);
  return json({ code: 0, msg: "ok", tenant_access_token: token, expire: APP_TOKEN_SECONDS });
};

/** `GET …/contact/v3/users/{id}`, with the application's token; `user_id_type` says which id it is. */
export const contact: Handler = (context, { request, url, segments: [id] }) => {
  const clientId = context.appTokens.find("envelope", bearerToken(request.headers) ?? "");
  if (clientId === null) return apiFailure(99991663, "Invalid access token for authorization.");
  const idOf = (persona: Persona) =>
    url.searchParams.get("user_id_type") === "union_id" ? unionIdOf(persona) : openIdOf(persona, clientId);
  const persona = context.people.list().find((candidate) => idOf(candidate) === id);
  if (persona === undefined || membershipsOf(persona).company !== "demo") {
    return apiFailure(41050, "no user authority error");
  }
  const { departments } = membershipsOf(persona);
  return success({
    user: {
      open_id: openIdOf(persona, clientId),
      union_id: unionIdOf(persona),
      name: persona.name ?? persona.github.login,
      department_ids: departments.map(departmentIdOf),
      status: { is_activated: true, is_frozen: false, is_resigned: false },
    },
  });
};

/** `GET …/contact/v3/group/member_belong?member_id=`: groups, `page_size` to a page (500 unless asked). */
export const groups: Handler = (context, { request, url: { searchParams } }) => {
  const clientId = context.appTokens.find("envelope", bearerToken(request.headers) ?? "");
  if (clientId === null) return apiFailure(99991663, "Invalid access token for authorization.");
  const memberId = searchParams.get("member_id");
  const persona = context.people.list().find((candidate) => openIdOf(candidate, clientId) === memberId);
  const all = persona === undefined ? [] : membershipsOf(persona).teams.map(groupIdOf);
  const size = Number(searchParams.get("page_size") ?? 500) || 500;
  const start = Number(searchParams.get("page_token") ?? 0) || 0;
  const end = start + size;
  const more = end < all.length;
  return success({
    group_list: all.slice(start, end),
    has_more: more,
    ...(more && { page_token: String(end) }),
  });
};

/** `GET …/contact/v3/departments/{id}` */
export const department: Handler = (context, { request, segments: [id] }) => {
  if (context.appTokens.find("envelope", bearerToken(request.headers) ?? "") === null) {
    return apiFailure(99991663, "Invalid access token for authorization.");
  }
  const found = Object.entries(DEPARTMENTS).find(([number]) => departmentIdOf(Number(number)) === id);
  if (found === undefined) return apiFailure(40004, "no dept authority error");
  return success({ department: { name: found[1], open_department_id: id } });
};

/** The open id of a department: `od-2`. */
function departmentIdOf(department: number): string {
  return `od-${department}`;
}

/** The id of a group: `g-acme-ops`. */
function groupIdOf(team: string): string {
  return `g-${team.replace("/", "-")}`;
}
