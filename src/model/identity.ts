/** Whether the provider vouches for the e-mail: yes, no, or it does not tell (`null`). */
export type EmailVerified = boolean | null;

/** Who somebody is at a provider: the only key that leads to a user. */
export interface IdentityKey {
  /** Provider instance, as configured: `google`, `corp`. */
  readonly provider: string;
  /** Issuer or tenant, exactly as the provider writes it. */
  readonly issuer: string;
  /** The provider's own id for the person, exact bytes, case kept. */
  readonly subject: string;
}

/** An identity at a provider, tied to one local user. Times are milliseconds since the epoch. */
export interface Identity extends IdentityKey {
  /** `idn_…` */
  readonly id: string;
  readonly userId: string;
  /** What the person calls themselves there: a login name or an e-mail. For people to read, never a key. */
  readonly handle: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

export interface IdentityReader {
  find(key: IdentityKey): Promise<Identity | null>;
  ofUser(userId: string): Promise<readonly Identity[]>;
  /** Of all of these users, 500 at most. */
  ofUsers(userIds: readonly string[]): Promise<readonly Identity[]>;
  /** By `provider:handle` or `provider:subject`, exact. */
  findByHandle(provider: string, handleOrSubject: string): Promise<readonly Identity[]>;
}

export interface IdentityWriter extends IdentityReader {
  /** Answers false when the key exists already (two first sign-ins at once). */
  insert(identity: Identity): Promise<boolean>;
  update(
    id: string,
    /** `subject` only when the provider now tells of the same person under another id. */
    change: Pick<Identity, "handle" | "email" | "emailVerified" | "lastUsedAt"> &
      Partial<Pick<Identity, "subject">>,
  ): Promise<void>;
  /** Removes it, and with it the tokens that were kept of it. */
  delete(id: string): Promise<void>;
  /** Gives all of one user to another. */
  move(fromUserId: string, toUserId: string): Promise<void>;
}
