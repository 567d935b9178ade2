import type { AuditEvent, AuditQuery } from "../model/audit-event.ts";
import type { Runtime } from "../runtime.ts";

/** What can be asked about what happened. */
export interface AuditVerbs {
  /** Newest first; never more than 1000, however many are asked for. */
  list(query: AuditQuery): Promise<readonly AuditEvent[]>;
}

/** Binds the questions about what happened to a runtime. */
export function auditVerbs({ store }: Pick<Runtime, "store">): AuditVerbs {
  return {
    // To SQLite a limit below zero means none at all.
    list: (query) => store.audit.list({ ...query, limit: Math.min(Math.max(query.limit, 1), 1000) }),
  };
}
