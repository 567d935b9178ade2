import type { Invitation, InvitationListQuery } from "../model/invitation.ts";
import type { RoleName } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { changeInvitationRoles, resendInvitation, revokeInvitation } from "./change-invitation.ts";
import {
  checkInvitation,
  createInvitation,
  type InvitationWish,
  type IssuedInvitation,
} from "./create-invitation.ts";

/**
 * What can be asked and done about invitations. `actor` is who does it: a user id, whose right to give the roles is
 * checked, now and when the invitation is accepted; or the name of what does it, such as `job:nightly`, which needs none.
 */
export interface InvitationVerbs {
  get(id: string): Promise<Invitation | null>;
  /** A page of invitations, newest first. `limit` 1–200, default 50. */
  list(query?: Partial<InvitationListQuery>): Promise<readonly Invitation[]>;
  /** Makes an invitation and the only copy of its link. @throws PosternError `unknown_role`, `permission_denied`, `user_not_found`; RangeError */
  create(wish: InvitationWish, actor: string, reason?: string): Promise<IssuedInvitation>;
  /** Refuses what `create` would refuse, and makes nothing. @throws as `create` does */
  check(wish: InvitationWish, actor: string): Promise<Invitation>;
  /** Makes a new link; the old one is dead. @throws PosternError `invite_unknown`, `invite_used`, `invite_revoked`, `permission_denied`; RangeError */
  resend(
    id: string,
    actor: string,
    options?: { readonly lifetime?: number; readonly reason?: string },
  ): Promise<IssuedInvitation>;
  /** Gives it other roles; the link stays. @throws as `resend` does, and PosternError `unknown_role` */
  changeRoles(id: string, roles: readonly RoleName[], actor: string, reason?: string): Promise<Invitation>;
  /** Takes it back; false = it was revoked already. @throws PosternError `invite_unknown`, `invite_used`, `permission_denied` */
  revoke(id: string, actor: string, reason?: string): Promise<boolean>;
}

/** Binds the verbs about invitations to a runtime. */
export function invitationVerbs(runtime: Runtime): InvitationVerbs {
  const { invitations } = runtime.store;
  return {
    get: (id) => invitations.get(id),
    list: (query = {}) =>
      invitations.list({ ...query, limit: Math.min(Math.max(query.limit ?? 50, 1), 200) }),
    create: (wish, actor, reason) => createInvitation(runtime, wish, actor, reason),
    check: (wish, actor) => checkInvitation(runtime, wish, actor),
    resend: (id, actor, options) => resendInvitation(runtime, id, actor, options),
    changeRoles: (id, roles, actor, reason) => changeInvitationRoles(runtime, id, roles, actor, reason),
    revoke: (id, actor, reason) => revokeInvitation(runtime, id, actor, reason),
  };
}
