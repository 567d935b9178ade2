import { newEvent } from "../audit/new-event.ts";
import { newId } from "../crypto/random.ts";
import type { Identity } from "../model/identity.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { AdmitInput } from "./admission.ts";
import { LostRace } from "./lost-race.ts";

/** Their user and identity, made when they come for the first time, and brought up to date. Answers both ids. */
export async function keepPerson(
  tx: StoreTransaction,
  now: number,
  input: AdmitInput,
  known: User | null,
  identity: Identity | null,
): Promise<{ readonly userId: string; readonly identityId: string }> {
  if (known === null) {
    const userId = newId("usr_", now);
    const [, identityId] = await Promise.all([
      createUser(tx, now, input, userId),
      keepIdentity(tx, now, input, userId, identity),
    ]);
    return { userId, identityId };
  }
  const name = nameToKeep(input.userInfo, known, identity);
  const [identityId] = await Promise.all([
    keepIdentity(tx, now, input, known.id, identity),
    tx.users.update(known.id, { ...profileOf(input.userInfo), name, lastSignInAt: now }),
  ]);
  return { userId: known.id, identityId };
}

async function createUser(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo, visit }: AdmitInput,
  id: string,
): Promise<void> {
  const user: User = {
    id,
    ...profileOf(userInfo),
    status: "active",
    createdAt: now,
    lastSignInAt: now,
  };
  const created = newEvent(now, {
    action: "user.created",
    actor: id,
    target: id,
    address: visit.address,
    detail: { provider },
  });
  await Promise.all([tx.users.insert(user), tx.audit.insert(created)]);
}

function profileOf({ name, handle, email, picture }: UserInfo): Pick<User, "name" | "email" | "picture"> {
  return { name: name ?? handle, email, picture };
}

/** Some tell a name at the first consent only: it stays until another one is told. A handle that stood in for one follows. */
function nameToKeep({ name, handle }: UserInfo, known: User, identity: Identity | null): string | null {
  const hadName = known.name !== null && known.name !== identity?.handle;
  return name ?? (hadName ? known.name : handle);
}

async function keepIdentity(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo }: AdmitInput,
  userId: string,
  known: Identity | null,
): Promise<string> {
  const { issuer, subject, handle, email, emailVerified } = userInfo;
  if (known !== null) {
    // Found under an alias, it is kept under its new id from now on.
    const change = { handle, email, emailVerified, lastUsedAt: now, derivedAt: now, subject };
    await tx.identities.update(known.id, change);
    return known.id;
  }
  const id = newId("idn_", now);
  const identity: Identity = {
    id,
    userId,
    provider,
    issuer,
    subject,
    handle,
    email,
    emailVerified,
    createdAt: now,
    lastUsedAt: now,
  };
  if (!(await tx.identities.insert(identity, now))) throw new LostRace();
  return id;
}
