import { newEvent } from "../audit/new-event.ts";
import { newReference } from "../crypto/random.ts";
import type { ErrorCode } from "../errors.ts";
import { atAddress, EVERYBODY } from "../limits/counted.ts";
import type { LimitReached } from "../limits/limit-reached.ts";
import type { AuditAction } from "../model/audit-event.ts";
import type { LoginPurpose, LoginTransaction } from "../model/login-transaction.ts";
import type { Visit } from "../model/visit.ts";
import type { RequestProof } from "../requests/request-proof.ts";
import type { Standing } from "../requests/standing.ts";
import type { Runtime } from "../runtime.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import { HOME } from "../web/return-to.ts";
import { dropTransaction } from "./transaction-cookie.ts";

type Uses = Pick<Runtime, "store" | "sealer" | "settings" | "limits" | "now" | "log">;

/** A sign-in that ended without a session. It has been written to the audit log under its reference. */
export interface RefusedLogin {
  readonly kind: "refused";
  /** What they had come for. */
  readonly purpose: LoginPurpose;
  readonly code: ErrorCode;
  /** Finds the event in the audit log; `null` = there are too many to tell of each. */
  readonly reference: string | null;
  readonly returnTo: ReturnTarget;
  /** What the person is called at the provider, when that is known. */
  readonly handle: string | null;
  /** Where somebody stands who may ask to be let in; their proof is among the cookies. Absent for everyone else. */
  readonly application?: Application;
  /** For the administrator. */
  readonly technical: Readonly<Record<string, unknown>>;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/** Somebody who may ask, or has asked, to be let in. */
export interface Application {
  readonly proof: RequestProof;
  readonly standing: Standing;
}

export interface Refusal {
  readonly code: ErrorCode;
  /** The cause, as one stable word. */
  readonly reason: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What the audit log tells besides, and no page. */
  readonly confidential?: Readonly<Record<string, unknown>>;
  /** The attempt, when it is proven to be this browser's own; `state` once the browser holds it. */
  readonly attempt?: (AttemptSoFar & Partial<Pick<LoginTransaction, "state">>) | null;
  /** True when the attempt was this browser's own and has just been spent: there are no more of these than were begun. */
  readonly isSpent?: true;
}

type AttemptSoFar = Pick<LoginTransaction, "purpose" | "returnTo" | "begunBy">;

const NO_ATTEMPT: AttemptSoFar = { purpose: "login", returnTo: HOME };

/** What the audit log calls an attempt that came to nothing. */
const FAILED: Readonly<Record<LoginPurpose, AuditAction>> = {
  login: "login.failed",
  "step-up": "step_up.failed",
  link: "identity.link_failed",
};

/**
 * Ends a sign-in: one audit event, one reference, and the attempt's cookie gone. When too many have come to nothing, one
 * event tells of all of them together. @throws PosternError `rate_limited`, `store_unavailable`
 */
export async function refuseLogin(
  runtime: Uses,
  input: { readonly provider: string; readonly visit: Pick<Visit, "address"> },
  refusal: Refusal,
): Promise<RefusedLogin> {
  const { code, reason, detail = {}, attempt = null } = refusal;
  const { purpose, returnTo } = attempt ?? NO_ATTEMPT;
  const reached = refusal.isSpent ? null : countFailure(runtime, input.visit.address);
  // Who only wants to begin, while the provider is down, has done nothing too often.
  if (reached !== null && !isBeginning(attempt)) throw reached;
  const reference = reached === null ? await tell(runtime, input, refusal) : reached.reference;
  return {
    kind: "refused",
    purpose,
    code,
    reference,
    returnTo,
    handle: null,
    technical: { reason, ...detail },
    cookies: attempt?.state === undefined ? [] : [dropTransaction(runtime, attempt.state)],
  };
}

function countFailure({ limits }: Uses, address: string | null): LimitReached | null {
  return limits.reached("failures", atAddress(address)) ?? limits.reached("allFailures", EVERYBODY);
}

function isBeginning(attempt: Refusal["attempt"]): boolean {
  return attempt !== null && attempt !== undefined && attempt.state === undefined;
}

/** Writes it to both logs. Answers what finds it there. */
async function tell(
  runtime: Uses,
  input: Parameters<typeof refuseLogin>[1],
  { code, reason, detail = {}, confidential = {}, attempt }: Refusal,
): Promise<string> {
  const { purpose, begunBy } = attempt ?? NO_ATTEMPT;
  const isCancelledLogin = purpose === "login" && code === "access_denied_by_user";
  const reference = newReference();
  const told = { provider: input.provider, cause: reason, ...detail };
  runtime.log.info({ reference, code, ...told }, "sign-in refused");
  await runtime.store.transaction((tx) =>
    tx.audit.insert(
      newEvent(runtime.now(), {
        action: isCancelledLogin ? "login.cancelled" : FAILED[purpose],
        ...(begunBy !== undefined && { actor: begunBy.userId, target: begunBy.userId }),
        reference,
        reason: code,
        address: input.visit.address,
        detail: { ...told, ...confidential },
      }),
    ),
  );
  return reference;
}
