import { mayGive, rankOf, requireMayGive } from "../access/actor-rights.ts";
import type { Policy } from "../access/live-policy.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId, randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { INVITATION_LIFETIME, type Invitation, LONGEST_INVITATION } from "../model/invitation.ts";
import type { RoleName } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { type RecipientWish, readRecipient } from "./read-recipient.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "now">;

export interface InvitationWish {
  /** At least one. */
  readonly roles: readonly RoleName[];
  /** Default: anyone who has the link. */
  readonly recipient?: RecipientWish;
  /** How long it may be accepted, in milliseconds: 1 minute to 30 days. Default 72 hours. */
  readonly lifetime?: number;
}

/** An invitation and the only copy of its link. */
export interface IssuedInvitation {
  readonly invitation: Invitation;
  /** To be handed on, and kept nowhere: only the hash of its token is stored. */
  readonly link: URL;
}

/**
 * Invites somebody. `actor` is a user id, or names who does it for the audit log; `reason` is their own words.
 * @throws PosternError `unknown_role`, `permission_denied`, `user_not_found` when nobody could be recognised by that;
 * RangeError for a lifetime out of bounds, or no role
 */
export async function createInvitation(
  runtime: Uses,
  wish: InvitationWish,
  actor: string,
  reason?: string,
): Promise<IssuedInvitation> {
  const { token, invitation } = draft(runtime, wish, actor, reason);
  await runtime.store.transaction(async (tx) => {
    requireRoles(await runtime.policy.within(tx), invitation.roles);
    await requireMayGive(tx, actor, invitation.roles);
    await tx.invitations.insert(invitation);
    const { roles, recipient, expiresAt } = invitation;
    await tx.audit.insert(
      newEvent(invitation.createdAt, {
        action: "invitation.created",
        actor,
        target: invitation.id,
        detail: { roles, recipient, expiresAt, ...(reason !== undefined && { reason }) },
      }),
    );
  });
  return { invitation, link: linkTo(runtime, token) };
}

/** Everything that `createInvitation` would refuse, without inviting anybody. @throws as it does */
export async function checkInvitation(
  runtime: Uses,
  wish: InvitationWish,
  actor: string,
): Promise<Invitation> {
  const { invitation } = draft(runtime, wish, actor, undefined);
  requireRoles(await runtime.policy.latest(), invitation.roles);
  if (!mayGive(await rankOf(runtime.store, actor), invitation.roles))
    throw new PosternError("permission_denied", `"${actor}" may not invite anybody with these roles.`);
  return invitation;
}

/** @throws RangeError unless it is 1 minute to 30 days, in milliseconds */
export function requireLifetime(lifetime: number): void {
  if (Number.isInteger(lifetime) && lifetime >= 60_000 && lifetime <= LONGEST_INVITATION) return;
  throw new RangeError("An invitation lives for 1 minute to 30 days.");
}

/** @throws PosternError `unknown_role`; RangeError for no role at all */
export function requireRoles({ roles: catalogue }: Pick<Policy, "roles">, roles: readonly RoleName[]): void {
  if (roles.length === 0) throw new RangeError("An invitation gives at least one role.");
  for (const role of roles) catalogue.requireKnownRole(role);
}

/** The address that people open: built from `publicUrl` alone, never from a request. */
export function linkTo(
  { settings: { publicUrl, mountPath } }: Pick<Runtime, "settings">,
  token: string,
): URL {
  return new URL(`${publicUrl.origin}${mountPath}/invite/${token}`);
}

function draft(runtime: Uses, wish: InvitationWish, actor: string, reason: string | undefined) {
  const { recipient: wanted = "anyone", lifetime = INVITATION_LIFETIME } = wish;
  const roles = [...new Set(wish.roles)].sort();
  requireLifetime(lifetime);
  const recipient = readRecipient(wanted, runtime.settings);
  if (recipient === undefined)
    throw new PosternError("user_not_found", "Nobody could be recognised by that when they sign in.");
  const now = runtime.now();
  const token = randomToken();
  const invitation: Invitation = {
    id: newId("inv_", now),
    secretHash: sha256(token),
    recipient,
    roles,
    createdAt: now,
    createdBy: actor,
    reason: reason ?? null,
    expiresAt: now + lifetime,
    acceptedAt: null,
    acceptedBy: null,
    revokedAt: null,
    revokedBy: null,
  };
  return { token, invitation };
}
