import { sha256 } from "../crypto/hash.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { SIGN_OUT_LIFETIME, type SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "sealer" | "now">;

/**
 * What a browser takes to the provider and brings back, as it follows from the secret of the session that it signs out
 * of: whoever presses twice, since the first answer was lost, goes on where the first press would have led. Tells nothing
 * of the secret, nor does anything that is stored tell it.
 */
export function signOutState(secret: string): string {
  return sha256(`sign-out ${secret}`);
}

/**
 * Puts aside what is needed to end a session at the provider, for the browser that knows the state; answers how it goes
 * on. Before the session is deleted, since that takes along what is kept beside it.
 */
export async function putAside(
  { settings, sealer, now }: Uses,
  tx: Pick<StoreTransaction, "providerSessions" | "providerSignOuts">,
  { id, provider }: { readonly id: string; readonly provider: string },
  state: string,
): Promise<SignOutUnderWay["stage"]> {
  const stage = stageOf(settings, provider);
  if (stage === "here") return stage;
  const stateHash = sha256(state);
  const there = await tx.providerSessions.get(id);
  // Another press of the same button was faster, or there is nothing that could be ended.
  if (there === null) return (await tx.providerSignOuts.find(stateHash)) === null ? "here" : stage;
  const opened = there.idToken === null ? null : sealer.open("provider-session", there.idToken, id);
  const idToken = opened === null ? null : sealer.seal("sign-out", opened, stateHash);
  await tx.providerSignOuts.insert({ stateHash, provider, idToken, expiresAt: now() + SIGN_OUT_LIFETIME });
  return stage;
}

/** How a sign-out goes on where something is put aside for it. */
export function stageOf(
  { signOut }: Pick<Runtime["settings"], "signOut">,
  provider: string,
): "leave" | "offer" | "here" {
  const { atProvider } = signOutSettings(signOut, provider);
  return atProvider === "always" ? "leave" : atProvider === "offer" ? "offer" : "here";
}
