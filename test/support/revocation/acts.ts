import type { AuditAction } from "../../../src/model/audit-event.ts";

/** A way of putting somebody out. */
export interface ActRow {
  /** Words of the command line. */
  readonly command: (userId: string) => readonly string[];
  /** What the audit log calls it. */
  readonly event: AuditAction;
  /** What the guarded route answers from then on. */
  readonly refusal: 401 | 403;
}

export const ACTS = {
  suspend: { command: (id) => ["users", "suspend", id], event: "user.suspended", refusal: 401 },
  demote: { command: (id) => ["users", "revoke", id, "support"], event: "role.revoked", refusal: 403 },
  "sign out": { command: (id) => ["users", "sign-out", id], event: "session.ended", refusal: 401 },
  delete: { command: (id) => ["users", "delete", id], event: "user.deleted", refusal: 401 },
} as const satisfies Record<string, ActRow>;

export type Act = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS) as readonly Act[];
