import type { LogoutNotice } from "../model/logout-notice.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { SessionThere } from "../providers/provider.ts";

/** A sign-in that comes back from the provider. */
export interface ReturningLogin {
  /** Provider instance id. */
  readonly provider: string;
  readonly sessionThere: SessionThere;
  /** When the browser set out, in milliseconds since the epoch. */
  readonly begunAt: number;
}

/**
 * Whether the provider has told, since this sign-in began, that the session there has ended: then it must not become a
 * session here. Whoever sets out later is vouched for anew, and so is who has proven themselves there after that. Until
 * the transaction ends no other such word comes in unseen.
 */
export async function endedMeanwhile(
  tx: Pick<StoreTransaction, "logoutNotices">,
  { provider, sessionThere, begunAt }: ReturningLogin,
): Promise<boolean> {
  const { issuer, sid, subject } = sessionThere;
  const notices = await tx.logoutNotices.lockAndFind({ provider, issuer, sid, subject }, begunAt);
  return notices.some((notice) => !hasSignedInAgain(sessionThere, notice));
}

/** Both times are by the provider's clock; where it does not tell when somebody signed in, it was before. */
function hasSignedInAgain({ authenticatedAt }: SessionThere, { issuedAt }: LogoutNotice): boolean {
  return authenticatedAt !== null && authenticatedAt > issuedAt;
}
