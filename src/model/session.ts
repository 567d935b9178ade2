import type { User } from "./user.ts";

/** A signed-in browser. Times are milliseconds since the epoch. */
export interface Session {
  /** `ses_…`: safe to show; it opens nothing. */
  readonly id: string;
  readonly userId: string;
  /** SHA-256 (base64url) of the secret in the cookie. */
  readonly secretHash: string;
  readonly provider: string;
  readonly identityId: string;
  readonly createdAt: number;
  /** When the provider last vouched for the person. */
  readonly authenticatedAt: number;
  /** Exact to about a minute: it is not written at every request. */
  readonly lastSeenAt: number;
  /** The absolute end. */
  readonly expiresAt: number;
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** How long a session may live. */
export interface SessionLimits {
  /** Milliseconds without a request. */
  readonly idle: number;
  /** Milliseconds since sign-in. */
  readonly absolute: number;
}

/** True when the session has ended by time. */
export function isExpired(
  { expiresAt, lastSeenAt }: Pick<Session, "expiresAt" | "lastSeenAt">,
  limits: Pick<SessionLimits, "idle">,
  now: number,
): boolean {
  return now >= expiresAt || now - lastSeenAt >= limits.idle;
}

/** Milliseconds by which a session may have been used later than now. */
const AHEAD = 24 * 60 * 60 * 1_000;

/**
 * True when a clock was wrong at the session's last use, or is now: opened by one that ran ahead, it would outlive both of
 * its limits once the clock is right. It opens nothing; nothing is deleted or given up for it, since it may be good again.
 */
export function isAhead({ lastSeenAt }: Pick<Session, "lastSeenAt">, now: number): boolean {
  return lastSeenAt - now > AHEAD;
}

/** What one lookup by secret answers: everything a guard needs, read together so that it cannot disagree. */
export interface SessionSnapshot {
  readonly session: Session;
  readonly user: User;
  /** Names of the roles the user holds, without doubles. */
  readonly roles: readonly string[];
  /** The moment at which the first of their grants ends, milliseconds since the epoch; `null` = none does. */
  readonly rolesUntil: number | null;
  /** What these roles give must not be told by an older policy. */
  readonly policyVersion: number;
}

export interface SessionReader {
  /** The hot path: one read, no transaction. May answer synchronously. */
  findBySecretHash(secretHash: string): SessionSnapshot | null | Promise<SessionSnapshot | null>;
  get(id: string): Promise<Session | null>;
  /** Newest first. */
  ofUser(userId: string): Promise<readonly Session[]>;
}

export interface SessionWriter extends SessionReader {
  insert(session: Session): Promise<void>;
  /** Never moves time backwards, never revives a deleted row. */
  touch(id: string, lastSeenAt: number): Promise<void>;
  /**
   * Gives a session a new secret once the provider has vouched for the person again. Answers false when the secret is
   * another one by now, or the session has ended.
   */
  renew(
    id: string,
    formerHash: string,
    renewed: Pick<Session, "secretHash" | "authenticatedAt" | "lastSeenAt">,
  ): Promise<boolean>;
  /** Removes those of a user whose end had come at this moment, in milliseconds since the epoch. Answers how many. */
  deleteExpired(userId: string, at: number): Promise<number>;
  /** Answers the sessions that were there. */
  delete(ids: readonly string[]): Promise<readonly Session[]>;
  deleteOfUser(userId: string, except?: string): Promise<readonly Session[]>;
}
