import type { HousekeepingKind } from "../../housekeeping/tasks.ts";

/** What `postern housekeeping` says, in English. */
export const housekeeping = {
  busy: "Another process is keeping house just now; nothing was done.",
  nothing: "Nothing has had its time.",
  would: "Would remove what has had its time:",
  done: "Removed what had had its time:",
  kinds: {
    sessions: "sessions that have ended",
    loginTransactions: "spent sign-ins",
    providerSignOuts: "sign-outs that nobody went on with",
    logoutNotices: "logout notices",
    limitCounts: "counts of limits",
    expiredRoles: "roles that have come to their end",
    deletedUsers: "people deleted 30 days ago or earlier",
    accessRequests: "decided requests for access",
    invitations: "invitations past their end",
    ownerLinks: "owner links past their end",
    webhookMessages: "messages to webhooks",
    auditEvents: "audit events",
  } satisfies Record<HousekeepingKind, string> as Record<HousekeepingKind, string>,
};
