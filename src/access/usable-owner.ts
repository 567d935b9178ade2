import type { StoreTransaction } from "../model/store.ts";
import type { Settings } from "../options.ts";
import { liveProviders } from "./last-owner.ts";

/** True when the user is an active owner with an identity whose provider is configured. */
export async function isUsableOwner(
  tx: Pick<StoreTransaction, "users" | "grants" | "identities">,
  settings: Pick<Settings, "providers">,
  userId: string,
): Promise<boolean> {
  const user = await tx.users.get(userId);
  if (user?.status !== "active") return false;
  if (!(await tx.grants.ofUser(userId)).some(({ role }) => role === "owner")) return false;
  const live = liveProviders(settings);
  return (await tx.identities.ofUser(userId)).some(({ provider }) => live.includes(provider));
}
