import type { Handler } from "../context.ts";
import type { Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { apiCaller, scopeHeaders } from "./api-caller.ts";

/** `GET /user`: a numeric id, a name that may be null, and never an e-mail, because nobody here made theirs public. */
export const githubUser: Handler = (context, call) => {
  const caller = apiCaller(context, call);
  if (caller.kind === "refused") return caller.response;
  return json(publicProfile(caller.persona, context.issuer), { headers: scopeHeaders(caller.scope) });
};

function publicProfile({ github, name }: Persona, issuer: string) {
  return {
    login: github.login,
    id: github.id,
    node_id: Buffer.from(`04:User${github.id}`).toString("base64"),
    avatar_url: null,
    html_url: `${issuer}/github/${github.login}`,
    type: "User",
    site_admin: false,
    name,
    company: null,
    email: null,
  };
}
