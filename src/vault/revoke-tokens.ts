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
  try {
    const refusal = await providers.get(provider)?.revoke(tokens);
    if (refusal !== undefined && refusal !== null) refused(refusal);
  } catch (error) {
    refused({ reason: "defect", error });
  }
}
