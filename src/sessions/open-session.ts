import { sha256 } from "../crypto/hash.ts";
import { newId, randomToken } from "../crypto/random.ts";
import { isExpired, type Session } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";
import { type Ending, endSessionsWithin } from "./end-session.ts";

type Uses = Pick<Runtime, "settings" | "sealer" | "now">;

/** A session that is about to begin. */
export interface NewSession {
  /** For the session cookie; only its hash is kept. */
  readonly secret: string;
  readonly session: Session;
}

/** The browser that a session is opened in. */
export interface OpeningBrowser {
  readonly visit: Visit;
  /** SHA-256 of the secret of the session that it had. Default: the cookie of the visit tells. */
  readonly formerSession?: string | null;
}

/**
 * The session that this browser has, which ends when another one is opened. Locks its person and the one who comes in, in
 * order: of two browsers that change hands the other way round, one waits for the other and not each for each.
 */
export async function lockFormerSession(
  runtime: Pick<Runtime, "settings">,
  tx: Pick<StoreTransaction, "sessions" | "users">,
  { visit, formerSession = null }: OpeningBrowser,
  userId: string | null,
): Promise<Session | null> {
  const secret = readCookie(visit.cookies, runtime.settings.cookies.session);
  const hash = secret === null ? formerSession : sha256(secret);
  const former = hash === null ? null : await tx.sessions.findBySecretHash(hash);
  if (former === null || former.session.userId === userId) return former?.session ?? null;
  const people = [former.session.userId, ...(userId === null ? [] : [userId])];
  for (const id of people.sort()) await tx.users.lock(id);
  return former.session;
}

/** A session with a secret of its own, for `openSession`. */
export function newSession(
  { settings, now }: Pick<Runtime, "settings" | "now">,
  who: Pick<Session, "userId" | "provider" | "identityId">,
  { userAgent, address }: Visit,
): NewSession {
  const at = now();
  const secret = randomToken();
  const session: Session = {
    ...who,
    id: newId("ses_", at),
    secretHash: sha256(secret),
    createdAt: at,
    authenticatedAt: at,
    lastSeenAt: at,
    expiresAt: at + settings.session.absolute,
    userAgent: userAgent?.slice(0, 512) ?? null,
    address,
  };
  return { secret, session };
}

/**
 * Opens a session in this browser; the one it had before ends. The caller makes the cache forget the user and, once the
 * transaction is committed, does what is left to do for the former one: see `afterEnding`.
 */
export async function openSession(
  runtime: Uses,
  tx: Pick<StoreTransaction, "sessions" | "users" | "tokens" | "audit">,
  session: Session,
  { visit, former }: { readonly visit: Visit; readonly former: Session | null },
): Promise<Ending> {
  const [ending] = await Promise.all([
    endFormer(runtime, tx, former, session.userId, visit),
    tx.sessions.deleteExpired(session.userId, session.createdAt),
    tx.sessions.insert(session),
  ]);
  return ending;
}

/**
 * Whoever signs in once more in the same browser goes on, and what comes in tells of it. Somebody else in their place has
 * signed them out.
 */
async function endFormer(
  runtime: Uses,
  tx: Pick<StoreTransaction, "sessions" | "users" | "tokens" | "audit">,
  former: Session | null,
  userId: string,
  { address }: Visit,
): Promise<Ending> {
  if (former === null) return { sessions: [], taken: [] };
  if (former.userId === userId || isExpired(former, runtime.settings.session, runtime.now()))
    return { sessions: await tx.sessions.delete([former.id]), taken: [] };
  return endSessionsWithin(runtime, tx, [former.id], { actor: userId, reason: "replaced", address });
}
