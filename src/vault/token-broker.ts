import { PosternError } from "../errors.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { Runtime } from "../runtime.ts";
import { createRecentRefusals } from "./recent-refusals.ts";
import { refreshKept } from "./refresh-kept.ts";
import { tokenGone } from "./token-errors.ts";
import { openTokens } from "./token-seal.ts";
import { isUsable } from "./usable.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sealer" | "operation" | "now" | "log">;

/** Whose token is wanted, and from where. */
export interface WantedTokens {
  readonly userId: string;
  readonly provider: string;
  /** An access token that the provider has refused although its time is not up. */
  readonly refused?: string | null;
}

/** Tokens, and whether the ID token among them was had just now. */
export interface RenewedTokens {
  readonly tokens: TokenSet;
  readonly isNew: boolean;
}

/** Gives out tokens that are valid, and sees to it that each grant is refreshed once at a time. */
export interface TokenBroker {
  /**
   * The tokens of a person, refreshed where they have to be.
   * @throws PosternError `token_gone`, `provider_unavailable`, `provider_rejected`, `provider_untrusted`, `store_unavailable`
   */
  tokens(wanted: WantedTokens): Promise<TokenSet>;
  /**
   * The tokens of an identity, as new as they can be had: where an ID token tells of the person, another one is asked for.
   * @throws PosternError as `tokens` does; `token_gone` with `expired` when they cannot be refreshed, and with `answer_lost`
   * when the refresh token is not good any more and may have been used up by an earlier refresh
   */
  renewed(identityId: string): Promise<RenewedTokens>;
  /** Waits for refreshes under way: what a provider has answered must be written. */
  close(): Promise<void>;
}

/** Makes the broker of this process. Between processes a lease in the store decides who refreshes. */
export function createTokenBroker(runtime: Uses): TokenBroker {
  // By identity, which belongs to one person: nobody can be handed somebody else's.
  const flights = new Map<string, Promise<TokenSet>>();
  const closing = new AbortController();
  const refusals = createRecentRefusals();

  function join(identityId: string, refused: string | null, again = false): Promise<TokenSet> {
    const flight = flights.get(identityId);
    if (flight !== undefined) return flight;
    const started = refreshKept(runtime, { identityId, refused, again }, closing.signal).finally(() =>
      flights.delete(identityId),
    );
    flights.set(identityId, started);
    return started;
  }

  async function replace(identityId: string, refused: string): Promise<TokenSet> {
    const tokens = await join(identityId, refused, refusals.has(identityId));
    refusals.add(identityId);
    return tokens;
  }

  return {
    async tokens({ userId, provider, refused = null }) {
      const kept = await runtime.store.tokens.find(userId, provider);
      if (kept === null) throw tokenGone(provider, "not_kept");
      const tokens = openTokens(runtime, kept);
      if (tokens !== null && isUsable(tokens, refused, runtime.now())) return tokens;
      return refused === null ? join(kept.identityId, null) : replace(kept.identityId, refused);
    },
    async renewed(identityId) {
      const kept = await runtime.store.tokens.get(identityId);
      if (kept === null) throw tokenGone("the provider", "not_kept");
      const tokens = openTokens(runtime, kept);
      if (tokens === null) throw tokenGone(kept.provider, "unreadable");
      const usable = isUsable(tokens, null, runtime.now());
      // Some bring a refresh token although nobody knows how to use it there.
      const canRefresh = (runtime.providers.get(kept.provider)?.refreshToken ?? null) !== null;
      if (tokens.refreshToken === null || !canRefresh) {
        if (!usable) throw tokenGone(kept.provider, "expired");
        return { tokens, isNew: false };
      }
      if (tokens.idToken === null && usable) return { tokens, isNew: false };
      const joined = join(identityId, tokens.idToken === null ? null : tokens.accessToken);
      const renewed = await joined.catch((error: unknown) => {
        throw kept.isDoubtful && isSpent(error) ? tokenGone(kept.provider, "answer_lost") : error;
      });
      return { tokens: renewed, isNew: renewed.idToken !== tokens.idToken };
    },
    async close() {
      closing.abort();
      await Promise.allSettled(flights.values());
    },
  };
}

function isSpent(error: unknown): boolean {
  return error instanceof PosternError && error.code === "token_gone" && error.reason === "code_invalid";
}
