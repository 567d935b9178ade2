import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import type { Principal } from "../model/principal.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import {
  afterEnding,
  type EndedBy,
  endAllSessionsWithin,
  endSessionsWithin,
} from "../sessions/end-session.ts";
import { SIGN_OUT_LIFETIME, type SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/**
 * Ends a session here, at once, or all of its person's (`everywhere`). What is needed to end the one at the provider is
 * put aside for this browser, which goes there next: whatever the provider does then, the person is signed out here.
 */
export async function signOut(
  runtime: Uses,
  { session, user }: Pick<Principal, "session" | "user">,
  by: Omit<EndedBy, "reason">,
  reach: "here" | "everywhere" = "here",
): Promise<SignOutUnderWay> {
  const { provider } = session;
  const state = randomToken();
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

async function putAside(
  { settings, sealer, now }: Uses,
  tx: StoreTransaction,
  { id, provider }: { readonly id: string; readonly provider: string },
  state: string,
): Promise<SignOutUnderWay["stage"]> {
  const { atProvider } = signOutSettings(settings.signOut, provider);
  const there = atProvider === "never" ? null : await tx.providerSessions.get(id);
  if (there === null) return "here";
  const stateHash = sha256(state);
  const opened = there.idToken === null ? null : sealer.open("provider-session", there.idToken, id);
  const idToken = opened === null ? null : sealer.seal("sign-out", opened, stateHash);
  await tx.providerSignOuts.insert({ stateHash, provider, idToken, expiresAt: now() + SIGN_OUT_LIFETIME });
  return atProvider === "always" ? "leave" : "offer";
}
