import type { EmailVerified, IdentityKey } from "./identity.ts";
import type { RoleName } from "./role.ts";

/** Where a request stands: nobody has decided yet, a role was promised, or it was turned down. */
export type AccessRequestStatus = "pending" | "approved" | "declined";

/** Somebody whom a provider vouches for, and who asks to be let in. One per identity. Times are milliseconds since the epoch. */
export interface AccessRequest extends IdentityKey {
  /** `arq_…` */
  readonly id: string;
  /** The user they were when they asked; `null` = they had none. */
  readonly userId: string | null;
  /** As the provider told when they asked: for people to read, never a key. */
  readonly handle: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  /** In their own words. */
  readonly note: string | null;
  readonly status: AccessRequestStatus;
  readonly createdAt: number;
  readonly decidedAt: number | null;
  /** As the audit log names them. */
  readonly decidedBy: string | null;
  /** What they enter with once approved. */
  readonly role: RoleName | null;
  /** Why it was declined; the person reads it. */
  readonly reason: string | null;
  /** When somebody who was declined may ask once more. */
  readonly askAgainAt: number | null;
  /** When they came in with the role: from then on the request gives nothing any more. */
  readonly enteredAt: number | null;
}

/** Longest note and longest reason, in characters. */
export const LONGEST_NOTE = 500;

/** How long a refusal stands before somebody may ask once more, in milliseconds. */
export const DECLINED_FOR = 30 * 24 * 60 * 60 * 1_000;

/** How many requests one provider may bring within an hour. */
export const MOST_REQUESTS_PER_HOUR = 100;

/** True while asking once more would be in vain: it is being looked at, it is approved, or it was declined lately. */
export function isStanding(
  request: Pick<AccessRequest, "status" | "askAgainAt" | "enteredAt">,
  now: number,
): boolean {
  if (request.status === "declined") return request.askAgainAt !== null && now < request.askAgainAt;
  return request.status === "pending" || request.enteredAt === null;
}

/** What a decision writes. */
export type AccessRequestDecision = Pick<
  AccessRequest,
  "status" | "decidedAt" | "decidedBy" | "role" | "reason" | "askAgainAt"
>;

export interface AccessRequestReader {
  get(id: string): Promise<AccessRequest | null>;
  find(key: IdentityKey): Promise<AccessRequest | null>;
  /** Oldest first, so that nobody waits for ever. `limit` 1–1000. */
  list(query: {
    readonly status?: AccessRequestStatus;
    readonly limit: number;
    /** The last id of the page before. */
    readonly after?: string;
  }): Promise<readonly AccessRequest[]>;
  /** The ids of those that were approved with the role and have not come in yet. */
  approvedAs(role: RoleName): Promise<readonly string[]>;
}

export interface AccessRequestWriter extends AccessRequestReader {
  /** Makes everyone else who is about to ask wait until this transaction ends, so that counting means something. */
  lock(): Promise<void>;
  /** How many came from this provider after `since`. */
  countSince(provider: string, since: number): Promise<number>;
  /** Answers false when this identity has one already, however many ask at once. */
  insert(request: AccessRequest): Promise<boolean>;
  delete(id: string): Promise<void>;
  /** Answers false when it did not stand as `from` says, however many decide at once. */
  decide(
    id: string,
    from: Pick<AccessRequest, "status" | "decidedAt">,
    decision: AccessRequestDecision,
  ): Promise<boolean>;
  /** Answers false when its role was handed out before, or when nobody has approved it. */
  enter(id: string, now: number): Promise<boolean>;
  /** Those of one user are those of another from now on. */
  move(fromUserId: string, toUserId: string): Promise<void>;
}
