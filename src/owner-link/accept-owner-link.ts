import { liveProviders } from "../access/last-owner.ts";
import { isUsableOwner } from "../access/usable-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import { isOpen, OWNER_LINK_PROVIDER, type OwnerLink } from "../model/owner-link.ts";
import type { User } from "../model/user.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding } from "../sessions/end-session.ts";
import { lockFormerSession, newSession, openSession } from "../sessions/open-session.ts";
import { announceBreakGlass } from "../webhooks/announce-break-glass.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/** What the page of a link shows. */
export interface ShownOwnerLink {
  /** Whom it signs in; `null` = it makes whoever signs in next the owner. */
  readonly user: User | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What a press on the button of that page leads to. */
export type AcceptedOwnerLink =
  | { readonly kind: "signed-in"; readonly secret: string }
  /** The browser keeps the secret of the link until somebody has signed in. */
  | { readonly kind: "claim"; readonly expiresAt: number };

/** Looks at a link without using it. @throws PosternError `owner_link_invalid` */
export async function showOwnerLink(runtime: Uses, secret: string): Promise<ShownOwnerLink> {
  const { userId, expiresAt } = await requireOpenLink(runtime, secret);
  const user = userId === null ? null : await runtime.store.users.get(userId);
  return { user, expiresAt };
}

/**
 * Uses a link: signs in the owner it is for, or lets this browser's next sign-in make the owner.
 * @throws PosternError `owner_link_invalid`, also when it was used at this very moment
 */
export async function acceptOwnerLink(
  runtime: Uses,
  secret: string,
  visit: Visit,
): Promise<AcceptedOwnerLink> {
  const link = await requireOpenLink(runtime, secret);
  const { userId } = link;
  if (userId === null) return { kind: "claim", expiresAt: link.expiresAt };

  const { secret: ofSession, ending } = await runtime.store.transaction(async (tx) => {
    const former = await lockFormerSession(runtime, tx, { visit }, userId);
    await tx.users.lock(userId);
    if (!(await isUsableOwner(tx, runtime.settings, userId))) throw invalid("not_usable_owner");
    const now = runtime.now();
    if (!(await tx.ownerLinks.use(link.id, userId, now))) throw invalid("used");
    // No provider and no identity stand behind this session: the link does.
    const who = { userId, provider: OWNER_LINK_PROVIDER, identityId: link.id };
    const { secret, session } = newSession(runtime, who, visit);
    const ending = await openSession(runtime, tx, session, { visit, former });
    await tx.audit.insert(
      newEvent(now, {
        action: "break_glass.used",
        actor: userId,
        target: session.id,
        address: visit.address,
        detail: {
          ownerLink: link.id,
          createdBy: link.createdBy,
          replaced: former?.id ?? null,
          ...(link.reason !== null && { reason: link.reason }),
        },
      }),
    );
    await announceBreakGlass(runtime, tx, now, link, userId);
    return { secret, ending };
  });
  runtime.log.warn({ userId, ownerLink: link.id }, "an owner came in without a provider, by an owner link");
  runtime.sessionCache.forgetUser(userId);
  afterEnding(runtime, ending);
  return { kind: "signed-in", secret: ofSession };
}

/** @throws PosternError `owner_link_invalid` */
async function requireOpenLink({ store, settings, now }: Uses, secret: string): Promise<OwnerLink> {
  const link = await store.ownerLinks.findBySecretHash(sha256(secret));
  if (link === null) throw invalid("unknown");
  if (!isOpen(link, now())) throw invalid(link.usedAt === null ? "expired" : "used");
  if (link.userId === null && !link.breakGlass) {
    const owners = await store.grants.countUsableHolders("owner", liveProviders(settings));
    if (owners > 0) throw invalid("owner_exists");
  }
  return link;
}

function invalid(reason: string): PosternError {
  return new PosternError("owner_link_invalid", "The owner link cannot be used.", { reason });
}
