import type { Handler } from "../context.ts";
import { json } from "../responses.ts";
import { tokenOwner } from "../token-owner.ts";
import { readSignedRequest, refused } from "./signed-request.ts";

/** `GET /1.1/account/verify_credentials.json`: the id as number and as text; an e-mail only when it was verified. */
export const user: Handler = (context, call) => {
  const request = readSignedRequest(context, call, context.temporaryCredentials.findKept);
  if (request.kind === "refused") return request.response;
  const owner = tokenOwner(context, "oauth1", request.token?.token ?? null);
  if (owner === null) return refused(401, 89, "Invalid or expired token.").response;
  const { github, name, email, emailVerified } = owner.persona;
  const tellsEmail = call.url.searchParams.get("include_email") === "true" && emailVerified;
  return json({
    id: github.id,
    id_str: String(github.id),
    name: name ?? github.login,
    screen_name: github.login,
    profile_image_url_https: "https://images.rehearsal.example/x_normal.jpg",
    verified: false,
    ...(tellsEmail && email !== null && { email }),
  });
};
