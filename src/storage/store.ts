import type { Kysely, Transaction } from "kysely";
import type { SessionReader } from "../model/session.ts";
import { type Changed, countingSignals, NO_SIGNALS, type Signals } from "../model/signals.ts";
import type { Store, StoreTransaction } from "../model/store.ts";
import { againWhileUndone } from "./again-while-undone.ts";
import { withConnection } from "./fixed-query.ts";
import { type MigrationEngine, migrate, migrationStates } from "./migrate.ts";
import { MIGRATIONS, type Migration } from "./migrations/index.ts";
import { notingChanges } from "./noting-changes.ts";
import type { Redis } from "./redis.ts";
import type { EngineName, Schema } from "./schema.ts";
import { accessRequestReader, accessRequestWriter } from "./tables/access-requests.ts";
import { apiKeyReader, apiKeyWriter } from "./tables/api-keys.ts";
import { auditReader, auditWriter } from "./tables/audit.ts";
import { deletedUserReader, deletedUserWriter } from "./tables/deleted-users.ts";
import { grantReader, grantWriter } from "./tables/grants.ts";
import { housekeepingReader, housekeepingWriter } from "./tables/housekeeping.ts";
import { identityReader, identityWriter } from "./tables/identities.ts";
import { invitationReader, invitationWriter } from "./tables/invitations.ts";
import { keptTokensReader, keptTokensWriter } from "./tables/kept-tokens.ts";
import { limitCountWriter } from "./tables/limit-counts.ts";
import { loginTransactionSpender, loginTransactionWriter } from "./tables/login-transactions.ts";
import { logoutNoticeWriter } from "./tables/logout-notices.ts";
import { ownerLinkReader, ownerLinkWriter } from "./tables/owner-links.ts";
import { pendingGrantReader, pendingGrantWriter } from "./tables/pending-grants.ts";
import { policyReader, policyWriter } from "./tables/policy.ts";
import { providerSessionReader, providerSessionWriter } from "./tables/provider-sessions.ts";
import { providerSignOutWriter } from "./tables/provider-sign-outs.ts";
import { recheckReader, recheckWriter } from "./tables/rechecks.ts";
import { sessionReader, sessionWriter } from "./tables/sessions.ts";
import { userReader, userWriter } from "./tables/users.ts";
import { webhookDeliveryReader, webhookDeliveryWriter } from "./tables/webhook-deliveries.ts";

/** What an engine brings; everything else is the same SQL for all of them. */
export interface Engine extends MigrationEngine {
  readonly name: EngineName;
  /** For reads outside a transaction. */
  readonly reader: Kysely<Schema>;
  /** For transactions; its errors are PosternErrors already. */
  readonly writer: Kysely<Schema>;
  /** The same for what may be lost when the power fails, and only then: what waits for no disk where that is possible. */
  readonly quickWriter: Kysely<Schema>;
  /** Runs one such statement that writes, outside of any transaction: it is committed when this resolves. */
  readonly alone: <T>(statement: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;
  /** Runs `work` with connections that may wait as long as migrations take. */
  readonly migrating: <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;
  /** Makes everyone else who calls it wait until this transaction ends. */
  readonly lockOwners: (tx: Transaction<Schema>) => Promise<void>;
  /** The same for everyone who asks for access. */
  readonly lockRequests: (tx: Transaction<Schema>) => Promise<void>;
  /** Many may share the policy; whoever takes it alone waits for all of them, and they for that one. */
  readonly lockPolicy: (tx: Transaction<Schema>, how: "shared" | "alone") => Promise<void>;
  /** The same for everyone who is about to hear, or to ask, whether the provider has ended this session. */
  readonly lockProviderSession: (tx: Transaction<Schema>, key: string) => Promise<void>;
  /** True when the engine has undone a whole transaction for another's sake, so that it may simply begin again. */
  readonly isUndone: (error: unknown) => boolean;
  /** A transaction of its own that only reads, and sees nothing that is committed after it began. */
  readonly openView: () => Promise<{ readonly db: Kysely<Schema>; close(): Promise<void> }>;
  readonly findBySecretHash: SessionReader["findBySecretHash"];
  readonly changeCounter: Store["changeCounter"];
  /** Tells of changes as they are committed; `null` = it cannot. */
  readonly channel: Signals | null;
  /** Hands a change over, in its transaction, to those who listen; they hear of it when it is committed. */
  readonly announce: (tx: Transaction<Schema>, changed: Changed) => Promise<void>;
  readonly pool: Store["pool"];
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a store is made with, whatever its engine. */
export interface StoreParts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Beside it. Default none. */
  readonly redis?: Redis | null;
  /** What the tables are made by; for tests of the next version. Default what this one consists of. */
  readonly migrations?: readonly Migration[];
}

/** Puts an engine and the tables together, and Redis beside them. */
export function createStore(engine: Engine, parts: StoreParts): Store {
  const { now, redis = null, migrations = MIGRATIONS } = parts;
  const { reader, writer } = engine;
  const own = engine.channel ?? signalsOf(engine.changeCounter);
  return {
    users: userReader(reader, engine.name, now),
    identities: identityReader(reader),
    sessions: { ...sessionReader(reader), findBySecretHash: engine.findBySecretHash },
    grants: grantReader(reader, now),
    pendingGrants: pendingGrantReader(reader, now),
    deletedUsers: deletedUserReader(reader),
    ownerLinks: ownerLinkReader(reader),
    invitations: invitationReader(reader),
    accessRequests: accessRequestReader(reader),
    loginTransactions: loginTransactionSpender(
      { ...engine, alone: (statement) => againWhileUndone(engine.isUndone, () => engine.alone(statement)) },
      now,
    ),
    tokens: keptTokensReader(reader, engine.name),
    policy: policyReader(reader),
    rechecks: recheckReader(reader),
    webhookDeliveries: webhookDeliveryReader(reader),
    providerSessions: providerSessionReader(reader),
    apiKeys: apiKeyReader(reader, engine.name, now),
    housekeeping: housekeepingReader(reader),
    audit: auditReader(reader),
    transaction: async (work, lasting = "power-cut") => {
      const { answer, changed } = await againWhileUndone(engine.isUndone, () =>
        (lasting === "power-cut" ? writer : engine.quickWriter).transaction().execute((begun) =>
          withConnection(begun, async (tx) => {
            const noting = notingChanges(storeTransaction(tx, engine, now));
            const answer = await work(noting.tx);
            const changed = noting.end();
            // Not waited for: should it fail, so does the commit.
            if (isAny(changed)) engine.announce(tx, changed).catch(() => {});
            return { answer, changed };
          }),
        ),
      );
      if (isAny(changed)) redis?.tell(changed);
      return answer;
    },
    openView: async () => {
      const { db, close } = await engine.openView();
      return {
        users: userReader(db, engine.name, now),
        identities: identityReader(db),
        grants: grantReader(db, now),
        pendingGrants: pendingGrantReader(db, now),
        policy: policyReader(db),
        close,
      };
    },
    changeCounter: engine.changeCounter,
    signals: redis?.signals(own) ?? own,
    sharedMemory: redis?.memory(own) ?? null,
    migrations: () => migrationStates(reader, migrations),
    migrate: () => engine.migrating((db) => migrate(db, engine, now, migrations)),
    pool: engine.pool,
    ping: engine.ping,
    close: async () => {
      await Promise.all([engine.close(), redis?.close()]);
    },
  };
}

function isAny(changed: Changed): boolean {
  return changed === null || changed.length > 0;
}

function signalsOf(changeCounter: Engine["changeCounter"]): Signals {
  return changeCounter === null ? NO_SIGNALS : countingSignals(changeCounter);
}

function storeTransaction(tx: Transaction<Schema>, engine: Engine, now: () => number): StoreTransaction {
  return {
    users: userWriter(tx, engine.name, now),
    identities: identityWriter(tx),
    sessions: sessionWriter(tx, engine.name, now),
    grants: grantWriter(tx, engine.name, now, engine.lockOwners),
    pendingGrants: pendingGrantWriter(tx, engine.name, now),
    deletedUsers: deletedUserWriter(tx, engine.name),
    ownerLinks: ownerLinkWriter(tx),
    invitations: invitationWriter(tx, engine.name),
    accessRequests: accessRequestWriter(tx, () => engine.lockRequests(tx)),
    loginTransactions: loginTransactionWriter(tx, engine.name, now),
    tokens: keptTokensWriter(tx, engine.name),
    policy: policyWriter(tx, (how) => engine.lockPolicy(tx, how)),
    rechecks: recheckWriter(tx, engine.name),
    webhookDeliveries: webhookDeliveryWriter(tx, engine.name),
    providerSessions: providerSessionWriter(tx),
    providerSignOuts: providerSignOutWriter(tx, engine.name, now),
    logoutNotices: logoutNoticeWriter(tx, engine, now),
    apiKeys: apiKeyWriter(tx, engine.name, now),
    limitCounts: limitCountWriter(tx),
    housekeeping: housekeepingWriter(tx, engine.name),
    audit: auditWriter(tx),
  };
}
