import { giveRole } from "../access/give-role.ts";
import type { AccessRequest } from "../model/access-request.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import { findRequest, isMeantFor, type KnownAs } from "./standing.ts";

/** A request that was approved and whose role has not been handed out yet. */
export type Approval = AccessRequest & { readonly role: RoleName };

/** What waits for somebody who has just arrived; `userId` is who they are here, `null` = nobody yet. */
export async function findApproval(
  tx: Pick<StoreTransaction, "accessRequests">,
  person: KnownAs,
  userId: string | null,
): Promise<Approval | null> {
  const request = await findRequest(tx, person);
  if (request === null || request.status !== "approved" || request.enteredAt !== null) return null;
  if (!isMeantFor(request, userId)) return null;
  const { role } = request;
  return role === null ? null : { ...request, role };
}

/** Hands out the role for good, once; answers whether it was this time. */
export async function applyApproval(
  tx: Pick<StoreTransaction, "accessRequests" | "grants" | "audit">,
  now: number,
  userId: string,
  { id, role, decidedBy }: Approval,
): Promise<boolean> {
  if (!(await tx.accessRequests.enter(id, now))) return false;
  const gift = { userId, role, source: "direct", createdAt: now } as const;
  await giveRole(tx, now, gift, {
    actor: "system",
    detail: { accessRequest: id, grantedBy: decidedBy },
  });
  return true;
}
