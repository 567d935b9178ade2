import { giveRole } from "../access/give-role.ts";
import type { Policy } from "../access/live-policy.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Invitation } from "../model/invitation.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Runtime } from "../runtime.ts";
import { examineInvitation, type InviteErrorCode } from "./examine-invitation.ts";
import { whyNotFor } from "./read-recipient.ts";

type Uses = Pick<Policy, "roles"> & Pick<Runtime, "now">;

/** What the invitation that somebody brings along is worth to them. */
export type BroughtInvitation =
  | { readonly kind: "open"; readonly invitation: Invitation; readonly roles: readonly RoleName[] }
  | {
      readonly kind: "refused";
      readonly code: InviteErrorCode | "email_unverified";
      readonly cause: string;
      readonly invitationId: string | null;
    };

/** Somebody who has arrived, with the invitation that their browser accepted before. */
export interface InvitedArrival {
  readonly provider: string;
  readonly userInfo: UserInfo;
  /** SHA-256 of the token. */
  readonly secretHash: string;
  /** The user they are already. */
  readonly userId: string | null;
}

/**
 * The invitation that somebody brings along, for whom it still counts; `null` = they accepted it before, and it has
 * nothing more to give. Holds it until the transaction ends, so that of two who come at once the second finds it used.
 */
export async function findInvitation(
  runtime: Uses,
  tx: Pick<StoreTransaction, "invitations" | "users" | "grants">,
  { provider, userInfo, secretHash, userId }: InvitedArrival,
): Promise<BroughtInvitation | null> {
  const found = await tx.invitations.lockBySecretHash(secretHash);
  if (found !== null && found.acceptedBy !== null && found.acceptedBy === userId) return null;
  const examined = await examineInvitation(runtime, tx, found);
  const invitationId = found?.id ?? null;
  if (examined.kind === "dead") {
    return { kind: "refused", code: examined.code, cause: examined.cause, invitationId };
  }
  const cause = whyNotFor(examined.invitation.recipient, provider, userInfo);
  if (cause === null) return examined;
  const code = cause === "email_unverified" ? cause : "invite_not_for_you";
  return { kind: "refused", code, cause, invitationId };
}

/** Spends the invitation and gives its roles by hand and for good, with one audit event for each. */
export async function redeemInvitation(
  tx: Pick<StoreTransaction, "invitations" | "grants" | "audit">,
  now: number,
  { invitation, roles }: Extract<BroughtInvitation, { kind: "open" }>,
  userId: string,
  address: string | null,
): Promise<void> {
  const { id, createdBy, reason } = invitation;
  if (!(await tx.invitations.accept(id, userId, now))) throw new Error("An invitation was accepted twice.");
  await tx.audit.insert(
    newEvent(now, {
      action: "invitation.accepted",
      actor: userId,
      target: id,
      address,
      detail: { roles, invitedBy: createdBy, ...(reason !== null && { reason }) },
    }),
  );
  for (const role of roles) {
    const gift = { userId, role, source: "direct", createdAt: now, reason } as const;
    await giveRole(tx, now, gift, {
      actor: "system",
      detail: { invitation: id, grantedBy: createdBy },
    });
  }
}
