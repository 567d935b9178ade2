import { sha256 } from "../crypto/hash.ts";
import type { Principal } from "../model/principal.ts";
import type { RoleCatalogue } from "../model/role-catalogue.ts";
import { isAhead, isExpired, type SessionSnapshot } from "../model/session.ts";
import type { ReadMark, SharedSession } from "../model/shared-memory.ts";
import type { Runtime } from "../runtime.ts";
import { rfc3339 } from "./rfc3339.ts";
import type { CachedSession } from "./session-cache.ts";
import { isVouchedFor } from "./vouched-for.ts";

type Uses = Pick<
  Runtime,
  "store" | "providers" | "sessionCache" | "settings" | "policy" | "lastSeen" | "operation" | "now"
>;

/** 32 random bytes in base64url: anything else cannot be a secret of ours and is not looked up. */
const SECRET_LENGTH = 43;

/**
 * Who holds this session secret: THE HOT PATH, run at every request of the application.
 * Answers at once from the cache or from SQLite, and with a promise otherwise; `null` = nobody, for whatever reason.
 * @throws PosternError `store_unavailable`
 */
export function authenticate(
  runtime: Uses,
  secret: string | null,
): Principal | null | Promise<Principal | null> {
  if (secret === null) return null;
  const { sessionChecks } = runtime.operation.metrics;
  if (secret.length !== SECRET_LENGTH) {
    sessionChecks.refused++;
    return null;
  }
  const secretHash = sha256(secret);
  const now = runtime.now();

  const cached = runtime.sessionCache.get(secretHash);
  if (cached !== undefined && !isExpired(cached, runtime.settings.session, now)) {
    sessionChecks.hit++;
    return seen(runtime, cached, now);
  }

  const shared = runtime.sessionCache.shared?.find(secretHash) ?? null;
  if (shared === null) return read(runtime, secretHash, now);
  return shared.then(async (found) => {
    const principal = found === null ? null : await believe(runtime, secretHash, found, now);
    return principal ?? read(runtime, secretHash, now);
  });
}

/** From the store; others may have what was read. */
function read(runtime: Uses, secretHash: string, now: number): Principal | null | Promise<Principal | null> {
  const { sessionCache, store } = runtime;
  const { sessionChecks } = runtime.operation.metrics;
  const mark = sessionCache.beginRead();
  const witnesses = sessionCache.shared?.witnesses() ?? [];
  const enter = (snapshot: SessionSnapshot | null): Principal | null | Promise<Principal> => {
    if (snapshot === null || !mayEnter(runtime, snapshot, now)) {
      sessionChecks.refused++;
      return null;
    }
    sessionChecks.read++;
    sessionCache.shared?.put(secretHash, snapshot, witnesses);
    const keep = (roles: RoleCatalogue): Principal => {
      const entry = toEntry(runtime, roles, snapshot, mark);
      sessionCache.put(secretHash, entry);
      return seen(runtime, entry, now);
    };
    const roles = rolesFor(runtime, snapshot);
    return roles instanceof Promise ? roles.then(keep) : keep(roles);
  };
  const snapshot = store.sessions.findBySecretHash(secretHash);
  return snapshot instanceof Promise ? snapshot.then(enter) : enter(snapshot);
}

/**
 * What another process has read, if it is new enough and nothing of it was forgotten meanwhile; `null` = look for yourself.
 * It lets people in and never keeps anybody out: a refusal is the store's to give.
 */
async function believe(
  runtime: Uses,
  secretHash: string,
  { snapshot, mark }: SharedSession,
  now: number,
): Promise<Principal | null> {
  if (!mayEnter(runtime, snapshot, now)) return null;
  const entry = toEntry(runtime, await rolesFor(runtime, snapshot), snapshot, mark);
  runtime.sessionCache.put(secretHash, entry);
  const kept = runtime.sessionCache.get(secretHash);
  if (kept === undefined || isExpired(kept, runtime.settings.session, now)) return null;
  runtime.operation.metrics.sessionChecks.shared++;
  return seen(runtime, kept, now);
}

/** The session tells which policy stands beside it: what its roles give is never told by an older one. */
function rolesFor(
  { policy }: Pick<Uses, "policy">,
  { policyVersion }: SessionSnapshot,
): RoleCatalogue | Promise<RoleCatalogue> {
  const known = policy.since(policyVersion);
  return known instanceof Promise ? known.then(({ roles }) => roles) : known.roles;
}

/** Not when the session has ended, nor when its person may not come in, nor when nobody vouches for them any more. */
function mayEnter(runtime: Uses, { session, user }: SessionSnapshot, now: number): boolean {
  if (user.status !== "active" || isExpired(session, runtime.settings.session, now)) return false;
  if (isAhead(session, now)) return false;
  if (isVouchedFor(runtime, session)) return true;
  runtime.lastSeen.noteTurnedAway(session);
  return false;
}

function toEntry(
  uses: Pick<Uses, "providers">,
  catalogue: RoleCatalogue,
  snapshot: SessionSnapshot,
  mark: ReadMark,
): CachedSession {
  const { session } = snapshot;
  return {
    principal: principalOf(uses, catalogue, snapshot),
    expiresAt: Math.min(session.expiresAt, snapshot.rolesUntil ?? session.expiresAt),
    lastSeenAt: session.lastSeenAt,
    readAt: mark.at,
    epoch: mark.epoch,
  };
}

/** Builds what handlers see; frozen, since requests share it. */
function principalOf(
  { providers }: Pick<Uses, "providers">,
  catalogue: RoleCatalogue,
  { session, user, roles }: SessionSnapshot,
): Principal {
  const rights = catalogue.rightsOf(roles);
  const createdAt = rfc3339(session.createdAt);
  return Object.freeze({
    user: Object.freeze({
      id: user.id,
      name: user.name,
      email: user.email,
      picture: user.picture,
      roles: rights.roles,
      permissions: rights.permissions,
    }),
    session: Object.freeze({
      id: session.id,
      createdAt,
      // The same moment for all who have not stepped up since, or have just come: written and kept once.
      authenticatedAt:
        session.authenticatedAt === session.createdAt ? createdAt : rfc3339(session.authenticatedAt),
      lastSeenAt: session.lastSeenAt === session.createdAt ? createdAt : rfc3339(session.lastSeenAt),
      expiresAt: rfc3339(session.expiresAt),
      // One text for all who came by it, instead of one for each row.
      provider: providers.get(session.provider)?.id ?? session.provider,
    }),
  });
}

/** Notes the visit, in the cache at once and in the store about once a minute. */
function seen(runtime: Uses, entry: CachedSession, now: number): Principal {
  if (now > entry.lastSeenAt) {
    if (runtime.lastSeen.note(entry.principal.session.id, entry.lastSeenAt, now)) entry.lastSeenAt = now;
  }
  return entry.principal;
}
