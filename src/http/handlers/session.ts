import type { PrincipalDocument } from "../../model/principal.ts";
import type { Call } from "../call.ts";
import { json } from "../responses.ts";
import { signInProblem } from "../sign-in-first.ts";

/** `GET /auth/session`: who is signed in, for front ends. Never a token. */
export async function showSession(call: Call): Promise<Response> {
  const principal = await call.principal();
  if (principal === null) return signInProblem(call.runtime, call.request);
  const { authenticatedAt: _, ...session } = principal.session;
  return json({ user: principal.user, session } satisfies PrincipalDocument);
}
