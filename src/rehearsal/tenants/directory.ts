import { bearerToken } from "../bearer-token.ts";
import type { Call, Handler, RehearsalContext } from "../context.ts";
import type { Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { tokenOwner } from "../token-owner.ts";
import { groupIdsOf } from "./group-claims.ts";

/** `GET /me/transitiveMemberOf`, `$top` to a page (100 unless asked, 999 at most), with a link to the next. */
export const memberOf: Handler = (context, call) => {
  const caller = directoryCaller(context, call);
  if (caller instanceof Response) return caller;
  const top = Math.min(Number(call.url.searchParams.get("$top") ?? 100) || 100, 999);
  const skip = Number(call.url.searchParams.get("$skiptoken") ?? 0) || 0;
  const groups = groupIdsOf(caller);
  const next = new URL(call.url);
  next.searchParams.set("$skiptoken", String(skip + top));
  return json({
    "@odata.context": `${call.url.origin}/$metadata#directoryObjects`,
    ...(skip + top < groups.length && { "@odata.nextLink": next.href }),
    value: groups.slice(skip, skip + top).map((id) => ({ "@odata.type": "#microsoft.graph.group", id })),
  });
};

/** `POST /me/getMemberObjects`: all ids at once. */
export const memberObjects: Handler = (context, call) => {
  const caller = directoryCaller(context, call);
  return caller instanceof Response ? caller : json({ value: groupIdsOf(caller) });
};

/** `GET /me/photos/48x48/$value`: nobody here has one. */
export const photo: Handler = () =>
  json({ error: { code: "ImageNotFound", message: "Exception of type ImageNotFound." } }, { status: 404 });

/** Whoever calls must hold a token that may read: `User.Read`, `GroupMember.Read.All`. */
function directoryCaller(context: RehearsalContext, { request }: Call): Persona | Response {
  const owner = tokenOwner(context, "tenants", bearerToken(request.headers));
  if (owner === null) {
    return failure(401, "InvalidAuthenticationToken", "Access token is empty, ended or of somebody else.");
  }
  const mayRead = owner.grant.scope.some((scope) => /\.Read(\.All)?$/.test(scope));
  return mayRead
    ? owner.persona
    : failure(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}

function failure(status: number, code: string, message: string): Response {
  return json({ error: { code, message } }, { status });
}
