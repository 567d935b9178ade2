import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import type { Principal } from "../model/principal.ts";
import { isExpired, type Session } from "../model/session.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { type EndedBy, endSessionWithin } from "../sessions/end-session.ts";
import { revokeTokens } from "../vault/revoke-tokens.ts";
import { type TakenTokens, takeTokens } from "../vault/take-tokens.ts";
import { SIGN_OUT_LIFETIME, type SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

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
  const { stage, taken } = await runtime.store.transaction(async (tx) => {
    // Two devices of one person that sign out at once: the second sees that it was the last.
    await tx.users.lock(user.id);
    const stored = await tx.sessions.get(session.id);
    // The row goes with the session.
    const stage = await putAside(runtime, tx, { id: session.id, provider }, state);
    await endSessionWithin(tx, runtime.now(), { id: session.id, userId: user.id }, by);
    return { stage, taken: stored === null ? [] : await takeUnused(runtime, tx, stored) };
  });
  runtime.sessionCache.forgetSession(session.id);
  void revokeTokens(runtime, taken);
  return { provider, stage, state };
}

/** The tokens of an identity are given up with its last session: until then another device may still need them. */
async function takeUnused(
  runtime: Uses,
  tx: StoreTransaction,
  { userId, identityId }: Session,
): Promise<readonly TakenTokens[]> {
  const now = runtime.now();
  const others = (await tx.sessions.ofUser(userId)).filter(
    (one) => one.identityId === identityId && !isExpired(one, runtime.settings.session, now),
  );
  return others.length > 0 ? [] : takeTokens(runtime, tx, [identityId]);
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
