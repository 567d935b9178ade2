import { PosternError } from "../errors.ts";
import { signOutSettings } from "../model/sign-out-options.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, endSessionsWithin } from "../sessions/end-session.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

export interface FrontChannelInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  readonly issuer: string | null;
  readonly sid: string | null;
  readonly address: string | null;
}

/**
 * Ends the sessions of a `sid`, asked for by a page of the provider in a frame (OpenID Connect Front-Channel Logout §2).
 * Cookies do not reach a frame of another site any more, so issuer and `sid` are all there is: only where the operator
 * has switched it on. Whether anything ended is not told to anybody. Answers the origin that may frame the answer.
 * @throws PosternError `unknown_provider`, `not_found` where it is not switched on, `store_unavailable`
 */
export async function receiveFrontChannel(runtime: Uses, input: FrontChannelInput): Promise<string> {
  const provider = runtime.providers.get(input.provider);
  if (provider === undefined)
    throw new PosternError("unknown_provider", "No provider of that id is configured.");
  if (!signOutSettings(runtime.settings.signOut, provider.id).frontChannel)
    throw new PosternError("not_found", `Front-channel logout of ${provider.id} is not switched on.`);
  const { issuer, sid, address } = input;
  if (issuer !== null && sid !== null && /^[\x20-\x7e]{1,255}$/.test(sid)) {
    const meant = { provider: provider.id, issuer, sid, subject: null };
    const by = { actor: `provider:${provider.id}`, reason: "signed_out_at_provider", address } as const;
    const ended = await runtime.store.transaction(async (tx) =>
      endSessionsWithin(runtime, tx, await tx.providerSessions.find(meant), by),
    );
    afterEnding(runtime, ended);
  }
  return new URL(provider.issuer).origin;
}
