import { nextQuestion } from "../access/decide-access.ts";
import type { AskedArrival } from "../access/examine-word.ts";
import type { Policy } from "../access/live-policy.ts";
import type { MembershipFact } from "../model/membership.ts";

/**
 * The rules have changed since the provider was asked, and want to know something that nobody has asked. Nothing is decided
 * by half of an answer: it would take roles from people who have them, or keep them out.
 */
class RulesChanged extends Error {
  override readonly message = "The access rules have changed while the provider was asked.";
}

/** How often the provider is asked before it is called a defect. */
const TRIES = 3;

/** To be called in a transaction, with the rules as they stand until its end. @throws RulesChanged */
export function requireAsked(policy: Policy, arrival: AskedArrival): void {
  if (nextQuestion(policy, arrival) !== null) throw new RulesChanged();
}

/** Does the work by what was `asked`, and asks what is missing as long as the rules change meanwhile. */
export async function whileRulesChange<T>(
  asked: readonly MembershipFact[],
  ask: (known: readonly MembershipFact[]) => Promise<readonly MembershipFact[]>,
  work: (facts: readonly MembershipFact[]) => Promise<T>,
): Promise<T> {
  let facts = asked;
  for (let tries = 1; ; tries++) {
    try {
      return await work(facts);
    } catch (error) {
      if (!(error instanceof RulesChanged) || tries === TRIES) throw error;
    }
    facts = await ask(facts);
  }
}
