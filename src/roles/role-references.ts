import type { Policy } from "../access/live-policy.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

/** How many are told; whoever has put these right asks again. */
const MOST_TOLD = 10;

/**
 * What would still give a role: rules, open invitations, roles that wait for somebody, requests that
 * were approved. Each as the command line calls it: `access[2]`, `rul_…`, `inv_…`, `pgr_…`, `arq_…`; a few of them when there are
 * many.
 */
export async function referencesTo(
  { now }: Pick<Runtime, "now">,
  tx: Pick<StoreTransaction, "invitations" | "pendingGrants" | "accessRequests">,
  { rules }: Pick<Policy, "rules">,
  role: RoleName,
): Promise<readonly string[]> {
  // Those that are switched off, too: switched on again they would give what is not there.
  const naming = rules.filter(({ rule }) => rule?.then === "allow" && rule.roles?.includes(role));
  const promises = (await tx.pendingGrants.list()).filter((grant) => grant.role === role);
  return [
    ...naming.map(({ name }) => name),
    ...promises.map(({ id }) => id),
    ...(await tx.invitations.openWith(role, now())),
    ...(await tx.accessRequests.approvedAs(role)),
  ].slice(0, MOST_TOLD);
}
