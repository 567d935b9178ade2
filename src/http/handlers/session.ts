import { problem } from "../../web/problem.ts";
import type { Call } from "../call.ts";
import { json } from "../responses.ts";

/** `GET /auth/session`: who is signed in, for front ends. Never a token. */
export async function showSession(call: Call): Promise<Response> {
  const principal = await call.principal();
  if (principal !== null) return json(principal);
  const { publicUrl, mountPath } = call.runtime.settings;
  return problem("authentication_required", {
    detail: "Sign in first.",
    signInUrl: `${publicUrl.origin}${mountPath}/sign-in`,
  });
}
