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
  /** Id of the one by which a sign-in has last derived their roles; `null` = they have none. */
  lastDerived(userId: string): Promise<string | null>;
  /** By `provider:handle` or `provider:subject`, exact. */
  findByHandle(provider: string, handleOrSubject: string): Promise<readonly Identity[]>;
}

export interface IdentityWriter extends IdentityReader {
  /**
   * Answers false when the key exists already (two first sign-ins at once). `derivedAt` as in `update`; 0 = no roles have
   * been derived by it, `null` (the default) = that is not known, and when it was last used counts.
   */
  insert(identity: Identity, derivedAt?: number | null): Promise<boolean>;
  update(
    id: string,
    /** `subject` only when the provider now tells of the same person under another id, `derivedAt` only with roles. */
    change: Pick<Identity, "handle" | "email" | "emailVerified" | "lastUsedAt"> &
      Partial<Pick<Identity, "subject">> & { readonly derivedAt?: number },
  ): Promise<void>;
  /** Removes it, and with it the tokens that were kept of it. */
  delete(id: string): Promise<void>;
  /** Gives all of one user to another. */
  move(fromUserId: string, toUserId: string): Promise<void>;
}
