import { sha256 } from "../crypto/hash.ts";
import { newId, randomToken } from "../crypto/random.ts";
import type { Session } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";

type Uses = Pick<Runtime, "settings" | "cookies" | "now">;

/** A session that has just begun. */
export interface OpenedSession {
  /** For the session cookie; only its hash is kept. */
  readonly secret: string;
  readonly id: string;
  /** The session that this browser had before, now ended. */
  readonly replaced: string | null;
}

/** The browser that a session is opened in. */
export interface OpeningBrowser {
  readonly visit: Visit;
  /** SHA-256 of the secret of the session that it had. Default: the cookie of the visit tells. */
  readonly formerSession?: string | null;
}

/**
 * Opens a session in this browser, with a secret of its own; the one it had before ends. The caller makes the cache
 * forget the user, and what was replaced, once the transaction is committed.
 */
export async function openSession(
  runtime: Uses,
  tx: Pick<StoreTransaction, "sessions">,
  who: Pick<Session, "userId" | "provider" | "identityId">,
  browser: OpeningBrowser,
): Promise<OpenedSession> {
  const now = runtime.now();
  const { visit } = browser;
  const replaced = await endFormerSessions(runtime, tx, browser, who.userId);
  const secret = randomToken();
  const id = newId("ses_", now);
  await tx.sessions.insert({
    ...who,
    id,
    secretHash: sha256(secret),
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    expiresAt: now + runtime.settings.session.absolute,
    userAgent: visit.userAgent?.slice(0, 512) ?? null,
    address: visit.address,
  });
  return { secret, id, replaced };
}

/** Ends the browser's own former session and clears away the user's expired ones. Answers the id of the former. */
async function endFormerSessions(
  runtime: Uses,
  tx: Pick<StoreTransaction, "sessions">,
  { visit, formerSession = null }: OpeningBrowser,
  userId: string,
): Promise<string | null> {
  const now = runtime.now();
  const expired = (await tx.sessions.ofUser(userId))
    .filter(({ expiresAt }) => expiresAt <= now)
    .map(({ id }) => id);
  if (expired.length > 0) await tx.sessions.delete(expired);

  const secret = readCookie(visit.cookies, runtime.cookies.session);
  const hash = secret === null ? formerSession : sha256(secret);
  const former = hash === null ? null : await tx.sessions.findBySecretHash(hash);
  if (former === null) return null;
  await tx.sessions.delete([former.session.id]);
  return former.session.id;
}
