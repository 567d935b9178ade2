import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import type { LocalPath } from "../web/return-to.ts";
import { beginAttempt, requireProvider, type StartedLogin } from "./begin-attempt.ts";
import type { RefusedLogin } from "./refuse-login.ts";
import { beginnerOf } from "./start-step-up.ts";

type Uses = Pick<
  Runtime,
  "providers" | "store" | "sealer" | "settings" | "limits" | "operation" | "now" | "log"
>;

export interface StartLinkInput {
  /** Provider instance id, as it came in the address. */
  readonly provider: string;
  /** Who is signed in, and has lately confirmed that it is them. */
  readonly userId: string;
  readonly returnTo: LocalPath;
  readonly visit: Visit;
}

/**
 * Sends somebody who is signed in to a provider, to add the account that they have there to the one here.
 * @throws PosternError `unknown_provider`, `store_unavailable`
 */
export async function startLink(
  runtime: Uses,
  { provider, userId, returnTo, visit }: StartLinkInput,
): Promise<StartedLogin | RefusedLogin> {
  const begunBy = beginnerOf(runtime, userId, visit);
  return beginAttempt(runtime, requireProvider(runtime, provider), {
    purpose: "link",
    returnTo,
    visit,
    begunBy,
  });
}
