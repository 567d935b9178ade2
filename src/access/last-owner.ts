import { PosternError } from "../errors.ts";
import type { StoreTransaction } from "../model/store.ts";

/**
 * Refuses a change that would leave the back office without an owner. Takes the owners' lock, so that two
 * administrators who remove each other at the same moment cannot both succeed.
 * @throws PosternError `last_owner`
 */
export async function refuseLosingLastOwner(
  tx: Pick<StoreTransaction, "grants" | "users">,
  userId: string,
): Promise<void> {
  if (await isLastOwner(tx, userId)) {
    throw new PosternError(
      "last_owner",
      "This is the only owner who can sign in. Make somebody else an owner first.",
    );
  }
}

/** True when the user is the only active owner. Takes the owners' lock. */
export async function isLastOwner(
  tx: Pick<StoreTransaction, "grants" | "users">,
  userId: string,
): Promise<boolean> {
  await tx.grants.lockOwners();
  const user = await tx.users.get(userId);
  const isOwner = (await tx.grants.ofUser(userId)).some(({ role }) => role === "owner");
  return isOwner && user?.status === "active" && (await tx.grants.countActiveHolders("owner")) <= 1;
}
