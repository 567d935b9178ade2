import { lockRank } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import type { OwnerLink } from "../model/owner-link.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "store" | "now">;

/** Whether this person may confirm that a way around the usual door was used rightly: an owner, and not the same one. */
export function mayReview(
  link: Pick<OwnerLink, "usedBy">,
  userId: string,
  roles: readonly string[],
): boolean {
  return roles.includes("owner") && link.usedBy !== userId;
}

/**
 * Confirms that the use of a link has been looked at, which takes the banner away. Answers false when somebody else has
 * done so already.
 * @throws PosternError `not_found`, `permission_denied` to whoever is no owner, or came in by that link
 */
export async function reviewBreakGlass(
  runtime: Uses,
  linkId: string,
  userId: string,
  address: string | null,
): Promise<boolean> {
  return runtime.store.transaction(async (tx) => {
    const link = await tx.ownerLinks.get(linkId);
    if (link === null || !link.breakGlass || link.usedAt === null)
      throw new PosternError("not_found", "There is nothing of that id to review.");
    const rank = await lockRank(tx, userId);
    if (rank === null || !mayReview(link, userId, [rank]))
      throw new PosternError("permission_denied", "Another owner reviews this.");
    const now = runtime.now();
    if (!(await tx.ownerLinks.review(linkId, userId, now))) return false;
    await tx.audit.insert(
      newEvent(now, {
        action: "break_glass.reviewed",
        actor: userId,
        target: linkId,
        address,
        detail: { usedBy: link.usedBy, usedAt: link.usedAt },
      }),
    );
    return true;
  });
}
