import { afterEach, beforeEach, describe } from "vitest";
import { accessRequestPromises } from "./internal/store-suite/access-requests.ts";
import { accessRulePromises } from "./internal/store-suite/access-rules.ts";
import { apiKeyPromises } from "./internal/store-suite/api-keys.ts";
import { auditPromises } from "./internal/store-suite/audit.ts";
import { closePromises } from "./internal/store-suite/closing.ts";
import { deletedUserPromises } from "./internal/store-suite/deleted-users.ts";
import { grantPromises } from "./internal/store-suite/grants.ts";
import { housekeepingPromises } from "./internal/store-suite/housekeeping.ts";
import { identityPromises } from "./internal/store-suite/identities.ts";
import { invitationPromises } from "./internal/store-suite/invitations.ts";
import { keptTokensPromises } from "./internal/store-suite/kept-tokens.ts";
import { limitCountPromises } from "./internal/store-suite/limit-counts.ts";
import { lockedUserPromises } from "./internal/store-suite/locked-users.ts";
import { loginTransactionPromises } from "./internal/store-suite/login-transactions.ts";
import { logoutNoticePromises } from "./internal/store-suite/logout-notices.ts";
import { migrationPromises } from "./internal/store-suite/migrations.ts";
import type { OpenedStore } from "./internal/store-suite/opened-store.ts";
import { ownerLinkPromises } from "./internal/store-suite/owner-links.ts";
import { pendingGrantPromises } from "./internal/store-suite/pending-grants.ts";
import { policyPromises } from "./internal/store-suite/policy.ts";
import { poolPromises } from "./internal/store-suite/pool.ts";
import { providerSessionPromises } from "./internal/store-suite/provider-sessions.ts";
import { providerSignOutPromises } from "./internal/store-suite/provider-sign-outs.ts";
import { recheckPromises } from "./internal/store-suite/rechecks.ts";
import { searchedUserPromises } from "./internal/store-suite/searched-users.ts";
import { sessionPromises } from "./internal/store-suite/sessions.ts";
import { signalPromises } from "./internal/store-suite/signals.ts";
import { transactionPromises } from "./internal/store-suite/transactions.ts";
import { userPromises } from "./internal/store-suite/users.ts";
import { viewPromises } from "./internal/store-suite/views.ts";
import { webhookDeliveryPromises } from "./internal/store-suite/webhook-deliveries.ts";

export type { OpenedStore };

/**
 * What every store promises, as one vitest suite. `open` gives an empty database for each test; `openMigrated` one whose
 * tables are there already, with nothing in them but what migrations put there: where making them takes long, a test need
 * not wait for it that does not watch it.
 */
export function storeSuite(
  name: string,
  open: () => Promise<OpenedStore>,
  openMigrated: () => Promise<OpenedStore> = open,
): void {
  describe(name, () => {
    describe("from nothing", () => migrationPromises(openedForEach(open)));

    describe("with its tables", () => {
      const opened = openedForEach(openMigrated);
      const migrated = async () => {
        const { store } = opened();
        const isDone = (await store.migrations()).every(({ appliedAt }) => appliedAt !== null);
        if (!isDone) await store.migrate();
        return store;
      };
      userPromises(migrated);
      searchedUserPromises(migrated);
      lockedUserPromises(migrated);
      identityPromises(migrated);
      sessionPromises(migrated);
      grantPromises(migrated);
      pendingGrantPromises(migrated);
      deletedUserPromises(migrated);
      ownerLinkPromises(migrated);
      invitationPromises(migrated);
      accessRequestPromises(migrated);
      policyPromises(migrated, opened);
      recheckPromises(migrated);
      webhookDeliveryPromises(migrated);
      accessRulePromises(migrated);
      viewPromises(migrated);
      loginTransactionPromises(migrated);
      keptTokensPromises(migrated);
      providerSessionPromises(migrated);
      providerSignOutPromises(migrated);
      logoutNoticePromises(migrated);
      apiKeyPromises(migrated);
      limitCountPromises(migrated);
      housekeepingPromises(migrated);
      auditPromises(migrated);
      transactionPromises(migrated, opened);
      signalPromises(migrated, opened);
      poolPromises(migrated);
      closePromises(migrated);
    });
  });
}

/** One for each test of this `describe`, thrown away after it. */
function openedForEach(open: () => Promise<OpenedStore>): () => OpenedStore {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());
  return () => opened;
}
