import type { Runtime } from "../runtime.ts";
import type { TakenTokens } from "../vault/take-tokens.ts";

type Uses = Pick<Runtime, "providers" | "log">;

/**
 * Tells providers that tokens which are no longer kept must be worth nothing. Only after the change is committed, and
 * waited for by nobody: it never rejects, and what it could not do is in the log. Each call has the budget of the one
 * client for everything outside.
 */
export async function revokeTokens({ providers, log }: Uses, taken: readonly TakenTokens[]): Promise<void> {
  await Promise.all(
    taken.map(async ({ provider, identityId, tokens }) => {
      const refusal =
        tokens === null
          ? { code: "seal_invalid", reason: "cannot_be_opened" }
          : await providers.get(provider)?.revoke(tokens);
      if (refusal !== undefined && refusal !== null)
        log.warn({ provider, identityId, ...refusal }, "Tokens could not be revoked at the provider.");
    }),
  );
}
