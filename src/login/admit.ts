import { type AccessDecision, decideAccess } from "../access/decide-access.ts";
import { deriveRoles } from "../access/derive-roles.ts";
import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId, newReference, randomToken } from "../crypto/random.ts";
import type { ErrorCode } from "../errors.ts";
import type { Identity } from "../model/identity.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { readCookie } from "../web/cookies.ts";

type Uses = Pick<Runtime, "settings" | "store" | "sessionCache" | "cookies" | "now">;

export interface AdmitInput {
  /** Provider instance id. */
  readonly provider: string;
  readonly userInfo: UserInfo;
  /** What the provider answered about memberships. */
  readonly facts: readonly MembershipFact[];
  readonly visit: Visit;
}

export type Admission =
  | {
      readonly kind: "admitted";
      readonly secret: string;
      readonly userId: string;
      /** The session that this browser had before, now ended. */
      readonly replaced: string | null;
    }
  | {
      readonly kind: "refused";
      readonly code: Extract<ErrorCode, "not_allowed" | "email_unverified" | "suspended" | "no_role">;
      readonly reason: string;
      readonly reference: string;
      readonly handle: string | null;
    };

/** Two first sign-ins of one person at once: the second one starts over and finds the user that the first one made. */
class LostRace extends Error {}

/**
 * Decides about somebody whom a provider vouches for: finds or makes the user, derives the roles, opens the session.
 * All of it is one transaction together with its audit events, so that a crash leaves everything or nothing.
 */
export async function admit(runtime: Uses, input: AdmitInput): Promise<Admission> {
  try {
    return await admitOnce(runtime, input);
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
    return await admitOnce(runtime, input);
  }
}

async function admitOnce(runtime: Uses, input: AdmitInput): Promise<Admission> {
  const now = runtime.now();
  const admission = await runtime.store.transaction(async (tx): Promise<Admission> => {
    // 1. Who is it? Only provider, issuer and subject lead to a user; an e-mail never does.
    const identity = await findIdentity(tx, input);
    const known = identity === null ? null : await tx.users.get(identity.userId);

    // 2. May they enter?
    if (known?.status === "suspended")
      return refuse(tx, now, input, known, { code: "suspended", reason: "suspended" });
    const grants = known === null ? [] : await tx.grants.ofUser(known.id);
    const directRoles = grants.filter(({ source }) => source === "direct").map(({ role }) => role);
    const decision = decideAccess(runtime.settings, { ...input, directRoles });
    if (decision.outcome === "deny") {
      return refuse(tx, now, input, known, { code: decision.code, reason: ruleName(decision) });
    }
    if (directRoles.length + decision.roles.length === 0) {
      return refuse(tx, now, input, known, { code: "no_role", reason: ruleName(decision) });
    }

    // 3. They have a user and an identity, brought up to date.
    const user = known ?? (await createUser(tx, now, input));
    const identityId = await keepIdentity(tx, now, input, user, identity);
    const name = nameToKeep(input.userInfo, known, identity);
    await tx.users.update(user.id, { ...profileOf(input.userInfo), name, lastSignInAt: now });

    // 4. Their roles are derived anew; those given by hand stay.
    const roles = await deriveRoles(tx, now, user.id, decision.roles);

    // 5. The session that this browser had ends, and a new one with a new secret begins.
    const replaced = await endFormerSessions(runtime, tx, input.visit, user.id);
    const secret = randomToken();
    const sessionId = newId("ses_", now);
    await tx.sessions.insert({
      id: sessionId,
      userId: user.id,
      secretHash: sha256(secret),
      provider: input.provider,
      identityId,
      createdAt: now,
      authenticatedAt: now,
      lastSeenAt: now,
      expiresAt: now + runtime.settings.session.absolute,
      userAgent: input.visit.userAgent?.slice(0, 512) ?? null,
      address: input.visit.address,
    });
    await tx.audit.insert(
      newEvent(now, {
        action: "login.succeeded",
        actor: user.id,
        target: sessionId,
        address: input.visit.address,
        detail: {
          provider: input.provider,
          rule: ruleName(decision),
          roles,
          replaced,
          ...toldMemberships(input),
          ...subjectChange(input, identity),
        },
      }),
    );
    return { kind: "admitted", secret, userId: user.id, replaced };
  });
  if (admission.kind === "admitted") {
    runtime.sessionCache.forgetUser(admission.userId);
    if (admission.replaced !== null) runtime.sessionCache.forgetSession(admission.replaced);
  }
  return admission;
}

/** By the person's id, or by another one that the provider says is theirs too. */
async function findIdentity(
  tx: StoreTransaction,
  { provider, userInfo }: AdmitInput,
): Promise<Identity | null> {
  const { issuer, subject, subjectAliases } = userInfo;
  for (const known of [subject, ...subjectAliases]) {
    const identity = await tx.identities.find({ provider, issuer, subject: known });
    if (identity !== null) return identity;
  }
  return null;
}

/** What was asked and answered, so that "the provider could not tell" is not a riddle afterwards. */
function toldMemberships({ facts }: Pick<AdmitInput, "facts">): Readonly<Record<string, unknown>> {
  if (facts.length === 0) return {};
  const told = facts.map(({ check, wanted, answer }) => [`${check} ${wanted}`, answer]);
  return { memberships: Object.fromEntries(told) };
}

function subjectChange(
  { userInfo }: AdmitInput,
  identity: Identity | null,
): Readonly<Record<string, unknown>> {
  if (identity === null || identity.subject === userInfo.subject) return {};
  return { subject: { before: identity.subject, after: userInfo.subject } };
}

function ruleName({ rule }: AccessDecision): string {
  return rule === null ? "no_rule" : `access[${rule}]`;
}

async function refuse(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo, facts, visit }: AdmitInput,
  known: User | null,
  { code, reason }: Pick<Extract<Admission, { kind: "refused" }>, "code" | "reason">,
): Promise<Admission> {
  const reference = newReference();
  await tx.audit.insert(
    newEvent(now, {
      action: "login.failed",
      target: known?.id ?? null,
      reference,
      reason: code,
      address: visit.address,
      // Enough to let the person in with the next click: who they are there, and what was missing.
      detail: {
        provider,
        cause: reason,
        issuer: userInfo.issuer,
        subject: userInfo.subject,
        handle: userInfo.handle,
        email: userInfo.email,
        emailVerified: userInfo.emailVerified,
        ...toldMemberships({ facts }),
      },
    }),
  );
  return { kind: "refused", code, reason, reference, handle: userInfo.handle ?? userInfo.email };
}

async function createUser(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo, visit }: AdmitInput,
): Promise<User> {
  const user: User = {
    id: newId("usr_", now),
    ...profileOf(userInfo),
    status: "active",
    createdAt: now,
    lastSignInAt: now,
  };
  await tx.users.insert(user);
  await tx.audit.insert(
    newEvent(now, {
      action: "user.created",
      actor: user.id,
      target: user.id,
      address: visit.address,
      detail: { provider },
    }),
  );
  return user;
}

function profileOf({ name, handle, email, picture }: UserInfo): Pick<User, "name" | "email" | "picture"> {
  return { name: name ?? handle, email, picture };
}

/** Some tell a name at the first consent only: it stays until another one is told. A handle that stood in for one follows. */
function nameToKeep(
  { name, handle }: UserInfo,
  known: User | null,
  identity: Identity | null,
): string | null {
  const hadName = known !== null && known.name !== null && known.name !== identity?.handle;
  return name ?? (hadName ? known.name : handle);
}

async function keepIdentity(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo }: AdmitInput,
  user: User,
  known: Identity | null,
): Promise<string> {
  const { issuer, subject, handle, email, emailVerified } = userInfo;
  if (known !== null) {
    // Found under an alias, it is kept under its new id from now on.
    await tx.identities.update(known.id, { handle, email, emailVerified, lastUsedAt: now, subject });
    return known.id;
  }
  const id = newId("idn_", now);
  const identity: Identity = {
    id,
    userId: user.id,
    provider,
    issuer,
    subject,
    handle,
    email,
    emailVerified,
    createdAt: now,
    lastUsedAt: now,
  };
  if (!(await tx.identities.insert(identity))) throw new LostRace();
  return id;
}

/** Ends the browser's own former session and clears away the user's expired ones. Answers the id of the former. */
async function endFormerSessions(
  runtime: Uses,
  tx: StoreTransaction,
  visit: Visit,
  userId: string,
): Promise<string | null> {
  const now = runtime.now();
  const expired = (await tx.sessions.ofUser(userId))
    .filter(({ expiresAt }) => expiresAt <= now)
    .map(({ id }) => id);
  if (expired.length > 0) await tx.sessions.delete(expired);

  const secret = readCookie(visit.cookies, runtime.cookies.session);
  const former = secret === null ? null : await tx.sessions.findBySecretHash(sha256(secret));
  if (former === null) return null;
  await tx.sessions.delete([former.session.id]);
  return former.session.id;
}
