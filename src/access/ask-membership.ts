import type { MembershipAnswer, MembershipFact } from "../model/membership.ts";
import { type AccessPolicy, type Arrival, nextQuestion } from "./decide-access.ts";

/**
 * Asks the provider what the rules need to know about this person, one thing at a time and nothing that no longer
 * matters. Answers everything it was told, beside what was `known` before. To be called outside any transaction: it may
 * take seconds.
 */
export async function askMembership(
  policy: Pick<AccessPolicy, "access">,
  arrival: Pick<Arrival, "provider" | "userInfo">,
  belongs: (check: string, wanted: string) => Promise<MembershipAnswer>,
  known: readonly MembershipFact[] = [],
): Promise<readonly MembershipFact[]> {
  const facts = [...known];
  for (;;) {
    const question = nextQuestion(policy, { ...arrival, facts });
    if (question === null) return facts;
    facts.push({ ...question, answer: await belongs(question.check, question.wanted) });
  }
}
