/** A link that was made on the server and works once. Times are milliseconds since the epoch. */
export interface OwnerLink {
  /** `olk_…`: safe to show; it opens nothing. */
  readonly id: string;
  /** SHA-256 (base64url) of the secret in the address. */
  readonly secretHash: string;
  /** The owner whom it signs in without a provider; `null` = it makes whoever signs in next the owner. */
  readonly userId: string | null;
  /** True when it goes around the usual way in: its use is shown to all owners until one of them has reviewed it. */
  readonly breakGlass: boolean;
  readonly createdAt: number;
  /** As the audit log names them. */
  readonly createdBy: string;
  readonly reason: string | null;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  /** Who came in by it. */
  readonly usedBy: string | null;
  readonly reviewedAt: number | null;
  readonly reviewedBy: string | null;
}

/** How long an owner link can be used, in milliseconds. */
export const OWNER_LINK_LIFETIME = 10 * 60 * 1_000;

/** What a session that a link has opened names as its provider. No provider may be called so. */
export const OWNER_LINK_PROVIDER = "owner-link";

/** True while the link may still be used. */
export function isOpen(link: Pick<OwnerLink, "usedAt" | "expiresAt">, now: number): boolean {
  return link.usedAt === null && now < link.expiresAt;
}

export interface OwnerLinkReader {
  get(id: string): Promise<OwnerLink | null>;
  findBySecretHash(secretHash: string): Promise<OwnerLink | null>;
  /** Those that went around the usual way in, were used, and have not been reviewed; oldest first. */
  unreviewed(): Promise<readonly OwnerLink[]>;
}

export interface OwnerLinkWriter extends OwnerLinkReader {
  insert(link: OwnerLink): Promise<void>;
  /** Answers false when it was used before or has expired, however many ask at once. */
  use(id: string, userId: string, now: number): Promise<boolean>;
  /** Answers false when it was reviewed before, or never used. */
  review(id: string, userId: string, now: number): Promise<boolean>;
  /** Whose use has not been reviewed: it was the other user's, who may not review it either. */
  move(fromUserId: string, toUserId: string): Promise<void>;
}
