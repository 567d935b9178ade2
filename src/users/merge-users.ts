import { lockPeople, rankOf } from "../access/actor-rights.ts";
import { endExpiredGrants } from "../access/end-expired-grants.ts";
import { isOfOwnerToCome, ownersToCome } from "../access/owners-to-come.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import type { ApiKey } from "../model/api-key.ts";
import type { Identity } from "../model/identity.ts";
import { type GrantSource, lastsLonger, type RoleGrant, type RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, type Ending, endAllSessionsWithin } from "../sessions/end-session.ts";
import { takeTokens } from "../vault/take-tokens.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/** What merging two people does, or would do. */
export interface Merge {
  /** Who is no more afterwards. */
  readonly from: User;
  readonly into: User;
  /** Move: they sign in as `into` from then on. */
  readonly identities: readonly Identity[];
  /** What `into` holds afterwards, and who of the two held it. */
  readonly roles: readonly MergedRole[];
  /** Of `from`: how many end. */
  readonly sessions: number;
  /** Of the accounts that move: how many kept tokens of a provider are lost, since they open for their person alone. */
  readonly tokens: number;
  /** API keys of `from`: they are for that person alone, and go. */
  readonly apiKeys: readonly Pick<ApiKey, "id" | "name">[];
}

export interface MergedRole {
  readonly role: RoleName;
  readonly source: GrantSource;
  readonly heldBy: "from" | "into" | "both";
  /** When it ends, in milliseconds since the epoch; `null` = never. Of two ends it is the later one. */
  readonly expiresAt: number | null;
  /** Of the grant that counts. */
  readonly reason: string | null;
}

/** What merging would do; nothing changes. @throws as `mergeUsers` does */
export async function previewMerge(
  runtime: Pick<Uses, "settings" | "store" | "now">,
  fromId: string,
  intoId: string,
  actor: string,
): Promise<Merge> {
  return runtime.store.transaction((tx) => plan(runtime, tx, fromId, intoId, actor));
}

/**
 * Makes one person of two: the accounts and the roles of `fromId` become those of `intoId`, its sessions end, and it is
 * no more, for good. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `user_not_found`; `merge_refused` for one's own account, for one and the same, and for a suspended one with one that
 * is not; `permission_denied` to whoever is no administrator, and no owner where one of the two is one or is about to be
 */
export async function mergeUsers(
  runtime: Uses,
  fromId: string,
  intoId: string,
  actor: string,
  reason?: string,
): Promise<Merge> {
  const { planned, ending } = await runtime.store.transaction(async (tx) => {
    // A role that is removed at this moment is not handed on.
    await tx.policy.hold();
    const planned = await plan(runtime, tx, fromId, intoId, actor);
    return { planned, ending: await carryOut(runtime, tx, planned, actor, reason) };
  });
  runtime.sessionCache.forgetUser(fromId);
  runtime.sessionCache.forgetUser(intoId);
  afterEnding(runtime, ending);
  return planned;
}

async function plan(
  runtime: Pick<Uses, "settings" | "now">,
  tx: StoreTransaction,
  fromId: string,
  intoId: string,
  actor: string,
): Promise<Merge> {
  if (fromId === intoId) throw refused("same_account", "These are one and the same account.");
  if (actor === fromId || actor === intoId)
    throw refused("own_account", "Somebody else has to merge your own account.");
  // Always in the same order: of two who merge the same pair the other way round, the second finds the first one done.
  const users = await lockPeople(tx, [fromId, intoId, actor]);
  await tx.grants.lockOwners();
  const [from, into] = [users.get(fromId) ?? null, users.get(intoId) ?? null];
  if (from === null) throw noSuchUser(fromId);
  if (into === null) throw noSuchUser(intoId);

  const roles = await mergedRoles(tx, fromId, intoId);
  const isOwners = roles.some(({ role }) => role === "owner");
  await requireMayMerge(runtime, tx, [fromId, intoId], actor, isOwners);
  // Whoever is suspended would come in by the other account, or would shut its person out with them.
  if (from.status !== into.status)
    throw refused("one_suspended", "One of the two is suspended. Suspend or reactivate one of them first.");
  const identities = await tx.identities.ofUser(fromId);
  const sessions = (await tx.sessions.ofUser(fromId)).length;
  const tokens = (await tx.tokens.ofUser(fromId)).length;
  const keys = await tx.apiKeys.list({ userId: fromId, limit: 200 });
  const apiKeys = keys.map(({ id, name }) => ({ id, name }));
  return { from, into, identities, roles, sessions, tokens, apiKeys };
}

async function requireMayMerge(
  { settings, now }: Pick<Uses, "settings" | "now">,
  tx: StoreTransaction,
  ids: readonly string[],
  actor: string,
  isOwners: boolean,
): Promise<void> {
  const rank = await rankOf(tx, actor);
  if (rank === "owner") return;
  if (rank !== "admin" || isOwners)
    throw denied("Administrators merge accounts, and only owners those of owners.");
  const awaited = await ownersToCome(tx, settings, now());
  const identities = await tx.identities.ofUsers(ids);
  if (
    awaited.some(({ userId }) => userId !== null && ids.includes(userId)) ||
    identities.some((identity) => isOfOwnerToCome(awaited, identity) !== "no")
  )
    throw denied(
      "One of these accounts is, or may be, that of somebody who becomes an owner at their next sign-in: only an owner merges them.",
    );
}

async function mergedRoles(
  tx: StoreTransaction,
  fromId: string,
  intoId: string,
): Promise<readonly MergedRole[]> {
  const key = ({ role, source }: RoleGrant) => JSON.stringify([role, source]);
  const merged = new Map<string, MergedRole>();
  for (const grant of await tx.grants.ofUser(intoId)) merged.set(key(grant), mergedRole(grant, "into"));
  for (const grant of await tx.grants.ofUser(fromId)) {
    const other = merged.get(key(grant));
    if (other === undefined) merged.set(key(grant), mergedRole(grant, "from"));
    else
      merged.set(key(grant), {
        ...(lastsLonger(grant, other) ? mergedRole(grant, "both") : other),
        heldBy: "both",
      });
  }
  return [...merged.values()];
}

function mergedRole(
  { role, source, expiresAt, reason }: RoleGrant,
  heldBy: MergedRole["heldBy"],
): MergedRole {
  return { role, source, heldBy, expiresAt, reason };
}

/** Gives what the other held, until when they held it. Answers what is new or lasts longer. */
async function giveRoles(
  tx: Pick<StoreTransaction, "grants">,
  now: number,
  userId: string,
  roles: readonly MergedRole[],
): Promise<readonly MergedRole[]> {
  const held = await tx.grants.ofUser(userId);
  const given: MergedRole[] = [];
  for (const one of roles) {
    const { role, source, expiresAt, reason } = one;
    const before = held.find((grant) => grant.role === role && grant.source === source);
    if (before?.expiresAt === expiresAt) continue;
    if (before === undefined)
      await tx.grants.insert({ userId, role, source, createdAt: now, expiresAt, reason });
    else await tx.grants.change({ userId, role, source }, { expiresAt, reason });
    given.push(one);
  }
  return given;
}

async function carryOut(
  runtime: Uses,
  tx: StoreTransaction,
  { from, into, identities, roles, sessions, apiKeys }: Merge,
  actor: string,
  reason: string | undefined,
): Promise<Ending> {
  const now = runtime.now();
  const by = { actor, reason: "merged", address: null, remark: reason } as const;
  const ended = await endAllSessionsWithin(runtime, tx, from.id, by);
  // Those that are over stand in the way of the ones that are not.
  for (const { id } of [from, into]) await endExpiredGrants(tx, now, id);
  const given = await giveRoles(tx, now, into.id, roles);
  // Sealed for their person: nobody else could open them.
  const lost = await takeTokens(
    runtime,
    tx,
    identities.map(({ id }) => id),
  );
  await tx.identities.move(from.id, into.id);
  await tx.accessRequests.move(from.id, into.id);
  await tx.invitations.move(from.id, into.id);
  await tx.ownerLinks.move(from.id, into.id);
  await tx.users.delete(from.id);

  const told = {
    identities: identities.map(({ provider, subject }) => `${provider}:${subject}`),
    roles: given.map(({ role, source, expiresAt }) => ({
      ...{ role, source },
      ...(expiresAt !== null && { expiresAt }),
    })),
    ...(reason !== undefined && { reason }),
  };
  // Both ids are to be found: one event for the account that is gone, one for the one that has grown.
  const { name, email } = from;
  await tx.audit.insert(
    newEvent(now, {
      action: "user.merged",
      actor,
      target: from.id,
      detail: { into: into.id, name, email, sessions, apiKeys, ...told },
    }),
  );
  await tx.audit.insert(
    newEvent(now, { action: "user.updated", actor, target: into.id, detail: { merged: from.id, ...told } }),
  );
  return { ...ended, taken: [...ended.taken, ...lost] };
}

function denied(message: string): PosternError {
  return new PosternError("permission_denied", message);
}

function refused(reason: string, message: string): PosternError {
  return new PosternError("merge_refused", message, { reason });
}
