import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { IdentityStep } from "../definition.ts";
import type { RequestDescription, StepContext } from "../hooks.ts";

/** Sends what a step describes and reads its answer. */
export type AskStep = (step: IdentityStep, request: RequestDescription) => Promise<unknown>;

/** Runs identity steps in their order, each with the answers of those before. @throws OAuthFailure */
export async function runSteps(
  steps: readonly IdentityStep[],
  begun: StepContext,
  ask: AskStep,
): Promise<StepContext["answers"]> {
  let context = begun;
  for (const step of steps) {
    const answer = await runStep(step, context, ask);
    context = { ...context, answers: { ...context.answers, [step.as]: answer } };
  }
  return context.answers;
}

async function runStep(step: IdentityStep, context: StepContext, ask: AskStep): Promise<unknown> {
  if (step.when !== undefined && !step.when(context)) return null;
  const { url = "", headers = {} } = step;
  const request = step.request === undefined ? { url, headers } : step.request(context);
  if (request === null) return null;
  try {
    return await ask(step, request);
  } catch (error) {
    // Refused means "not for this token"; an outage must not look like a person without an e-mail.
    if (step.optional === true && isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof OAuthFailure && (error.code === "provider_rejected" || error.code === "not_allowed")
  );
}
