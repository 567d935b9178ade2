import { requireOwner } from "../access/actor-rights.ts";
import { liveProviders } from "../access/last-owner.ts";
import { isUsableOwner } from "../access/usable-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId, randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { OWNER_LINK_LIFETIME, type OwnerLink } from "../model/owner-link.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now">;

/** What a link is to be for. */
export interface OwnerLinkWish {
  /** An owner who is to come in without a provider; `null` = whoever signs in next is to become the owner. */
  readonly userId: string | null;
  /** Makes another owner although there is one who can come in. Means nothing with `userId`. */
  readonly breakGlass?: boolean;
}

/** A link that has just been made. */
export interface CreatedOwnerLink {
  /** Holds the secret: to be shown once, to the one person it is for. */
  readonly url: URL;
  /** Milliseconds since the epoch: ten minutes from now. */
  readonly expiresAt: number;
}

/**
 * Makes a link that works once, for ten minutes; only the hash of its secret is kept.
 * @throws PosternError `permission_denied` to a user who is no owner; `owner_exists`, `not_usable_owner`
 */
export async function createOwnerLink(
  runtime: Uses,
  wish: OwnerLinkWish,
  actor: string,
  reason?: string,
): Promise<CreatedOwnerLink> {
  const { publicUrl, mountPath } = runtime.settings;
  const secret = randomToken();
  const now = runtime.now();
  const link: OwnerLink = {
    id: newId("olk_", now),
    secretHash: sha256(secret),
    userId: wish.userId,
    breakGlass: wish.userId !== null || wish.breakGlass === true,
    createdAt: now,
    createdBy: actor,
    reason: reason ?? null,
    expiresAt: now + OWNER_LINK_LIFETIME,
    usedAt: null,
    usedBy: null,
    reviewedAt: null,
    reviewedBy: null,
  };
  await runtime.store.transaction(async (tx) => {
    await requireOwner(tx, actor);
    await refuseOwnerLink(tx, runtime.settings, wish);
    await tx.ownerLinks.insert(link);
    await tx.audit.insert(
      newEvent(now, {
        action: "owner_link.created",
        actor,
        target: link.id,
        detail: {
          for: link.userId,
          breakGlass: link.breakGlass,
          expiresAt: link.expiresAt,
          ...(reason !== undefined && { reason }),
        },
      }),
    );
  });
  return { url: new URL(`${mountPath}/owner-link/${secret}`, publicUrl), expiresAt: link.expiresAt };
}

/** Whether such a link may be made at all. @throws PosternError `owner_exists`, `not_usable_owner` */
export async function refuseOwnerLink(
  tx: Pick<StoreTransaction, "users" | "grants" | "identities">,
  settings: Pick<Settings, "providers">,
  { userId, breakGlass = false }: OwnerLinkWish,
): Promise<void> {
  if (userId !== null) {
    if (await isUsableOwner(tx, settings, userId)) return;
    throw new PosternError("not_usable_owner", "Such a link signs in only an active owner with a way in.");
  }
  if (breakGlass || (await tx.grants.countUsableHolders("owner", liveProviders(settings))) === 0) return;
  throw new PosternError(
    "owner_exists",
    "There is an owner who can sign in, and who can make others owners.",
  );
}
