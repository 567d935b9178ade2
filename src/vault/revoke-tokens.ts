import type { Runtime } from "../runtime.ts";
import type { TakenTokens } from "./take-tokens.ts";

type Uses = Pick<Runtime, "providers" | "log">;

/**
 * Tells providers that tokens which are no longer kept must be worth nothing. Only after the change is committed, and
 * waited for by nobody: it never rejects, and what it could not do is in the log. Each call has the budget of the one
 * client for everything outside.
 */
export async function revokeTokens(runtime: Uses, taken: readonly TakenTokens[]): Promise<void> {
  await Promise.all(taken.map((one) => revokeOne(runtime, one)));
}

async function revokeOne({ providers, log }: Uses, { provider, identityId, tokens }: TakenTokens) {
  const refused = (why: object) =>
    log.warn({ provider, identityId, ...why }, "Tokens could not be revoked at the provider.");
  if (tokens === null) return refused({ reason: "cannot_be_opened" });
  const issuing = providers.get(provider);
  // They go on to be good there: somebody has to be told.
  if (issuing === undefined) return refused({ reason: "provider_not_configured" });
  try {
    const refusal = await issuing.revoke(tokens);
    if (refusal !== null) refused(refusal);
  } catch (error) {
    refused({ reason: "defect", err: error });
  }
}
