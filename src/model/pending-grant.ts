import type { RoleName } from "./role.ts";

/** Somebody who has not been here yet, as they will be recognised. */
export interface ExpectedPerson {
  /** Provider instance; `null` = any that verified the e-mail. */
  readonly provider: string | null;
  /** A folded e-mail when it holds an `@`, otherwise a subject. Never a handle: handles change hands. */
  readonly who: string;
}

/** A role that waits for a person's first sign-in. */
export interface PendingGrant extends ExpectedPerson {
  /** `pgr_…` */
  readonly id: string;
  readonly role: RoleName;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The end that the role will have, and at which nobody waits for it any more; `null` = none. */
  readonly expiresAt: number | null;
  /** As the audit log names them. */
  readonly createdBy: string;
  readonly reason: string | null;
}

/** Nothing that is read tells of one whose end has come. */
export interface PendingGrantReader {
  /** All, oldest first. */
  list(): Promise<readonly PendingGrant[]>;
  /** Those that wait for any of these. */
  findFor(people: readonly ExpectedPerson[]): Promise<readonly PendingGrant[]>;
}

export interface PendingGrantWriter extends PendingGrantReader {
  /** Answers false when the same person waits for the same role already; one whose end has come gives way. */
  insert(grant: PendingGrant): Promise<boolean>;
  /** Another reason and another end. Answers false when it was gone. */
  change(id: string, change: Pick<PendingGrant, "reason" | "expiresAt">): Promise<boolean>;
  /** Carries out those whose end has come. Answers them. */
  takeExpired(): Promise<readonly PendingGrant[]>;
  /** Answers false when it was gone already: two sign-ins at once do not both apply it. */
  delete(id: string): Promise<boolean>;
}
