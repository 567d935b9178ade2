import type { AccessDecision } from "../access/decide-access.ts";
import { newEvent } from "../audit/new-event.ts";
import { newReference } from "../crypto/random.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { Standing } from "../requests/standing.ts";
import type { Admission, AdmitInput } from "./admission.ts";

/** Why somebody does not come in. */
export type AdmissionRefusal = Pick<Extract<Admission, { kind: "refused" }>, "code" | "reason"> & {
  readonly outcome?: AccessDecision["outcome"];
  readonly standing?: Standing | null;
  /** The id of the invitation that they brought along in vain. */
  readonly invitation?: string | null;
};

/** Ends an admission: one audit event, one reference. */
export async function refuseAdmission(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo, facts, visit }: AdmitInput,
  known: User | null,
  { code, reason, outcome, standing = null, invitation }: AdmissionRefusal,
): Promise<Admission> {
  const reference = newReference();
  await tx.audit.insert(
    newEvent(now, {
      action: "login.failed",
      target: known?.id ?? null,
      reference,
      reason: code,
      address: visit.address,
      // Enough to let the person in with the next click: who they are there, and what was missing.
      detail: {
        provider,
        cause: reason,
        // Somebody who only has to be let in by an administrator, unlike one whom a rule keeps out.
        ...(outcome === "ask" && { asks: true }),
        ...(invitation !== undefined && { invitation }),
        issuer: userInfo.issuer,
        subject: userInfo.subject,
        handle: userInfo.handle,
        email: userInfo.email,
        emailVerified: userInfo.emailVerified,
        ...toldMemberships({ facts }),
      },
    }),
  );
  const applicant = standing === null ? null : { userId: known?.id ?? null, standing };
  return { kind: "refused", code, reason, reference, handle: userInfo.handle ?? userInfo.email, applicant };
}

/** What was asked and answered, so that "the provider could not tell" is not a riddle afterwards. */
export function toldMemberships({ facts }: Pick<AdmitInput, "facts">): Readonly<Record<string, unknown>> {
  if (facts.length === 0) return {};
  const told = facts.map(({ check, wanted, answer }) => [`${check} ${wanted}`, answer]);
  return { memberships: Object.fromEntries(told) };
}
