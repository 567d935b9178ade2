import { giveRole } from "../access/give-role.ts";
import { liveProviders } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { isOpen, type OwnerLink } from "../model/owner-link.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import { announceBreakGlass } from "../webhooks/announce-break-glass.ts";

type Uses = Pick<Runtime, "settings" | "now">;

/** The browser in which somebody has signed in. */
export interface ClaimingBrowser {
  readonly visit: Pick<Visit, "cookies">;
  /** SHA-256 of the secret of the link that it held. Default: the cookie of the visit tells. */
  readonly ownerLink?: string | null;
}

/**
 * The link that makes whoever signs in in this browser the owner; `null` = none that still counts. Takes the owners' lock
 * when there is one, so that of two who come at the same moment the second finds an owner and stays what they are.
 */
export async function findOwnershipClaim(
  runtime: Uses,
  tx: Pick<StoreTransaction, "ownerLinks" | "grants">,
  { visit, ownerLink = null }: ClaimingBrowser,
): Promise<OwnerLink | null> {
  const secret = readCookie(visit.cookies, runtime.settings.cookies.ownerLink);
  const secretHash = secret === null ? ownerLink : sha256(secret);
  if (secretHash === null || (await tx.ownerLinks.findBySecretHash(secretHash)) === null) return null;
  await tx.grants.lockOwners();
  // Read again: whoever held the lock before may have used it.
  const link = await tx.ownerLinks.findBySecretHash(secretHash);
  if (link === null || link.userId !== null || !isOpen(link, runtime.now())) return null;
  if (link.breakGlass) return link;
  const owners = await tx.grants.countUsableHolders("owner", liveProviders(runtime.settings));
  return owners === 0 ? link : null;
}

/** Spends the link and makes the user an owner by hand, for good. */
export async function claimOwnership(
  runtime: Pick<Runtime, "settings">,
  tx: Pick<StoreTransaction, "ownerLinks" | "grants" | "audit" | "webhookDeliveries">,
  now: number,
  link: OwnerLink,
  userId: string,
  address: string | null,
): Promise<void> {
  if (!(await tx.ownerLinks.use(link.id, userId, now))) throw new Error("An owner link was used twice.");
  await tx.audit.insert(
    newEvent(now, {
      action: link.breakGlass ? "break_glass.used" : "owner_link.used",
      actor: userId,
      target: link.id,
      address,
      detail: { createdBy: link.createdBy, ...(link.reason !== null && { reason: link.reason }) },
    }),
  );
  if (link.breakGlass) await announceBreakGlass(runtime, tx, now, link, userId);
  const gift = { userId, role: "owner", source: "direct", createdAt: now } as const;
  await giveRole(tx, now, gift, { actor: userId, address, detail: { ownerLink: link.id } });
}
