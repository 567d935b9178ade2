import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { SessionThere } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "settings" | "sealer" | "now">;

/**
 * Keeps what is needed to end the session at the provider, and to be told of its end, beside a session that has just
 * been opened. Nothing where neither is possible.
 */
export async function keepProviderSession(
  { settings, sealer, now }: Uses,
  tx: Pick<StoreTransaction, "providerSessions">,
  { id: sessionId, provider }: { readonly id: string; readonly provider: string },
  there: SessionThere | null,
): Promise<void> {
  if (there === null) return;
  const { atProvider, backChannel, frontChannel } = signOutSettings(settings.signOut, provider);
  const ends = there.canBeEnded && atProvider !== "never";
  if (!ends && !frontChannel && !(backChannel ?? there.tellsOfItsEnd)) return;
  const { issuer, subject, sid } = there;
  const idToken = ends && there.idToken !== null ? there.idToken : null;
  await tx.providerSessions.insert({
    ...{ sessionId, provider, issuer, subject, sid },
    // Bound to the session, so that it opens in no other place.
    idToken: idToken === null ? null : sealer.seal("provider-session", idToken, sessionId),
    createdAt: now(),
  });
}

/**
 * The same for somebody who has been to the provider once more in a session that they have: what the provider calls the
 * session there may be new, and the end of the former one is no longer the end of this one.
 */
export async function renewProviderSession(
  runtime: Uses,
  tx: Pick<StoreTransaction, "providerSessions">,
  session: { readonly id: string; readonly provider: string },
  there: SessionThere | null,
): Promise<void> {
  if (there === null) return;
  await tx.providerSessions.delete(session.id);
  await keepProviderSession(runtime, tx, session, there);
}
