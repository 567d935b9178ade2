import type { RoleName } from "./role.ts";

/** Whom an invitation is for, as they will be recognised when they sign in. */
export interface InvitationRecipient {
  /** `handle` = what the provider calls them at that moment; `id` = the provider's own id for them, which never changes hands. */
  readonly kind: "email" | "handle" | "id";
  /** Provider instance; `null` = any that verified the e-mail. */
  readonly provider: string | null;
  /** A folded e-mail; a handle or an id exactly as the provider writes it. */
  readonly who: string;
}

/** A way in for somebody who is not known yet, by a link that works once. Times are milliseconds since the epoch. */
export interface Invitation {
  /** `inv_…`: safe to show; it opens nothing. */
  readonly id: string;
  /** SHA-256 (base64url) of the token in the link. */
  readonly secretHash: string;
  /** `null` = anyone who has the link. */
  readonly recipient: InvitationRecipient | null;
  /** What whoever accepts it gets, as given by hand. */
  readonly roles: readonly RoleName[];
  readonly createdAt: number;
  /** Who invites: a user id, or as the audit log names them. Whoever sends it again or changes it takes this on. */
  readonly createdBy: string;
  readonly reason: string | null;
  readonly expiresAt: number;
  readonly acceptedAt: number | null;
  /** The user who came in by it. */
  readonly acceptedBy: string | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

export type InvitationState = "pending" | "accepted" | "expired" | "revoked";

/** How long an invitation may be accepted unless something else is said, in milliseconds: 72 hours. */
export const INVITATION_LIFETIME = 72 * 60 * 60 * 1_000;
/** The longest that can be said, in milliseconds: 30 days. */
export const LONGEST_INVITATION = 30 * 24 * 60 * 60 * 1_000;

/** What has become of an invitation; what was accepted or revoked stays so after its end. */
export function invitationState(
  invitation: Pick<Invitation, "acceptedAt" | "revokedAt" | "expiresAt">,
  now: number,
): InvitationState {
  if (invitation.acceptedAt !== null) return "accepted";
  if (invitation.revokedAt !== null) return "revoked";
  return now < invitation.expiresAt ? "pending" : "expired";
}

export interface InvitationListQuery {
  /** 1–200. */
  readonly limit: number;
  /** The last id of the page before. */
  readonly after?: string;
}

export interface InvitationReader {
  get(id: string): Promise<Invitation | null>;
  findBySecretHash(secretHash: string): Promise<Invitation | null>;
  /** Newest first. */
  list(query: InvitationListQuery): Promise<readonly Invitation[]>;
  /** The ids of those that would give the role: neither accepted nor revoked, nor over. */
  openWith(role: RoleName, now: number): Promise<readonly string[]>;
}

export interface InvitationWriter extends InvitationReader {
  insert(invitation: Invitation): Promise<void>;
  /** As `findBySecretHash`; nobody else changes it until the transaction ends. Comes after `users.lock`, before `lockOwners`. */
  lockBySecretHash(secretHash: string): Promise<Invitation | null>;
  /** Answers false when it was accepted or revoked before or has expired, however many ask at once. */
  accept(id: string, userId: string, now: number): Promise<boolean>;
  /** Answers false when it was accepted or revoked before. */
  revoke(id: string, actor: string, now: number): Promise<boolean>;
  /** Another token and another end, or other roles; and who stands for it now. Answers false when it was accepted or revoked before. */
  change(
    id: string,
    change: Partial<Pick<Invitation, "secretHash" | "expiresAt" | "roles" | "createdBy">>,
  ): Promise<boolean>;
  /** Those of one inviter that are still open are another's from now on: what they may give is asked of the other. */
  move(fromUserId: string, toUserId: string): Promise<void>;
}
