import type { Policy } from "../access/live-policy.ts";
import { PosternError } from "../errors.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

/** How many are told; whoever has put these right asks again. */
const MOST_TOLD = 10;

/** How many people an audit event names; it tells how many there were. */
export const MOST_NAMED = 50;
/** Nobody holds a role for more reasons than there are sources. */
const MOST_GRANTS = MOST_NAMED * 4;

/**
 * What would still give a role: rules, open invitations, roles that wait for somebody, requests that were approved. Each as
 * the command line calls it: `access[2]`, `rul_…`, `inv_…`, `pgr_…`, `arq_…`; a few of them when there are many.
 */
export async function referencesTo(
  { now }: Pick<Runtime, "now">,
  tx: Pick<StoreTransaction, "invitations" | "pendingGrants" | "accessRequests">,
  { rules }: Pick<Policy, "rules">,
  role: RoleName,
): Promise<readonly string[]> {
  // Those that are switched off, too: switched on again they would give what is not there.
  // One that makes no sense any more may hold anything in the place of its roles.
  const naming = rules.filter(
    ({ rule }) => rule?.then === "allow" && Array.isArray(rule.roles) && rule.roles.includes(role),
  );
  const promises = (await tx.pendingGrants.list()).filter((grant) => grant.role === role);
  return [
    ...naming.map(({ name }) => name),
    ...promises.map(({ id }) => id),
    ...(await tx.invitations.openWith(role, now())),
    ...(await tx.accessRequests.approvedAs(role)),
  ].slice(0, MOST_TOLD);
}

/** What an earlier role has left under a name that no role has now: a new one of that name would be theirs. */
export interface Remains {
  /** How many people hold it. */
  readonly holders: number;
  /** Some of them. */
  readonly people: readonly string[];
  /** What would give it to others. */
  readonly givenBy: readonly string[];
}

/**
 * Roles of the database leave nothing behind. One that goes out of the configuration does: nobody can tell a deployment
 * that people still hold it.
 */
export async function remainsOf(
  runtime: Pick<Runtime, "now">,
  tx: Pick<StoreTransaction, "grants" | "invitations" | "pendingGrants" | "accessRequests">,
  policy: Pick<Policy, "rules">,
  role: RoleName,
): Promise<Remains> {
  const people = new Set((await tx.grants.ofRole(role, MOST_GRANTS)).map(({ userId }) => userId));
  return {
    holders: await tx.grants.countHolders(role),
    people: [...people].slice(0, MOST_NAMED),
    givenBy: await referencesTo(runtime, tx, policy, role),
  };
}

/** @throws PosternError `role_in_use`; its reason says what is left, a few of them when there is much */
export function requireNothingLeft(role: RoleName, { holders, people, givenBy }: Remains): void {
  const left = [...givenBy, ...people];
  if (left.length === 0) return;
  const reason = left.slice(0, MOST_TOLD).join(", ");
  throw new PosternError(
    "role_in_use",
    `There was a role "${role}" before, and ${holders} hold it. A new one would be theirs (adopt). Left of it: ${reason}.`,
    { reason },
  );
}
