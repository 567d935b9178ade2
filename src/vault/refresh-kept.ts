import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { KeptTokens } from "../model/kept-tokens.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { dropTokens, takeLease } from "./refresh-lease.ts";
import { refreshUnderLease } from "./refresh-under-lease.ts";
import { refreshFailed, tokenGone } from "./token-errors.ts";
import { openTokens } from "./token-seal.ts";
import { isUsable } from "./usable.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sealer" | "operation" | "now" | "log">;

export interface Refreshing {
  readonly identityId: string;
  /** An access token that the provider has refused. */
  readonly refused: string | null;
  /** True when such a one was replaced a moment ago: then it is not the token that is refused. */
  readonly again: boolean;
}

/** How long somebody waits for another process, in milliseconds, beside what it takes to take over. */
const PATIENCE = 15_000;

/**
 * Tokens that can be used: refreshed here, or by another process that was faster. Looks again whenever somebody else
 * has changed them.
 * @throws PosternError as the broker tells
 */
export async function refreshKept(
  runtime: Uses,
  { identityId, refused, again }: Refreshing,
  closing: AbortSignal,
): Promise<TokenSet> {
  const { store, settings } = runtime;
  const deadline = performance.now() + PATIENCE + 3 * settings.refreshLease;
  for (let round = 0; ; round++) {
    const kept = await store.tokens.get(identityId);
    if (kept === null) throw tokenGone("the provider", "not_kept");
    const { provider, tokens } = open(runtime, kept);
    if (isUsable(tokens, refused, runtime.now())) return tokens;
    if (again) throw tokenGone(kept.provider, "refused");
    if (provider?.refreshToken == null || tokens.refreshToken === null) return giveUp(runtime, kept, refused);
    if (kept.pause !== null) throw refreshFailed(kept.provider, kept.pause, "tried_a_moment_ago");

    const held = await takeLease(runtime, kept, provider.refreshToken);
    const refreshed =
      held === null ? null : await refreshUnderLease(runtime, { held, kept, provider, tokens });
    if (refreshed !== null) return refreshed;
    if (performance.now() > deadline || closing.aborted) {
      const pause = { code: "provider_unavailable", left: settings.refreshLease } as const;
      throw refreshFailed(kept.provider, pause, "refresh_takes_long");
    }
    await pauseFor(pollAfter(round), closing);
  }
}

function open(runtime: Uses, kept: KeptTokens): { provider: Provider | undefined; tokens: TokenSet } {
  const tokens = openTokens(runtime, kept);
  if (tokens !== null) return { provider: runtime.providers.get(kept.provider), tokens };
  // Not thrown away: another instance may know the key.
  const { identityId, keyId } = kept;
  runtime.log.warn({ identityId, keyId }, "A kept token does not open: its key is not among the secrets.");
  throw tokenGone(kept.provider, "unreadable");
}

/** What cannot be refreshed and is over is dropped; what was refused once may still be good for another question. */
async function giveUp(runtime: Uses, kept: KeptTokens, refused: string | null): Promise<never> {
  const reason = refused === null ? "expired" : "refused";
  if (refused === null) await dropTokens(runtime, kept, kept, reason);
  throw tokenGone(kept.provider, reason);
}

/** 20 to 200 milliseconds, so that those who wait do not all come at once. */
function pollAfter(round: number): number {
  return Math.min(20 * 2 ** round, 200) * (0.5 + Math.random() / 2);
}

async function pauseFor(milliseconds: number, closing: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal: closing }).catch(() => {});
}
