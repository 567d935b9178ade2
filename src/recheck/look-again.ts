import { askMembership } from "../access/ask-membership.ts";
import { PosternError } from "../errors.ts";
import type { Identity } from "../model/identity.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { LookAgainResult, Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import type { TokenBroker } from "../vault/token-broker.ts";
import { callbackAddress } from "../web/callback-address.ts";

type Uses = Pick<Runtime, "settings" | "policy" | "providers">;

/** What is known of somebody now. */
export type Look =
  | { readonly kind: "seen"; readonly userInfo: UserInfo; readonly facts: readonly MembershipFact[] }
  | { readonly kind: "left"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string }
  /** Their refresh token is not good any more, and what was kept has been dropped. */
  | { readonly kind: "spent"; readonly reason: "code_invalid" | "answer_lost" }
  /** Only a sign-in can tell. */
  | { readonly kind: "needs_a_sign_in"; readonly reason: string }
  | { readonly kind: "untold"; readonly reason: string };

/** Asks the provider about the person behind an identity, outside of any transaction: it may take seconds. */
export async function lookAgain(
  runtime: Uses,
  broker: Pick<TokenBroker, "renewed">,
  identity: Identity,
): Promise<Look> {
  const provider = runtime.providers.get(identity.provider);
  if (provider === undefined) return { kind: "untold", reason: "provider_not_configured" };
  const told = await ask(runtime, broker, provider, identity);
  if (told.kind !== "seen") return told;

  const { userInfo, belongs } = told;
  const same = [userInfo.subject, ...userInfo.subjectAliases].includes(identity.subject);
  if (!same || userInfo.issuer !== identity.issuer) return { kind: "untold", reason: "another_person" };
  const arrival = { provider: identity.provider, userInfo };
  const facts = await askMembership(await runtime.policy.latest(), arrival, belongs);
  return { kind: "seen", userInfo, facts };
}

async function ask(
  { settings }: Uses,
  broker: Pick<TokenBroker, "renewed">,
  provider: Provider,
  { id }: Identity,
): Promise<LookAgainResult | Extract<Look, { kind: "spent" }>> {
  try {
    const { tokens, isNew } = await broker.renewed(id);
    const redirectUri = callbackAddress(settings, provider.id);
    return await provider.lookAgain({ tokens, redirectUri, isNew });
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    if (error.code === "store_unavailable") throw error;
    const reason = error.reason ?? error.code;
    if (error.code === "token_gone" && reason === "expired") return { kind: "needs_a_sign_in", reason };
    if (error.code !== "token_gone" || NOT_THEIR_DOING.includes(reason)) return { kind: "untold", reason };
    // Somebody whose account there was closed, or who took the application's access back.
    if (reason === "code_invalid" || reason === "answer_lost") return { kind: "spent", reason };
    return { kind: "left", reason };
  }
}

/**
 * Tokens that are not there, cannot be opened, were refused to somebody who called an API with them (which is the broker's
 * word, not the provider's), or that the provider has mixed up.
 */
const NOT_THEIR_DOING = [
  "not_kept",
  "unreadable",
  "refused",
  "another_person",
  "issuer_mismatch",
  "audience_mismatch",
  "authorized_party_mismatch",
];
