import { type AccessDecision, type AccessPolicy, decideAccess } from "../access/decide-access.ts";
import { membershipsOf } from "../model/access-rule.ts";
import type { RuleInForce } from "../model/listed-rule.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { MembershipAnswer, MembershipFact } from "../model/membership.ts";
import type { UserInfo } from "../model/user-info.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { ProviderDefinition, Sources } from "../providers/definition.ts";
import { membershipOf } from "../providers/internal/membership.ts";

/** Whether a rule is about this person; `depends` = the provider would have to be asked. */
export type RuleMatch = "yes" | "no" | "depends";

export interface TriedAccess {
  /** One for each rule, in their order. */
  readonly rules: readonly { readonly rule: RuleInForce; readonly matches: RuleMatch }[];
  /** With what the sample tells; what would have to be asked counts as "cannot tell". */
  readonly decision: AccessDecision;
  readonly facts: readonly MembershipFact[];
}

/** Tries the access rules on somebody without asking anybody: memberships count as far as the sample tells them. */
export async function tryAccess(
  policy: AccessPolicy,
  definition: ProviderDefinition,
  sources: Sources,
  userInfo: UserInfo,
): Promise<TriedAccess> {
  const facts = await knownFacts(policy, definition, sources);
  const arrival = { provider: definition.id, userInfo, directRoles: [] };
  const matches = (rule: RuleInForce, unknown: MembershipAnswer) => {
    const assumed = facts.map((fact) =>
      fact.answer === "cannot_tell" ? { ...fact, answer: unknown } : fact,
    );
    return decideAccess({ owners: [], access: [rule] }, { ...arrival, facts: assumed }).rule === 0;
  };
  return {
    rules: policy.access.map((rule) => {
      const [atLeast, atMost] = [matches(rule, "no"), matches(rule, "yes")];
      return { rule, matches: atLeast === atMost ? (atLeast ? "yes" : "no") : "depends" };
    }),
    decision: decideAccess(policy, { ...arrival, facts }),
    facts,
  };
}

async function knownFacts(
  { access }: AccessPolicy,
  definition: ProviderDefinition,
  sources: Sources,
): Promise<readonly MembershipFact[]> {
  const questions = access
    .flatMap(({ when }) => membershipsOf(when))
    .filter(({ provider }) => provider === definition.id);
  const belongs = membershipOf(
    { definition, sources, context: context(definition, sources), tokens: null },
    OFFLINE,
  );
  return Promise.all(
    questions.map(async ({ check, wanted }) => ({ check, wanted, answer: await belongs(check, wanted) })),
  );
}

function context({ clientId, clientSecret }: ProviderDefinition, sources: Sources) {
  const { idToken, answers, tokenResponse, callback } = sources;
  const unknown = { code: "", redirectUri: "", now: 0 };
  return { clientId, clientSecret, ...unknown, tokenResponse, callback, idToken, answers };
}

/** Whatever must be asked cannot be told. */
const OFFLINE: Parameters<typeof membershipOf>[1] = {
  outbound: {
    fetch: async () => {
      throw new OAuthFailure("provider_unavailable", "offline");
    },
    isCutOff: () => false,
    close: async () => {},
  },
  now: () => 0,
  log: SILENT_LOG,
  appToken: null,
};
