import { isOfOwnerToCome } from "../access/owners-to-come.ts";
import { newEvent } from "../audit/new-event.ts";
import { newId } from "../crypto/random.ts";
import type { User } from "../model/user.ts";
import { checkRoles, stillToCome } from "./check-roles.ts";
import type { ImportContext, Outcome } from "./import-context.ts";
import type { CarriedIdentity, CarriedUser, RowProblem } from "./transfer-record.ts";
import { updateUser } from "./update-user.ts";

/**
 * Takes over a person with their identities and the roles given by hand. An identity that leads to somebody else stays
 * theirs, one that leads to nobody is never added to somebody who is here: only they themselves link accounts.
 */
export async function importUser(context: ImportContext, record: CarriedUser): Promise<Outcome> {
  const { tx, wish } = context;
  const problem = checkRoles(context, record.roles);
  if (problem !== null) return failed(problem);

  const holders: (string | null)[] = [];
  for (const key of record.identities) holders.push((await tx.identities.find(key))?.userId ?? null);
  const known = new Set(holders.filter((holder) => holder !== null));
  const byId = record.id === null ? null : await tx.users.get(record.id);
  if (byId !== null) known.add(byId.id);
  const [userId, ...others] = known;
  if (others.length > 0) return failed({ code: "identity_elsewhere" });

  if (userId === undefined) {
    if (await wasDeleted(context, record)) return failed({ code: "deleted" });
    if (concernsOwnerToCome(context, record)) return failed({ code: "owner_to_come" });
    return createUser(context, record);
  }
  if (holders.includes(null)) return failed({ code: "identity_not_linked" });
  if (wish.onConflict === "fail") return failed({ code: "exists" });
  return wish.onConflict === "update" ? updateUser(context, userId, record) : { action: "skipped", userId };
}

/** Whoever was deleted is brought back by restoring them, and by nothing else. */
async function wasDeleted(
  { tx, deleted }: Pick<ImportContext, "tx" | "deleted">,
  { id, identities }: CarriedUser,
): Promise<boolean> {
  if (id !== null && (await tx.deletedUsers.find(id)).length > 0) return true;
  for (const identity of identities) if (await deleted.has(tx, identity)) return true;
  return false;
}

/**
 * Whoever is to become an owner would come in as the one whom the file makes: together with whose other identity stands
 * beside theirs, or shut out. What it says of e-mails is no proof then that it is not about them.
 */
function concernsOwnerToCome(
  { ownersToCome }: Pick<ImportContext, "ownersToCome">,
  { identities, status }: CarriedUser,
): boolean {
  if (ownersToCome === null) return false;
  const isHarmless = identities.length === 1 && status === "active";
  return identities.some((identity) => {
    const answer = isOfOwnerToCome(ownersToCome, { ...identity, emailVerified: null });
    return answer === "yes" || (answer === "cannot_tell" && !isHarmless);
  });
}

async function createUser(context: ImportContext, record: CarriedUser): Promise<Outcome> {
  const { tx, now, actor, importId, wish, ownersToCome } = context;
  const { name, email, picture, status, lastSignInAt, roles } = record;
  // Whether an address is somebody's own, no administrator says in the name of a provider: their next sign-in does.
  const identities: readonly CarriedIdentity[] =
    ownersToCome === null
      ? record.identities
      : record.identities.map((identity) => ({ ...identity, emailVerified: null }));
  const createdAt = record.createdAt ?? now;
  const user: User = {
    id: record.id ?? newId("usr_", createdAt),
    name,
    email,
    picture,
    status,
    createdAt,
    lastSignInAt,
  };
  await tx.users.insert(user);
  for (const identity of identities) {
    const since = identity.createdAt ?? createdAt;
    const isNew = await tx.identities.insert({
      ...identity,
      id: newId("idn_", since),
      userId: user.id,
      createdAt: since,
      lastUsedAt: identity.lastUsedAt ?? since,
    });
    // Somebody has signed in with it at this very moment; nothing of the batch is kept, and the next run finds them.
    if (!isNew)
      throw new Error(`${identity.provider}:${identity.subject} has come in meanwhile. Import again.`);
  }
  const lasting = stillToCome(roles, now);
  for (const { role, createdAt: since, expiresAt = null, reason = null } of lasting) {
    const gift = { userId: user.id, role, source: "direct", createdAt: since ?? now } as const;
    await tx.grants.insert({ ...gift, expiresAt, reason });
  }
  const given = lasting.map(({ role }) => role);
  const ends = lasting.flatMap(({ role, expiresAt = null }) =>
    expiresAt === null ? [] : [{ role, expiresAt }],
  );
  await tx.audit.insert(
    newEvent(now, {
      action: "user.imported",
      actor,
      target: user.id,
      detail: {
        import: importId,
        status,
        identities: identities.map(({ provider, subject }) => `${provider}:${subject}`),
        roles: given,
        ...(ends.length > 0 && { ends }),
        ...(wish.reason !== undefined && { reason: wish.reason }),
      },
    }),
  );
  return { action: "created", userId: user.id, roles: given };
}

function failed(problem: RowProblem): Outcome {
  return { action: "failed", problem };
}
