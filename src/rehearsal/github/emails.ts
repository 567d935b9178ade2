import type { Handler } from "../context.ts";
import type { Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { apiCaller, scopeHeaders } from "./api-caller.ts";

/** `GET /user/emails`: 404 without the scope, as if it were not there. */
export const githubEmails: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  const headers = scopeHeaders(caller.scope);
  const allowed = caller.scope.includes("user:email") || caller.scope.includes("user");
  if (!allowed) return json({ message: "Not Found" }, { status: 404, headers });
  return json(addresses(caller.persona), { headers });
};

/** The forwarding address comes first here: whoever takes the first entry takes the wrong one. */
function addresses({ email, emailVerified, github }: Persona) {
  if (email === null) return [];
  const forwarding = `${github.id}+${github.login}@users.noreply.rehearsal.example`;
  return [
    { email: forwarding, primary: false, verified: true, visibility: null },
    { email, primary: true, verified: emailVerified, visibility: "private" },
  ];
}
