import { sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import type { Beginner } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import { beginAttempt, requireProvider, type StartedLogin } from "./begin-attempt.ts";
import type { RefusedLogin } from "./refuse-login.ts";

type Uses = Pick<
  Runtime,
  "providers" | "store" | "sealer" | "settings" | "limits" | "operation" | "now" | "log"
>;

export interface StartStepUpInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  /** Who is signed in. */
  readonly userId: string;
  readonly returnTo: ReturnTarget;
  readonly visit: Visit;
}

/**
 * Sends somebody who is signed in to a provider of theirs once more, to confirm that it is them.
 * @throws PosternError `unknown_provider` also for one that they have no account at, `store_unavailable`
 */
export async function startStepUp(
  runtime: Uses,
  { provider: id, userId, returnTo, visit }: StartStepUpInput,
): Promise<StartedLogin | RefusedLogin> {
  const provider = requireProvider(runtime, id);
  const identities = await runtime.store.identities.ofUser(userId);
  if (!identities.some((identity) => identity.provider === id))
    throw new PosternError("unknown_provider", "The user has no identity at this provider.");
  return beginAttempt(runtime, provider, {
    purpose: "step-up",
    returnTo,
    visit,
    begunBy: beginnerOf(runtime, userId, visit),
    freshSince: runtime.now(),
  });
}

/** Who begins, and in which session. @throws PosternError `authentication_required` */
export function beginnerOf(
  { settings: { cookies } }: Pick<Runtime, "settings">,
  userId: string,
  visit: Visit,
): Beginner {
  const secret = readCookie(visit.cookies, cookies.session);
  if (secret === null) throw new PosternError("authentication_required", "There is no session.");
  return { userId, secretHash: sha256(secret) };
}
