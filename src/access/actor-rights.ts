import { PosternError } from "../errors.ts";
import { effectiveRoles, type RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User, UserReader } from "../model/user.ts";

type Reads = { readonly users: Pick<UserReader, "get"> } & {
  readonly grants: Pick<StoreTransaction["grants"], "ofUser">;
};
type Locks = Pick<StoreTransaction, "users" | "grants">;

/** What somebody may do about people, roles and rules: owners everything, administrators nothing about owners. */
export type Rank = "owner" | "admin";

/** True for a person; every other actor is the application's own code or somebody on the server, and is trusted. */
export function isUser(actor: string): boolean {
  return actor.startsWith("usr_");
}

/** What somebody may do, as things are now; `null` = nothing. It may be over by the next statement: see `lockRank`. */
export async function rankOf(tx: Reads, actor: string): Promise<Rank | null> {
  const held = await rolesInForce(tx, actor);
  return held.has("owner") ? "owner" : held.has("admin") ? "admin" : null;
}

/**
 * The same, and it stays so until the transaction ends: whoever is being demoted or shut out at this moment is told so,
 * or is demoted afterwards. Behind the lock of the policy, before the one of the owners; where the rows of others are
 * locked as well, `lockPeople` takes all of them first.
 */
export async function lockRank(tx: Locks, actor: string): Promise<Rank | null> {
  await lockPeople(tx, [actor]);
  return rankOf(tx, actor);
}

/**
 * Locks the rows of these people, in the order of their ids, so that two who change each other do not wait for each other
 * for ever. Answers who is there. An actor that is no person has no row.
 */
export async function lockPeople(
  tx: Pick<StoreTransaction, "users">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, User>> {
  const people = new Map<string, User>();
  for (const id of [...new Set(ids)].filter(isUser).sort()) {
    const user = await tx.users.lock(id);
    if (user !== null) people.set(id, user);
  }
  return people;
}

/** Whether somebody with that rank gives and takes these roles: only owners make and unmake owners. */
export function mayGive(rank: Rank | null, roles: readonly RoleName[]): boolean {
  return rank === "owner" || (rank === "admin" && !roles.includes("owner"));
}

/**
 * Refuses a user who may not give these roles to others or take them away; without any role, whoever is no administrator.
 * Locks the actor.
 * @throws PosternError `permission_denied`
 */
export async function requireMayGive(tx: Locks, actor: string, roles: readonly RoleName[]): Promise<void> {
  if (mayGive(await lockRank(tx, actor), roles)) return;
  throw denied(`"${actor}" may not give or take ${roles.length === 0 ? "roles" : roles.join(", ")}.`);
}

/** Refuses a user who is no active administrator. Locks the actor. @throws PosternError `permission_denied` */
export async function requireAdministrator(tx: Locks, actor: string): Promise<Rank> {
  const rank = await lockRank(tx, actor);
  if (rank === null) throw denied(`"${actor}" is no administrator.`);
  return rank;
}

/** Refuses a user who is no active owner. Locks the actor. @throws PosternError `permission_denied` */
export async function requireOwner(tx: Locks, actor: string): Promise<void> {
  if ((await lockRank(tx, actor)) !== "owner") throw denied(`"${actor}" is no owner.`);
}

/**
 * Refuses a user who may not see everybody: neither auditor nor administrator. Locks the actor.
 * @throws PosternError `permission_denied`
 */
export async function requireMayReadAll(tx: Locks, actor: string): Promise<void> {
  await lockPeople(tx, [actor]);
  const held = await rolesInForce(tx, actor);
  if (!held.has("admin") && !held.has("auditor")) throw denied(`"${actor}" may not see everybody.`);
}

/**
 * Refuses a user who may not shut somebody out, let them in again, end their sessions or take away their ways in:
 * administrators may, but only owners may do so to an owner, since whoever could shut owners out would rule in their place.
 * Locks both; answers whom it is about, `null` = nobody.
 * @throws PosternError `permission_denied`
 */
export async function requireMayActOn(tx: Locks, actor: string, userId: string): Promise<User | null> {
  const people = await lockPeople(tx, [actor, userId]);
  const rank = await rankOf(tx, actor);
  if (rank === null) throw denied(`"${actor}" may not do that to others.`);
  if (!(await mayActOn(tx, rank, userId))) throw denied("Only an owner may do that to an owner.");
  return people.get(userId) ?? null;
}

/** Whether somebody with that rank acts on this person. An owner who is suspended is one again once they are let in. */
export async function mayActOn(
  tx: Pick<Reads, "grants">,
  rank: Rank | null,
  userId: string,
): Promise<boolean> {
  return rank === "owner" || (rank === "admin" && !(await isOwner(tx, userId)));
}

/**
 * The same for what everybody may do to themselves, as long as they are not shut out.
 * @throws PosternError `permission_denied`
 */
export async function requireMayActOnOrSelf(tx: Locks, actor: string, userId: string): Promise<User | null> {
  if (actor !== userId) return requireMayActOn(tx, actor, userId);
  const self = (await lockPeople(tx, [userId])).get(userId) ?? null;
  if (self?.status === "suspended") throw denied("Whoever is suspended changes nothing.");
  return self;
}

async function isOwner(tx: Pick<Reads, "grants">, userId: string): Promise<boolean> {
  return (await tx.grants.ofUser(userId)).some(({ role }) => role === "owner");
}

async function rolesInForce(tx: Reads, actor: string): Promise<ReadonlySet<RoleName>> {
  if (!isUser(actor)) return effectiveRoles(["owner"]);
  if ((await tx.users.get(actor))?.status !== "active") return new Set();
  return effectiveRoles((await tx.grants.ofUser(actor)).map(({ role }) => role));
}

function denied(message: string): PosternError {
  return new PosternError("permission_denied", message);
}
