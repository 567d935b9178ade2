import { sha256 } from "../crypto/hash.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { endSession } from "../sessions/end-session.ts";
import { readCookie } from "../web/cookies.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/**
 * Ends the session of a browser although it opens nothing at the moment: its provider may be configured again, and
 * whoever has signed out must not be signed in then. @throws PosternError `store_unavailable`
 */
export async function endUnusable(runtime: Uses, { cookies, address }: Visit): Promise<void> {
  const secret = readCookie(cookies, runtime.settings.cookies.session);
  const found = secret === null ? null : await runtime.store.sessions.findBySecretHash(sha256(secret));
  if (found === null) return;
  const { session } = found;
  await endSession(runtime, session, { actor: session.userId, reason: "signed_out", address });
}
