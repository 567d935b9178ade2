import { type AccessPolicy, decideAccess } from "../access/decide-access.ts";
import { isKeptOwner } from "../access/kept-owner.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import type { AdmitInput } from "./admission.ts";

/**
 * Why the rules would not let this user in by the account that has arrived; `null` = they would. Nothing that waits for
 * them is looked at, since nothing is handed out: only a sign-in derives roles.
 */
export async function whyNotAdmitted(
  runtime: Pick<Runtime, "settings">,
  tx: StoreTransaction,
  policy: AccessPolicy,
  arrival: Pick<AdmitInput, "provider" | "userInfo" | "facts">,
  userId: string,
): Promise<"not_allowed" | "email_unverified" | null> {
  const grants = await tx.grants.ofUser(userId);
  const directRoles = grants.filter(({ source }) => source === "direct").map(({ role }) => role);
  const decided = decideAccess(policy, { ...arrival, directRoles });
  if (decided.outcome === "allow" || (await isKeptOwner(runtime, tx, grants, decided))) return null;
  return decided.code;
}
