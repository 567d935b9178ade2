/** What happened. `noun.verb`, closed: a new action is a new line here. */
export const AUDIT_ACTIONS = [
  "login.succeeded",
  "login.failed",
  "login.cancelled",
  "step_up.succeeded",
  "step_up.failed",
  "identity.linked",
  "identity.link_failed",
  "identity.unlinked",
  "session.ended",
  "session.refused",
  "logout.received",
  "token.dropped",
  "user.created",
  "user.updated",
  "user.imported",
  "users.exported",
  "user.suspended",
  "user.reactivated",
  "user.merged",
  "user.deleted",
  "user.restored",
  "user.purged",
  "role.granted",
  "role.revoked",
  "role.expired",
  "grant.changed",
  "role.created",
  "role.changed",
  "role.removed",
  "pending_grant.created",
  "pending_grant.changed",
  "pending_grant.revoked",
  "rule.created",
  "rule.changed",
  "rule.moved",
  "rule.enabled",
  "rule.disabled",
  "rule.removed",
  "rules.replaced",
  "pending_grant.expired",
  "pending_grant.needless",
  "access_request.created",
  "access_request.approved",
  "access_request.declined",
  "access_request.reopened",
  "invitation.created",
  "invitation.changed",
  "invitation.resent",
  "invitation.revoked",
  "invitation.accepted",
  "invitation.refused",
  "api_key.created",
  "api_key.revoked",
  "owner_link.created",
  "owner_link.used",
  "break_glass.used",
  "break_glass.reviewed",
  "webhook.given_up",
  "webhook.stopped",
  "webhook.resumed",
  "limit.reached",
  "limit.passed",
  "audit.pruned",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One thing that happened, written in the transaction that did it. Never holds a secret or a token. */
export interface AuditEvent {
  /** `aud_…`, sorts by time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: AuditAction;
  /** Who did it: a user id, `cli:root@host`, `system`, or `anonymous`. */
  readonly actor: string;
  /** What it was done to: `usr_…`, `ses_…`, the name of a role, or `null`. */
  readonly target: string | null;
  /** The short code on the page, such as `K7Q2-9FMX`; `null` when nobody was shown one. */
  readonly reference: string | null;
  /** The error code or cause when something failed. */
  readonly reason: string | null;
  readonly address: string | null;
  /** Before and after, provider, and what else an administrator needs; small, redacted. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditQuery {
  readonly reference?: string;
  readonly target?: string;
  readonly action?: AuditAction;
  /** 1–1000, newest first. */
  readonly limit: number;
}

export interface AuditReader {
  list(query: AuditQuery): Promise<readonly AuditEvent[]>;
}

export interface AuditWriter extends AuditReader {
  insert(event: AuditEvent): Promise<void>;
}
