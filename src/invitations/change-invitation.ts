import { requireMayGive } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { INVITATION_LIFETIME, type Invitation } from "../model/invitation.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { type IssuedInvitation, linkTo, requireLifetime, requireRoles } from "./create-invitation.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "now">;

/**
 * Makes a new link, with a new end (`lifetime` in milliseconds, default 72 hours); the old one is dead at once. An
 * expired invitation comes back to life by it. Whoever sends it again is the one who invites from now on.
 * @throws PosternError `invite_unknown`, `invite_used`, `invite_revoked`, `permission_denied`; RangeError for a lifetime
 * out of bounds
 */
export async function resendInvitation(
  runtime: Uses,
  id: string,
  actor: string,
  { lifetime = INVITATION_LIFETIME, reason }: { readonly lifetime?: number; readonly reason?: string } = {},
): Promise<IssuedInvitation> {
  requireLifetime(lifetime);
  const token = randomToken();
  const invitation = await runtime.store.transaction(async (tx) => {
    const open = await requireOpen(tx, id);
    await requireMayGive(tx, actor, open.roles);
    const now = runtime.now();
    const change = { secretHash: sha256(token), expiresAt: now + lifetime, createdBy: actor };
    if (!(await tx.invitations.change(id, change))) return requireOpen(tx, id);
    await tx.audit.insert(
      newEvent(now, {
        action: "invitation.resent",
        actor,
        target: id,
        detail: {
          before: { expiresAt: open.expiresAt, createdBy: open.createdBy },
          after: { expiresAt: change.expiresAt, createdBy: actor },
          ...(reason !== undefined && { reason }),
        },
      }),
    );
    return { ...open, ...change };
  });
  return { invitation, link: linkTo(runtime, token) };
}

/**
 * Gives an invitation other roles; its link stays. Whoever changes it is the one who invites from now on.
 * @throws PosternError `unknown_role`, `invite_unknown`, `invite_used`, `invite_revoked`, `permission_denied`; RangeError
 * for no role at all
 */
export async function changeInvitationRoles(
  runtime: Uses,
  id: string,
  wanted: readonly RoleName[],
  actor: string,
  reason?: string,
): Promise<Invitation> {
  const roles = [...new Set(wanted)].sort();
  return runtime.store.transaction(async (tx) => {
    requireRoles(await runtime.policy.within(tx), roles);
    const open = await requireOpen(tx, id);
    // Both: nobody takes over an invitation that they could not have made.
    await requireMayGive(tx, actor, [...open.roles, ...roles]);
    if (!(await tx.invitations.change(id, { roles, createdBy: actor }))) return requireOpen(tx, id);
    await tx.audit.insert(
      newEvent(runtime.now(), {
        action: "invitation.changed",
        actor,
        target: id,
        detail: {
          before: { roles: open.roles, createdBy: open.createdBy },
          after: { roles, createdBy: actor },
          ...(reason !== undefined && { reason }),
        },
      }),
    );
    return { ...open, roles, createdBy: actor };
  });
}

/**
 * Takes an invitation back. Answers false when it was revoked already.
 * @throws PosternError `permission_denied` to whoever could not have made it; `invite_unknown`, `invite_used`
 */
export async function revokeInvitation(
  runtime: Uses,
  id: string,
  actor: string,
  reason?: string,
): Promise<boolean> {
  return runtime.store.transaction(async (tx) => {
    // Whoever may invite nobody is not told what there is.
    await requireMayGive(tx, actor, []);
    await requireMayGive(tx, actor, (await tx.invitations.get(id))?.roles ?? []);
    const now = runtime.now();
    if (!(await tx.invitations.revoke(id, actor, now))) {
      const found = await tx.invitations.get(id);
      if (found !== null && found.revokedAt !== null) return false;
      throw notOpen(found);
    }
    await tx.audit.insert(
      newEvent(now, {
        action: "invitation.revoked",
        actor,
        target: id,
        detail: reason === undefined ? {} : { reason },
      }),
    );
    return true;
  });
}

/** One that was neither accepted nor revoked; it may have expired. @throws PosternError */
async function requireOpen(tx: Pick<StoreTransaction, "invitations">, id: string): Promise<Invitation> {
  const found = await tx.invitations.get(id);
  if (found === null || found.acceptedAt !== null || found.revokedAt !== null) throw notOpen(found);
  return found;
}

function notOpen(found: Invitation | null): PosternError {
  if (found === null) return new PosternError("invite_unknown", "There is no such invitation.");
  return found.acceptedAt !== null
    ? new PosternError("invite_used", `The invitation ${found.id} has been accepted already.`)
    : new PosternError("invite_revoked", `The invitation ${found.id} has been revoked. Make a new one.`);
}
