import { sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import type { ProviderSignOut } from "../model/provider-sign-out.ts";
import type { Runtime } from "../runtime.ts";
import type { SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sealer" | "log">;

/** Where the browser goes to be signed out at the provider, and what it is to know until it comes back. */
export interface Leaving {
  /** `null` = nowhere: the provider does not offer it, or cannot be asked. */
  readonly location: URL | null;
  readonly underWay: SignOutUnderWay;
}

/**
 * Sends a browser that has been signed out here on to the provider (OpenID Connect RP-Initiated Logout §2), once. Never
 * throws: what cannot be done there does not undo what has been done here.
 */
export async function leaveForProvider(runtime: Uses, underWay: SignOutUnderWay): Promise<Leaving> {
  const { provider: id, state } = underWay;
  const left = { ...underWay, stage: "left" } as const;
  const put = state === null ? null : await takePutAside(runtime, state);
  const provider = runtime.providers.get(id);
  if (state === null || put === null || provider === undefined) return { location: null, underWay: left };

  const idToken = put.idToken === null ? null : runtime.sealer.open("sign-out", put.idToken, put.stateHash);
  const there = await provider.signOut({
    idToken: typeof idToken === "string" ? idToken : null,
    returnTo: signedOutUrl(runtime),
    state,
  });
  if (there === null) return { location: null, underWay: { ...left, stage: "here" } };
  return { location: there.url, underWay: there.confirms ? left : { ...left, state: null } };
}

/** Where a provider sends people back to after signing out: to be registered there. From `publicUrl` alone. */
function signedOutUrl({ settings }: Pick<Runtime, "settings">): string {
  return `${settings.publicUrl.origin}${settings.mountPath}/signed-out`;
}

async function takePutAside({ store, log }: Uses, state: string): Promise<ProviderSignOut | null> {
  try {
    return await store.transaction((tx) => tx.providerSignOuts.take(sha256(state)));
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    log.warn(
      { code: error.code, reason: error.reason },
      "Nobody could be sent on to sign out at the provider.",
    );
    return null;
  }
}
