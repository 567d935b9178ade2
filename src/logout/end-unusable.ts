import { sha256 } from "../crypto/hash.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import { signOutState, stageOf } from "./put-aside.ts";
import { signOut } from "./sign-out.ts";
import type { SignOutUnderWay } from "./sign-out-cookie.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/**
 * Signs out a browser whose session opens nothing any more. Where it is still there, because its time is up, or because
 * its provider, which may be configured again, is not, it ends like any other, at the provider as well. Where it is not,
 * somebody has ended it, perhaps this browser. `null` = nobody knows of anything that could go on at a provider.
 * @throws PosternError `store_unavailable`
 */
export async function endUnusable(
  runtime: Uses,
  secret: string,
  visit: Visit,
): Promise<SignOutUnderWay | null> {
  const found = await runtime.store.sessions.findBySecretHash(sha256(secret));
  if (found === null) return endedBefore(runtime, secret, visit);
  const { session } = found;
  const user = { id: session.userId };
  return signOut(runtime, { session, user }, secret, { actor: user.id, address: visit.address });
}

/** Goes on with the first of two presses; otherwise tells where this browser last signed in, since nothing was ended there now. */
async function endedBefore(
  { settings, store, providers }: Uses,
  secret: string,
  { cookies }: Visit,
): Promise<SignOutUnderWay | null> {
  const state = signOutState(secret);
  const put = await store.transaction((tx) => tx.providerSignOuts.find(sha256(state)));
  if (put !== null) return { provider: put.provider, stage: stageOf(settings, put.provider), state };
  const last = readCookie(cookies, settings.cookies.lastProvider);
  return last !== null && providers.has(last) ? { provider: last, stage: "here", state: null } : null;
}
