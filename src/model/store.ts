import type { AccessRequestReader, AccessRequestWriter } from "./access-request.ts";
import type { ApiKeyReader, ApiKeyWriter } from "./api-key.ts";
import type { AuditReader, AuditWriter } from "./audit-event.ts";
import type { DeletedUserReader, DeletedUserWriter } from "./deleted-user.ts";
import type { HousekeepingReader, HousekeepingWriter } from "./housekeeping.ts";
import type { IdentityReader, IdentityWriter } from "./identity.ts";
import type { InvitationReader, InvitationWriter } from "./invitation.ts";
import type { KeptTokensReader, KeptTokensWriter } from "./kept-tokens.ts";
import type { LimitCountWriter } from "./limit-count.ts";
import type { LoginTransactionWriter } from "./login-transaction.ts";
import type { LogoutNoticeWriter } from "./logout-notice.ts";
import type { OwnerLinkReader, OwnerLinkWriter } from "./owner-link.ts";
import type { PendingGrantReader, PendingGrantWriter } from "./pending-grant.ts";
import type { PolicyReader, PolicyWriter } from "./policy.ts";
import type { ProviderSessionReader, ProviderSessionWriter } from "./provider-session.ts";
import type { ProviderSignOutWriter } from "./provider-sign-out.ts";
import type { RecheckReader, RecheckWriter } from "./recheck.ts";
import type { RoleGrantReader, RoleGrantWriter } from "./role.ts";
import type { SessionReader, SessionWriter } from "./session.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { Signals } from "./signals.ts";
import type { UserReader, UserWriter } from "./user.ts";
import type { WebhookDeliveryReader, WebhookDeliveryWriter } from "./webhook.ts";

/**
 * What may be written, only inside a transaction. Several things may be asked at once, before any answer has come, so that a
 * server that is far away is waited for once. Fixed queries (all that every sign-in asks) are then done in the order in
 * which they were asked; others may come later.
 */
export interface StoreTransaction {
  readonly users: UserWriter;
  readonly identities: IdentityWriter;
  readonly sessions: SessionWriter;
  readonly grants: RoleGrantWriter;
  readonly pendingGrants: PendingGrantWriter;
  readonly deletedUsers: DeletedUserWriter;
  readonly ownerLinks: OwnerLinkWriter;
  readonly invitations: InvitationWriter;
  readonly accessRequests: AccessRequestWriter;
  readonly loginTransactions: LoginTransactionWriter;
  readonly tokens: KeptTokensWriter;
  readonly policy: PolicyWriter;
  readonly rechecks: RecheckWriter;
  readonly webhookDeliveries: WebhookDeliveryWriter;
  readonly providerSessions: ProviderSessionWriter;
  readonly providerSignOuts: ProviderSignOutWriter;
  readonly logoutNotices: LogoutNoticeWriter;
  readonly apiKeys: ApiKeyWriter;
  readonly limitCounts: LimitCountWriter;
  readonly housekeeping: HousekeepingWriter;
  readonly audit: AuditWriter;
}

/** What is read at one moment, however long the reading takes. */
export interface StoreView {
  readonly users: Pick<UserReader, "list" | "count">;
  readonly identities: Pick<IdentityReader, "ofUsers">;
  readonly grants: Pick<RoleGrantReader, "ofUsers">;
  readonly pendingGrants: Pick<PendingGrantReader, "list">;
  readonly policy: Pick<PolicyReader, "read">;
  close(): Promise<void>;
}

/** A migration and when it ran; `null` = still to run. */
export interface MigrationState {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number | null;
  /** True when a newer version than this one has run it: this one knows only its name. */
  readonly isNewer: boolean;
}

/** The connections of this process to the database, at this moment. */
export interface PoolUse {
  readonly inUse: number;
  readonly idle: number;
  /** Who waits for one to be free. */
  readonly waiting: number;
}

/**
 * What a commit outlasts: a power cut, or only the end of the process by whatever means. After a power cut the last of the
 * latter may be gone, in the order in which they came and each as a whole. Servers that wait for the disk anyway treat
 * both alike.
 */
export type Lasting = "power-cut" | "process";

/**
 * The place where everything is kept. Reading stands on the store itself, writing only in `transaction`, so that a
 * change and the audit event that tells of it cannot come apart. Only a login transaction, which nobody tells of before
 * it is known what came of it, can be spent by itself.
 */
export interface Store {
  readonly users: UserReader;
  readonly identities: IdentityReader;
  readonly sessions: SessionReader;
  readonly grants: RoleGrantReader;
  readonly pendingGrants: PendingGrantReader;
  readonly deletedUsers: DeletedUserReader;
  readonly ownerLinks: OwnerLinkReader;
  readonly invitations: InvitationReader;
  readonly accessRequests: AccessRequestReader;
  /** Spends at once, as a transaction that lasts beyond the `process`. @throws PosternError `store_unavailable` */
  readonly loginTransactions: LoginTransactionWriter;
  readonly tokens: KeptTokensReader;
  readonly policy: PolicyReader;
  readonly rechecks: RecheckReader;
  readonly webhookDeliveries: WebhookDeliveryReader;
  readonly providerSessions: ProviderSessionReader;
  readonly apiKeys: ApiKeyReader;
  readonly housekeeping: HousekeepingReader;
  readonly audit: AuditReader;

  /**
   * Commits when `work` resolves, leaves nothing behind when it throws. `lasting` is what the commit outlasts; default
   * `power-cut`. @throws PosternError `store_unavailable`
   */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>, lasting?: Lasting): Promise<T>;

  /**
   * Opens a view of everything as it is now, on a connection of its own, and holds nobody else up; to be closed.
   * @throws PosternError `store_unavailable`
   */
  openView(): Promise<StoreView>;

  /**
   * A number that differs whenever any process has changed the store since it was last read; cheap and synchronous.
   * `null` where the engine has none.
   */
  readonly changeCounter: (() => number) | null;
  /** What it tells of changes by any process; begins to listen when it is first looked at. */
  readonly signals: Signals;
  /** What stands beside it; `null` = nothing does. */
  readonly sharedMemory: SharedMemory | null;

  /** `null` = there is no pool (SQLite), or nothing is known of it. */
  pool(): PoolUse | null;

  /**
   * Every migration of this version, in order, then those that newer ones have run besides.
   * @throws PosternError `migrations_pending` when this version cannot work beside them
   */
  migrations(): Promise<readonly MigrationState[]>;
  /** Runs what is missing; safe when several processes do so at once. Answers the names that ran. */
  migrate(): Promise<readonly string[]>;
  /** Resolves when the store answers. @throws PosternError `store_unavailable` */
  ping(): Promise<void>;
  close(): Promise<void>;
}
