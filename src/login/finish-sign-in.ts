import { dropInvitation } from "../invitations/invitation-cookie.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import { keepProof } from "../requests/request-proof.ts";
import type { Runtime } from "../runtime.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import type { Admission, AdmitInput } from "./admission.ts";
import { admit } from "./admit.ts";
import { explainRefusal } from "./explain-refusal.ts";
import type { Application, RefusedLogin } from "./refuse-login.ts";
import { dropTransaction } from "./transaction-cookie.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "providers" | "policy" | "sessionCache" | "sealer" | "limits" | "now" | "log"
>;

/** Somebody has come in. */
export interface SignedIn {
  readonly kind: "signed-in";
  /** For the session cookie. */
  readonly secret: string;
  readonly returnTo: ReturnTarget;
  /** True when they come in for the first time since their request was approved. */
  readonly approved: boolean;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/** Somebody has arrived who wants to come in. */
export async function finishSignIn(
  runtime: Uses,
  transaction: LoginTransaction,
  arrived: Omit<AdmitInput, "formerSession" | "ownerLink" | "invitation">,
): Promise<SignedIn | RefusedLogin> {
  const { state, returnTo, formerSession = null, ownerLink = null, invitation = null } = transaction;
  const admission = await admit(runtime, { ...arrived, formerSession, ownerLink, invitation });
  // Whatever became of the invitation, the next sign-in in this browser is an ordinary one again.
  const cookies = [
    dropTransaction(runtime, state),
    ...(invitation === null ? [] : [dropInvitation(runtime)]),
  ];
  if (admission.kind === "admitted") {
    const { secret, approved } = admission;
    return { kind: "signed-in", secret, approved, returnTo, cookies };
  }
  const application = admission.applicant && keepApplication(runtime, arrived, admission.applicant, returnTo);
  const { kind, code, reference, handle } = admission;
  const technical = await explainRefusal(runtime, arrived, admission);
  return {
    ...{ kind, purpose: "login", code, reference, handle, returnTo, technical },
    ...(application !== null && { application }),
    cookies: [...cookies, ...(application === null ? [] : [application.cookie])],
  };
}

/** What the next page needs of somebody who may ask to be let in. */
function keepApplication(
  runtime: Uses,
  arrival: Pick<AdmitInput, "provider" | "userInfo">,
  { userId, standing }: NonNullable<Extract<Admission, { kind: "refused" }>["applicant"]>,
  returnTo: ReturnTarget,
): (Application & { readonly cookie: string }) | null {
  const kept = keepProof(runtime, { ...arrival, userId, returnTo });
  return kept === null ? null : { ...kept, standing };
}
