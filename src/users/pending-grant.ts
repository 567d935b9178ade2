import { requireMayGive } from "../access/actor-rights.ts";
import { endExpiredPromises } from "../access/end-expired-grants.ts";
import { type GivenBy, giveRole } from "../access/give-role.ts";
import { requireLastingOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { newId } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import type { PendingGrant } from "../model/pending-grant.ts";
import { lastsLonger, type RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Runtime } from "../runtime.ts";
import { expectationsOf, readExpectedPerson } from "./expected-person.ts";
import { requireFuture } from "./grant-role.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "now">;

/** A role that waits for somebody. */
export interface PromisedRole {
  readonly grant: PendingGrant;
  /** False = it waited already. */
  readonly created: boolean;
  /** False = it waited already, and until the same moment. */
  readonly changed: boolean;
}

/**
 * Promises a role to somebody who has never signed in: `who` is a verified e-mail, `provider:e-mail` or
 * `provider:subject`. They get it, as given by hand, when they first arrive, until the moment that is told (milliseconds
 * since the epoch); when that comes first, nobody waits any more. One that waits already gets the new end and the
 * new reason. Answers the grant that waits, whether it is new, and whether anything changed.
 * `reason` is the actor's own words: it will stand beside the role, and in the audit log.
 * @throws PosternError `unknown_role`, `user_not_found` when nobody could be recognised by that, `permission_denied`,
 * `last_owner` for an owner with an end where there is none without; RangeError for an end that is over
 */
export async function grantBeforeSignIn(
  runtime: Uses,
  who: string,
  role: RoleName,
  actor: string,
  reason?: string,
  until?: number,
): Promise<PromisedRole> {
  const person = readExpectedPerson(who, runtime.settings);
  if (person === null)
    throw new PosternError("user_not_found", `Nobody could be recognised by "${who}" when they sign in.`);
  const now = runtime.now();
  const wanted: PendingGrant = {
    ...person,
    id: newId("pgr_", now),
    role,
    createdAt: now,
    createdBy: actor,
    reason: reason ?? null,
    expiresAt: until ?? null,
  };
  requireFuture(until, now);
  return runtime.store.transaction(async (tx) => {
    (await runtime.policy.within(tx)).roles.requireKnownRole(role);
    await requireMayGive(tx, actor, [role]);
    if (role === "owner" && until !== undefined) await requireLastingOwner(tx, runtime.settings, null);
    await endExpiredPromises(tx, now);
    return promiseRole(tx, now, wanted, { actor }, "exactly");
  });
}

/**
 * Lets a role wait as part of a larger change, with its event. One that waits already becomes what is wanted: `exactly`,
 * or else only when that lasts longer.
 */
export async function promiseRole(
  tx: Pick<StoreTransaction, "pendingGrants" | "audit">,
  now: number,
  wanted: PendingGrant,
  { actor, detail = {} }: Omit<GivenBy, "address">,
  how: "exactly" | "at-least" = "at-least",
): Promise<PromisedRole> {
  if (await tx.pendingGrants.insert(wanted)) {
    const about = { ...told(wanted, wanted.reason ?? undefined), ...detail };
    const event = { action: "pending_grant.created", actor, target: wanted.id, detail: about } as const;
    await tx.audit.insert(newEvent(now, event));
    return { grant: wanted, created: true, changed: true };
  }
  const waiting = await tx.pendingGrants.findFor([wanted]);
  const before = waiting.find(({ role }) => role === wanted.role);
  if (before === undefined) throw new Error("A role that waits has gone while it was promised anew.");
  const { reason, expiresAt } = wanted;
  const isOther = how === "exactly" ? before.expiresAt !== expiresAt : lastsLonger(wanted, before);
  if (!isOther) return { grant: before, created: false, changed: false };
  const grant = { ...before, reason, expiresAt };
  await tx.pendingGrants.change(before.id, grant);
  const { provider, who, role } = before;
  await tx.audit.insert(
    newEvent(now, {
      action: "pending_grant.changed",
      actor,
      target: before.id,
      detail: {
        ...{ role, provider, who },
        ...{ before: { expiresAt: before.expiresAt }, after: { expiresAt } },
        ...(reason !== null && { reason }),
        ...detail,
      },
    }),
  );
  return { grant, created: false, changed: true };
}

/**
 * Takes back a role that waits for somebody. Answers false when it is not waiting any more.
 * @throws PosternError `permission_denied` to whoever may not give that role
 */
export async function revokePendingGrant(
  runtime: Pick<Runtime, "store" | "now">,
  { id, provider, who }: Pick<PendingGrant, "id" | "provider" | "who">,
  actor: string,
  reason?: string,
): Promise<boolean> {
  return runtime.store.transaction(async (tx) => {
    await requireMayGive(tx, actor, []);
    // As it is kept: nobody is to be believed about the role that they take back.
    const grant = (await tx.pendingGrants.findFor([{ provider, who }])).find((one) => one.id === id);
    if (grant === undefined) return false;
    await requireMayGive(tx, actor, [grant.role]);
    if (!(await tx.pendingGrants.delete(id))) return false;
    await tx.audit.insert(
      newEvent(runtime.now(), {
        action: "pending_grant.revoked",
        actor,
        target: grant.id,
        detail: told(grant, reason),
      }),
    );
    return true;
  });
}

/** What waits for somebody who has just arrived at this provider. */
export function findPendingGrants(
  tx: Pick<StoreTransaction, "pendingGrants">,
  provider: string,
  userInfo: Pick<UserInfo, "subject" | "email" | "emailVerified">,
): Promise<readonly PendingGrant[]> {
  return tx.pendingGrants.findFor(expectationsOf(provider, userInfo));
}

/** Turns what was waiting into grants by hand, without shortening what is held. Answers false when one of them was taken back or used meanwhile. */
export async function applyPendingGrants(
  tx: Pick<StoreTransaction, "pendingGrants" | "grants" | "audit">,
  now: number,
  userId: string,
  waiting: readonly PendingGrant[],
): Promise<boolean> {
  for (const grant of waiting) {
    const { id, role, createdBy, reason, expiresAt } = grant;
    if (!(await tx.pendingGrants.delete(id))) return false;
    const gift = { userId, role, source: "direct", createdAt: now, reason, expiresAt } as const;
    const by = { actor: "system", detail: { pendingGrant: id, grantedBy: createdBy } };
    if (await giveRole(tx, now, gift, by)) continue;
    const event = { action: "pending_grant.needless", actor: "system", target: id } as const;
    await tx.audit.insert(newEvent(now, { ...event, detail: { ...told(grant, undefined), user: userId } }));
  }
  return true;
}

function told({ provider, who, role, expiresAt }: PendingGrant, reason: string | undefined) {
  return {
    ...{ role, provider, who },
    ...(expiresAt !== null && { expiresAt }),
    ...(reason !== undefined && { reason }),
  };
}
