import { mayGive, rankOf } from "../access/actor-rights.ts";
import type { Policy } from "../access/live-policy.ts";
import type { ErrorCode } from "../errors.ts";
import { type Invitation, invitationState } from "../model/invitation.ts";
import type { RoleName } from "../model/role.ts";
import type { Store } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Policy, "roles"> & Pick<Runtime, "now">;

export type InviteErrorCode = Extract<ErrorCode, `invite_${string}`>;

/** An invitation as things are now: what it would give, or why it gives nothing any more. */
export type ExaminedInvitation =
  | { readonly kind: "open"; readonly invitation: Invitation; readonly roles: readonly RoleName[] }
  | {
      readonly kind: "dead";
      /** `null` = there is none of that token. */
      readonly invitation: Invitation | null;
      readonly code: InviteErrorCode;
      /** For the administrator, as one stable word. */
      readonly cause: string;
    };

/** Looks at an invitation as things are now: a role that is gone is not given, and the inviter's right is checked again. */
export async function examineInvitation(
  { roles: catalogue, now }: Uses,
  tx: Pick<Store, "users" | "grants">,
  invitation: Invitation | null,
): Promise<ExaminedInvitation> {
  const dead = (code: InviteErrorCode, cause: string) => ({ kind: "dead", invitation, code, cause }) as const;
  if (invitation === null) return dead("invite_unknown", "unknown");
  const state = invitationState(invitation, now());
  if (state === "accepted") return dead("invite_used", "accepted");
  if (state === "revoked") return dead("invite_revoked", "revoked");
  if (state === "expired") return dead("invite_expired", "expired");
  const roles = invitation.roles.filter((role) => catalogue.roles.includes(role));
  if (roles.length === 0) return dead("invite_revoked", "roles_gone");
  // Read only: whoever is demoted a moment later had the right to it when it was redeemed.
  if (!mayGive(await rankOf(tx, invitation.createdBy), roles))
    return dead("invite_revoked", "inviter_may_no_longer");
  return { kind: "open", invitation, roles };
}
