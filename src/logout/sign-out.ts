import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import type { Principal } from "../model/principal.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { type EndedBy, endSessionWithin } from "../sessions/end-session.ts";
import { SIGN_OUT_LIFETIME, type SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "sessionCache" | "sealer" | "now">;

/**
 * Ends a session here, at once. What is needed to end the one at the provider is put aside for this browser, which goes
 * there next: whatever the provider does then, the person is signed out here.
 */
export async function signOut(
  runtime: Uses,
  { session, user }: Pick<Principal, "session" | "user">,
  by: EndedBy,
): Promise<SignOutUnderWay> {
  const { provider } = session;
  const state = randomToken();
  const stage = await runtime.store.transaction(async (tx) => {
    // The row goes with the session.
    const stage = await putAside(runtime, tx, { id: session.id, provider }, state);
    await endSessionWithin(tx, runtime.now(), { id: session.id, userId: user.id }, by);
    return stage;
  });
  runtime.sessionCache.forgetSession(session.id);
  return { provider, stage, state };
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
