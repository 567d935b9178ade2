import type { Runtime } from "../runtime.ts";
import {
  afterEnding,
  type EndedBy,
  endAllSessionsWithin,
  endSessionsWithin,
} from "../sessions/end-session.ts";
import { putAside, signOutState } from "./put-aside.ts";
import type { SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/** The session that ends, and whose it is. */
export interface Leaver {
  readonly session: { readonly id: string; readonly provider: string };
  readonly user: { readonly id: string };
}

/**
 * Ends a session here, at once, or all of its person's (`everywhere`). What is needed to end the one at the provider is
 * put aside for this browser, which goes there next: whatever the provider does then, the person is signed out here.
 * `secret` is that of the session, as this browser has it.
 */
export async function signOut(
  runtime: Uses,
  { session, user }: Leaver,
  secret: string,
  by: Omit<EndedBy, "reason">,
  reach: "here" | "everywhere" = "here",
): Promise<SignOutUnderWay> {
  const { provider } = session;
  const state = signOutState(secret);
  const { stage, ending } = await runtime.store.transaction(async (tx) => {
    // Two devices of one person that sign out at once: the second sees that it was the last.
    await tx.users.lock(user.id);
    // The row goes with the session.
    const stage = await putAside(runtime, tx, { id: session.id, provider }, state);
    const ending =
      reach === "everywhere"
        ? await endAllSessionsWithin(runtime, tx, user.id, { ...by, reason: "signed_out_everywhere" })
        : await endSessionsWithin(runtime, tx, [session.id], { ...by, reason: "signed_out" });
    return { stage, ending };
  });
  if (reach === "everywhere") runtime.sessionCache.forgetUser(user.id);
  runtime.sessionCache.forgetSession(session.id);
  afterEnding(runtime, ending);
  return { provider, stage, state, ...(reach === "everywhere" && { everywhere: true }) };
}
