import { setTimeout } from "node:timers/promises";
import { PosternError } from "../errors.ts";
import type { KeptTokens, RefreshFailure, TokenVersion } from "../model/kept-tokens.ts";
import type { TokenSet } from "../model/token-set.ts";
import { attributesOf, inSpan, OUTCOME } from "../operation/spans.ts";
import type { Provider, RefreshResult } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { callbackAddress } from "../web/callback-address.ts";
import { dropTokens, whileRenewing } from "./refresh-lease.ts";
import { revokeTokens } from "./revoke-tokens.ts";
import { refreshFailed, tokenGone } from "./token-errors.ts";
import { sealTokens } from "./token-seal.ts";

type Uses = Pick<Runtime, "settings" | "store" | "sealer" | "operation" | "now" | "log">;

export interface HeldTokens {
  /** What this process writes with. */
  readonly held: TokenVersion;
  readonly kept: KeptTokens;
  readonly provider: Provider;
  readonly tokens: TokenSet;
}

/**
 * Asks the provider, once, and writes what it answers. `null` = the lease was lost meanwhile: whatever came is void,
 * and what is there now counts. @throws PosternError as the broker tells
 */
export async function refreshUnderLease(runtime: Uses, what: HeldTokens): Promise<TokenSet | null> {
  const { held, kept, provider } = what;
  return whileRenewing(runtime, held, async () => {
    const result = await refresh(runtime, what);
    switch (result.kind) {
      case "refreshed":
        if (await write(runtime, what, result.tokens)) return result.tokens;
        await revokeOrphans(runtime, what, result.tokens);
        return null;
      case "gone":
        tell(runtime, kept, result);
        if (!(await dropTokens(runtime, held, kept, result.reason))) return null;
        throw tokenGone(provider.id, result.reason);
      case "failed":
        return pauseAfter(runtime, what, result);
    }
  });
}

function refresh({ operation, settings }: Uses, { provider, tokens }: HeldTokens): Promise<RefreshResult> {
  const labels = { provider: provider.id };
  return inSpan("postern.token_refresh", attributesOf(labels), async (note) => {
    const result = await provider.refresh(tokens, callbackAddress(settings, provider.id));
    operation.metrics.refreshes.add({ ...labels, outcome: result.kind });
    note({ [OUTCOME]: result.kind === "failed" ? result.code : result.kind });
    return result;
  });
}

/** Pauses between attempts to write, in milliseconds. A used-up refresh token makes the new one the only one there is. */
const WRITE_AGAIN_AFTER = [100, 400, 1_600];

async function write(runtime: Uses, { held, kept }: HeldTokens, tokens: TokenSet): Promise<boolean> {
  const sealed = sealTokens(runtime, kept, tokens);
  for (const pause of [...WRITE_AGAIN_AFTER, null]) {
    try {
      return await runtime.store.transaction((tx) => tx.tokens.settle(held, sealed));
    } catch (error) {
      if (pause === null || !(error instanceof PosternError) || error.code !== "store_unavailable")
        throw error;
      await setTimeout(pause);
    }
  }
  return false;
}

/** Given up while they were being refreshed: then what came in their place must be worth nothing either. */
async function revokeOrphans(
  { store, log }: Uses,
  { kept: { userId, identityId, provider: id }, provider }: HeldTokens,
  tokens: TokenSet,
): Promise<void> {
  if ((await store.tokens.get(identityId)) !== null) return;
  void revokeTokens({ providers: new Map([[id, provider]]), log }, [
    { userId, identityId, provider: id, tokens },
  ]);
}

/** Nobody tries again at once: neither those who wait here nor those in other processes. */
async function pauseAfter(
  runtime: Uses,
  { held, kept, provider }: HeldTokens,
  result: Extract<RefreshResult, { kind: "failed" }>,
): Promise<TokenSet | null> {
  tell(runtime, kept, result);
  const left = Math.max(result.retryAfter ?? 0, runtime.settings.refreshLease);
  const pause = { left, code: failureOf(result.code) };
  const released = await runtime.store.transaction((tx) => tx.tokens.release(held, pause));
  if (!released) return null;
  throw refreshFailed(provider.id, pause, result.reason);
}

const FAILURES: readonly RefreshFailure[] = ["provider_unavailable", "provider_untrusted", "clock_skew"];

function failureOf(code: Extract<RefreshResult, { kind: "failed" }>["code"]): RefreshFailure {
  return FAILURES.find((failure) => failure === code) ?? "provider_rejected";
}

function tell(
  { log }: Uses,
  { provider, identityId }: KeptTokens,
  { reason, detail }: Exclude<RefreshResult, { kind: "refreshed" }>,
): void {
  log.warn({ provider, identityId, reason, ...detail }, "A token could not be refreshed.");
}
