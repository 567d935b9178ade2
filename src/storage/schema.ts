import type { AccessRequestStatus } from "../model/access-request.ts";
import type { AuditAction } from "../model/audit-event.ts";
import type { InvitationRecipient } from "../model/invitation.ts";
import type { RefreshFailure } from "../model/kept-tokens.ts";
import type { GrantSource } from "../model/role.ts";
import type { UserStatus } from "../model/user.ts";
import type { WebhookDeliveryState, WebhookEvent } from "../model/webhook.ts";

/** The engines that speak our SQL. Asked only where they differ. */
export type EngineName = "sqlite" | "postgres" | "mysql";

/** Every table, as Kysely sees it. Times are milliseconds since the epoch. */
export interface Schema {
  readonly postern_users: UserRow;
  readonly postern_user_words: UserWordRow;
  readonly postern_identities: IdentityRow;
  readonly postern_sessions: SessionRow;
  readonly postern_grants: GrantRow;
  readonly postern_deleted_users: DeletedUserRow;
  readonly postern_pending_grants: PendingGrantRow;
  readonly postern_owner_links: OwnerLinkRow;
  readonly postern_invitations: InvitationRow;
  readonly postern_access_requests: AccessRequestRow;
  readonly postern_tokens: TokensRow;
  readonly postern_api_keys: ApiKeyRow;
  readonly postern_access_rules: AccessRuleRow;
  readonly postern_login_transactions: LoginTransactionRow;
  readonly postern_policy: PolicyRow;
  readonly postern_roles: RoleRow;
  readonly postern_rechecks: RecheckRow;
  readonly postern_webhook_deliveries: WebhookDeliveryRow;
  readonly postern_webhook_stops: WebhookStopRow;
  readonly postern_provider_sessions: ProviderSessionRow;
  readonly postern_provider_sign_outs: ProviderSignOutRow;
  readonly postern_logout_notices: LogoutNoticeRow;
  readonly postern_limit_counts: LimitCountRow;
  readonly postern_leases: LeaseRow;
  readonly postern_audit: AuditRow;
  readonly postern_migrations: MigrationRow;
}

interface UserRow {
  readonly id: string;
  readonly name: string | null;
  /** `fold(name)`: the engines fold only ASCII, so we do it. */
  readonly name_folded: string | null;
  readonly email: string | null;
  /** `fold(email)` */
  readonly email_folded: string | null;
  readonly picture: string | null;
  readonly status: UserStatus;
  readonly created_at: number;
  readonly last_sign_in_at: number | null;
  /** `name_folded`, `email_folded` and `status` of when the words were written, and the `user_status` of grants. */
  readonly indexed_name: string | null;
  readonly indexed_email: string | null;
  readonly indexed_status: UserStatus | null;
}

interface UserWordRow {
  readonly user_id: string;
  /** One of the `searchWords` of `indexed_name` and `indexed_email`. */
  readonly word: string;
}

interface IdentityRow {
  readonly id: string;
  readonly user_id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly handle: string | null;
  readonly email: string | null;
  /** 1 = yes, 0 = no, `null` = the provider does not tell. */
  readonly email_verified: number | null;
  readonly created_at: number;
  readonly last_used_at: number;
  /** When a sign-in by it last derived roles, 0 = never; `null` = kept by a version that does not note it. */
  readonly derived_at: number | null;
}

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly secret_hash: string;
  readonly provider: string;
  readonly identity_id: string;
  readonly created_at: number;
  readonly authenticated_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
  readonly user_agent: string | null;
  readonly address: string | null;
}

interface RecheckRow {
  readonly identity_id: string;
  readonly due_at: number;
  readonly confirmed_at: number;
  readonly failures: number;
  readonly refusals: number;
}

interface GrantRow {
  readonly user_id: string;
  readonly role: string;
  readonly source: GrantSource;
  readonly created_at: number;
  readonly reason: string | null;
  readonly expires_at: number | null;
  /** Their `indexed_status`, so that an index tells who holds a role and is suspended; `null` = not written yet. */
  readonly user_status: UserStatus | null;
}

/** One row only. */
interface PolicyRow {
  readonly id: number;
  readonly version: number;
}

interface RoleRow {
  readonly name: string;
  /** JSON: the title in every language. */
  readonly title: string | null;
  /** JSON: a list of names. */
  readonly permissions: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly changed_at: number;
}

interface DeletedUserRow {
  readonly id: string;
  readonly email_folded: string | null;
  readonly deleted_at: number;
  readonly deleted_by: string;
  readonly reason: string | null;
  /** JSON: user, identities, grants. */
  readonly kept: string;
}

interface PendingGrantRow {
  readonly id: string;
  /** Empty = any: a unique key takes every null for another one. */
  readonly provider: string;
  readonly who: string;
  readonly role: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly reason: string | null;
  readonly expires_at: number | null;
}

interface OwnerLinkRow {
  readonly id: string;
  readonly secret_hash: string;
  readonly user_id: string | null;
  /** 1 or 0. */
  readonly break_glass: number;
  readonly created_at: number;
  readonly created_by: string;
  readonly reason: string | null;
  readonly expires_at: number;
  readonly used_at: number | null;
  readonly used_by: string | null;
  readonly reviewed_at: number | null;
  readonly reviewed_by: string | null;
}

interface AccessRequestRow {
  readonly id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly user_id: string | null;
  readonly handle: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** 1 = yes, 0 = no, `null` = the provider does not tell. */
  readonly email_verified: number | null;
  readonly note: string | null;
  readonly status: AccessRequestStatus;
  readonly created_at: number;
  readonly decided_at: number | null;
  readonly decided_by: string | null;
  readonly role: string | null;
  readonly reason: string | null;
  readonly ask_again_at: number | null;
  readonly entered_at: number | null;
}

interface InvitationRow {
  readonly id: string;
  readonly secret_hash: string;
  /** `null` = anyone who has the link. */
  readonly recipient_kind: InvitationRecipient["kind"] | null;
  readonly provider: string | null;
  readonly who: string | null;
  /** JSON: a list of names. */
  readonly roles: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly reason: string | null;
  readonly expires_at: number;
  readonly accepted_at: number | null;
  readonly accepted_by: string | null;
  readonly revoked_at: number | null;
  readonly revoked_by: string | null;
}

interface TokensRow {
  readonly identity_id: string;
  readonly sealed: string;
  readonly key_id: string;
  readonly version: number;
  /** Who is refreshing them; `null` = nobody. */
  readonly lease_owner: string | null;
  /** By the clock of the database, which all instances share. */
  readonly lease_until: number | null;
  /** Not to be refreshed before; by the same clock. */
  readonly retry_at: number | null;
  /** Why. */
  readonly retry_code: RefreshFailure | null;
}

interface ApiKeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly secret_hash: string;
  /** JSON: a list of names. */
  readonly permissions: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly reason: string | null;
  readonly expires_at: number;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
  readonly revoked_by: string | null;
}

interface AccessRuleRow {
  readonly id: string;
  /** Where it stands among them, from 0. */
  readonly position: number;
  /** JSON: `{ when, then, roles }`. */
  readonly rule: string;
  /** 1 or 0. */
  readonly enabled: number;
  readonly note: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly changed_at: number;
  readonly changed_by: string;
}

interface LoginTransactionRow {
  readonly state_hash: string;
  readonly expires_at: number;
}

interface WebhookDeliveryRow {
  readonly id: string;
  readonly endpoint: string;
  readonly event: WebhookEvent;
  /** JSON, as it is sent. */
  readonly body: string;
  readonly state: WebhookDeliveryState;
  readonly attempts: number;
  readonly created_at: number;
  readonly next_attempt_at: number;
  readonly last_status: number | null;
  readonly last_failure: string | null;
  readonly finished_at: number | null;
}

interface WebhookStopRow {
  readonly endpoint: string;
  readonly stopped_at: number;
}

interface ProviderSessionRow {
  readonly session_id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly sid: string | null;
  /** Sealed. */
  readonly id_token: string | null;
  readonly created_at: number;
}

interface ProviderSignOutRow {
  readonly state_hash: string;
  readonly provider: string;
  /** Sealed. */
  readonly id_token: string | null;
  readonly expires_at: number;
}

interface LogoutNoticeRow {
  readonly token_hash: string;
  readonly provider: string;
  readonly issuer: string;
  readonly sid: string | null;
  readonly subject: string | null;
  readonly issued_at: number;
  readonly received_at: number;
  readonly expires_at: number;
}

interface LimitCountRow {
  readonly id: string;
  readonly instance: string;
  readonly count: number;
  readonly expires_at: number;
}

interface LeaseRow {
  readonly name: string;
  readonly owner: string;
  /** By the clock of the database, which all instances share. */
  readonly held_until: number;
  /** What has been done and not been told of yet. */
  readonly done: number;
}

interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly action: AuditAction;
  readonly actor: string;
  readonly target: string | null;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly address: string | null;
  /** JSON, as text on every engine: PostgreSQL's jsonb refuses strings that a user agent may well hold. */
  readonly detail: string;
}

interface MigrationRow {
  readonly name: string;
  readonly applied_at: number;
}
