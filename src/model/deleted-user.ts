import type { Identity } from "./identity.ts";
import type { RoleGrant } from "./role.ts";
import type { User } from "./user.ts";

/** What is kept of somebody who was deleted, until it can no longer be restored. Times are milliseconds since the epoch. */
export interface DeletedUser {
  readonly user: User;
  readonly identities: readonly Identity[];
  /** Those given by hand; all others are derived anew. */
  readonly grants: readonly RoleGrant[];
  readonly deletedAt: number;
  /** As the audit log names them. */
  readonly deletedBy: string;
  /** In the words of whoever deleted them. */
  readonly reason: string | null;
}

/** How long somebody who was deleted can be brought back, in milliseconds. */
export const RESTORABLE_FOR = 30 * 24 * 60 * 60 * 1_000;

export interface DeletedUserReader {
  /** By exact id or exact e-mail (folded case). May be several. */
  find(who: string): Promise<readonly DeletedUser[]>;
  /** Last deleted first; only those deleted after `since`. */
  list(query: { readonly since: number; readonly limit: number }): Promise<readonly DeletedUser[]>;
  /** First deleted first; those behind that place in this order, at most `limit`. */
  following(
    place: { readonly deletedAt: number; readonly id: string },
    limit: number,
  ): Promise<readonly DeletedUser[]>;
  /** The ids of those deleted at or before `until`, at most `limit`. */
  deletedUntil(until: number, limit: number): Promise<readonly string[]>;
}

export interface DeletedUserWriter extends DeletedUserReader {
  insert(deleted: DeletedUser): Promise<void>;
  /** Takes them out for good; `null` = not there, so that only one of two who restore succeeds. */
  take(id: string): Promise<DeletedUser | null>;
}
