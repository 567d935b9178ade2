import { foldEmail } from "../access/email.ts";
import { endExpiredPromises } from "../access/end-expired-grants.ts";
import { newId } from "../crypto/random.ts";
import type { ExpectedPerson } from "../model/pending-grant.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import { readExpectedPerson } from "../users/expected-person.ts";
import { promiseRole } from "../users/pending-grant.ts";
import { checkRoles, stillToCome } from "./check-roles.ts";
import type { ImportContext, Outcome } from "./import-context.ts";
import type { CarriedGrant } from "./transfer-record.ts";
import { addRoles } from "./update-user.ts";

/**
 * Lets roles wait for somebody of whom only an e-mail or an id at a provider is known, as `postern users grant` does.
 * Whoever is here already and certainly is that person is treated as somebody who is here.
 */
export async function importGrant(context: ImportContext, record: CarriedGrant): Promise<Outcome> {
  const { runtime, tx, wish } = context;
  const person = readExpectedPerson(record.who, runtime.settings);
  if (person === null) return { action: "failed", problem: { code: "not_recognisable", about: record.who } };
  if (record.roles.length === 0) return { action: "failed", problem: { code: "no_role" } };
  const problem = checkRoles(context, record.roles);
  if (problem !== null) return { action: "failed", problem };

  const here = await findHere(tx, person);
  if (here === "unsure") return { action: "failed", problem: { code: "unsure", about: record.who } };
  if (here === null) {
    // They would come back with it at their next sign-in.
    const isGone = await context.deleted.has(tx, person);
    return isGone ? { action: "failed", problem: { code: "deleted" } } : letWait(context, record, person);
  }
  if (wish.onConflict === "fail") return { action: "failed", problem: { code: "exists" } };
  if (wish.onConflict !== "update" || (await tx.users.lock(here)) === null)
    return { action: "skipped", userId: here };
  const roles = await addRoles(context, here, record.roles);
  return { action: roles.length === 0 ? "skipped" : "updated", userId: here, roles };
}

/** Anybody can give an address that is not theirs: only one that a provider has confirmed tells who they are. */
async function findHere(
  tx: StoreTransaction,
  { provider, who }: ExpectedPerson,
): Promise<string | "unsure" | null> {
  if (!who.includes("@")) {
    const found = await tx.identities.findByHandle(provider ?? "", who);
    const users = new Set(found.filter(({ subject }) => subject === who).map(({ userId }) => userId));
    const [userId = null, ...others] = users;
    return others.length > 0 ? "unsure" : userId;
  }
  const namesakes = await tx.users.find(who);
  const confirmed: string[] = [];
  for (const { id } of namesakes) {
    const identities = await tx.identities.ofUser(id);
    const isConfirmed = identities.some(
      (one) =>
        one.emailVerified === true &&
        foldEmail(one.email) === who &&
        (provider === null || one.provider === provider),
    );
    if (isConfirmed) confirmed.push(id);
  }
  const [userId, ...others] = confirmed;
  if (others.length > 0) return "unsure";
  if (userId !== undefined) return userId;
  return namesakes.length > 0 && provider === null ? "unsure" : null;
}

async function letWait(
  { tx, now, actor, importId, wish }: ImportContext,
  { roles, reason }: CarriedGrant,
  person: ExpectedPerson,
): Promise<Outcome> {
  const given: RoleName[] = [];
  await endExpiredPromises(tx, now);
  for (const { role, createdAt, expiresAt = null } of stillToCome(roles, now)) {
    const grant = {
      ...person,
      id: newId("pgr_", createdAt ?? now),
      role,
      createdAt: createdAt ?? now,
      createdBy: actor,
      reason: reason ?? wish.reason ?? null,
      expiresAt,
    };
    const { changed } = await promiseRole(tx, now, grant, { actor, detail: { import: importId } });
    if (changed) given.push(role);
  }
  return given.length === 0 ? { action: "skipped" } : { action: "waiting", roles: given };
}
