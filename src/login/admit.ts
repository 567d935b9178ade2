import { type AccessDecision, decideAccess } from "../access/decide-access.ts";
import { deriveRoles } from "../access/derive-roles.ts";
import { isLastOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import { newId, newReference } from "../crypto/random.ts";
import type { ErrorCode } from "../errors.ts";
import type { InviteErrorCode } from "../invitations/examine-invitation.ts";
import {
  type BroughtInvitation,
  findInvitation,
  redeemInvitation,
} from "../invitations/redeem-invitation.ts";
import type { Identity } from "../model/identity.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { RoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { User } from "../model/user.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Visit } from "../model/visit.ts";
import { claimOwnership, findOwnershipClaim } from "../owner-link/claim-ownership.ts";
import { applyApproval, findApproval } from "../requests/approval.ts";
import { findRequest, type Standing, standingOf } from "../requests/standing.ts";
import type { Runtime } from "../runtime.ts";
import { openSession } from "../sessions/open-session.ts";
import { applyPendingGrants, findPendingGrants } from "../users/pending-grant.ts";
import { keepTokens } from "../vault/keep-tokens.ts";

type Uses = Pick<Runtime, "settings" | "store" | "roles" | "sessionCache" | "sealer" | "cookies" | "now">;

export interface AdmitInput {
  /** Provider instance id. */
  readonly provider: string;
  readonly userInfo: UserInfo;
  /** What the provider answered about memberships. */
  readonly facts: readonly MembershipFact[];
  readonly visit: Visit;
  /** To be kept when they are let in. Default none. */
  readonly tokens?: TokenSet | null;
  /** SHA-256 of the secret of the session that the browser had when it left. Default: the cookie of the visit tells. */
  readonly formerSession?: string | null;
  /** SHA-256 of the token of the invitation that they have accepted. Default none. */
  readonly invitation?: string | null;
  /** SHA-256 of the secret of the owner link that the browser held then. Default: the cookie of the visit tells. */
  readonly ownerLink?: string | null;
}

export type Admission =
  | {
      readonly kind: "admitted";
      readonly secret: string;
      readonly userId: string;
      /** The session that this browser had before, now ended. */
      readonly replaced: string | null;
      /** True when their request was approved and this is the first time that they enter since. */
      readonly approved: boolean;
    }
  | {
      readonly kind: "refused";
      readonly code:
        | Extract<
            ErrorCode,
            | "not_allowed"
            | "email_unverified"
            | "suspended"
            | "no_role"
            | "pending_approval"
            | "request_declined"
          >
        | InviteErrorCode;
      readonly reason: string;
      readonly reference: string;
      readonly handle: string | null;
      /** Somebody who may ask, or has asked, to be let in; `null` for everyone else. */
      readonly applicant: { readonly userId: string | null; readonly standing: Standing } | null;
    };

/**
 * Somebody else was faster: with the first sign-in of the same person, by deleting them, or by taking back what let them in.
 * Starting over finds things as they are now.
 */
class LostRace extends Error {}

/** How often somebody starts over before it is called a defect. */
const TRIES = 3;

/**
 * Decides about somebody whom a provider vouches for: finds or makes the user, derives the roles, opens the session.
 * All of it is one transaction together with its audit events, so that a crash leaves everything or nothing.
 */
export async function admit(runtime: Uses, input: AdmitInput): Promise<Admission> {
  for (let tries = 1; ; tries++) {
    try {
      return await admitOnce(runtime, input);
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error;
    }
  }
}

async function admitOnce(runtime: Uses, input: AdmitInput): Promise<Admission> {
  const now = runtime.now();
  const admission = await runtime.store.transaction(async (tx): Promise<Admission> => {
    // 1. Who is it? Only provider, issuer and subject lead to a user; an e-mail never does.
    const identity = await findIdentity(tx, input);
    const known = identity === null ? null : await tx.users.lock(identity.userId);
    if (identity !== null && known === null) throw new LostRace();

    // 2. May they enter?
    if (known?.status === "suspended")
      return refuse(tx, now, input, known, { code: "suspended", reason: "suspended" });
    const grants = known === null ? [] : await tx.grants.ofUser(known.id);
    const waiting = await findPendingGrants(tx, input.provider, input.userInfo);
    const person = { ...input.userInfo, provider: input.provider };
    const approval = await findApproval(tx, person, known?.id ?? null);
    const invited = await findBroughtInvitation(runtime, tx, input, known);
    if (invited?.kind === "refused") {
      const { code, cause: reason, invitationId } = invited;
      return refuse(tx, now, input, known, { code, reason, invitation: invitationId });
    }
    const byHand = grants.filter(({ source }) => source === "direct");
    const promised = [...byHand, ...waiting, ...(approval === null ? [] : [approval])];
    const directRoles = [...promised.map(({ role }) => role), ...(invited?.roles ?? [])];
    const claim = await findOwnershipClaim(runtime, tx, input);
    const decided = decideAccess(runtime.settings, { ...input, directRoles });
    const isKept = claim === null && (await isKeptOwner(runtime, tx, grants, decided));
    const decision = claim !== null || isKept ? welcome(decided) : decided;
    if (decision.outcome !== "allow") {
      const { code, outcome } = decision;
      const standing = mayAsk(runtime.settings, decision)
        ? standingOf(await findRequest(tx, person), known?.id ?? null, now)
        : null;
      const told = { reason: ruleName(decision), outcome, standing };
      return refuse(tx, now, input, known, { ...told, code: codeOf(standing) ?? code });
    }
    if (claim === null && !isKept && directRoles.length + decision.roles.length === 0) {
      return refuse(tx, now, input, known, { code: "no_role", reason: ruleName(decision) });
    }

    // 3. They have a user and an identity, brought up to date.
    const user = known ?? (await createUser(tx, now, input));
    const identityId = await keepIdentity(tx, now, input, user, identity);
    const who = { userId: user.id, provider: input.provider, identityId };
    const { tokens = null } = input;
    if (tokens !== null) await keepTokens(runtime, tx, who, tokens);
    const name = nameToKeep(input.userInfo, known, identity);
    await tx.users.update(user.id, { ...profileOf(input.userInfo), name, lastSignInAt: now });

    // 4. Their roles are derived anew; those given by hand stay, and those that waited for them are theirs now.
    if (!(await applyPendingGrants(tx, now, user.id, waiting))) throw new LostRace();
    if (invited !== null) await redeemInvitation(tx, now, invited, user.id, input.visit.address);
    if (claim !== null) await claimOwnership(tx, now, claim, user.id, input.visit.address);
    if (approval !== null && !(await applyApproval(tx, now, user.id, approval))) throw new LostRace();
    const roles = await deriveRoles(tx, runtime.settings, now, user.id, decision.roles);

    // 5. The session that this browser had ends, and a new one with a new secret begins.
    const session = await openSession(runtime, tx, who, input);
    const { secret, replaced } = session;
    await tx.audit.insert(
      newEvent(now, {
        action: "login.succeeded",
        actor: user.id,
        target: session.id,
        address: input.visit.address,
        detail: {
          provider: input.provider,
          rule: ruleName(decision),
          roles,
          replaced,
          ...(tokens !== null && { tokens: "kept" }),
          ...(isKept && { keptAsLastOwner: true }),
          ...toldMemberships(input),
          ...subjectChange(input, identity),
        },
      }),
    );
    return { kind: "admitted", secret, userId: user.id, replaced, approved: approval !== null };
  });
  if (admission.kind === "admitted") {
    runtime.sessionCache.forgetUser(admission.userId);
    if (admission.replaced !== null) runtime.sessionCache.forgetSession(admission.replaced);
  }
  return admission;
}

/** What the invitation that they have accepted is worth; `null` = they brought none that has anything to give. */
async function findBroughtInvitation(
  runtime: Uses,
  tx: StoreTransaction,
  { provider, userInfo, invitation = null }: AdmitInput,
  known: User | null,
): Promise<BroughtInvitation | null> {
  if (invitation === null) return null;
  return findInvitation(runtime, tx, {
    provider,
    userInfo,
    secretHash: invitation,
    userId: known?.id ?? null,
  });
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

/**
 * The door never shuts behind the last owner, whatever the rules have become: nobody else could open it again from
 * inside. True only for somebody whom they would keep out.
 */
async function isKeptOwner(
  { settings }: Uses,
  tx: StoreTransaction,
  grants: readonly RoleGrant[],
  decided: AccessDecision,
): Promise<boolean> {
  const owner = grants.find(({ role }) => role === "owner");
  const isIn = decided.outcome === "allow" && (decided.roles.length > 0 || owner?.source === "direct");
  return owner !== undefined && !isIn && (await isLastOwner(tx, settings, owner.userId));
}

/** An owner link opens the door whatever the rules say; what they give besides stays. */
function welcome(decided: AccessDecision): Extract<AccessDecision, { outcome: "allow" }> {
  return decided.outcome === "allow" ? decided : { outcome: "allow", roles: [], rule: null };
}

/** Whether an administrator could let them in: not where a rule says no, nor while their e-mail alone is what is missing. */
function mayAsk(
  { requests }: Pick<Runtime["settings"], "requests">,
  decision: Exclude<AccessDecision, { outcome: "allow" }>,
): boolean {
  if (decision.code !== "not_allowed") return false;
  return decision.outcome === "ask" || (requests === "open" && decision.rule === null);
}

function codeOf(standing: Standing | null): "pending_approval" | "request_declined" | null {
  if (standing?.kind === "pending") return "pending_approval";
  return standing?.kind === "declined" ? "request_declined" : null;
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

type Refusal = Pick<Extract<Admission, { kind: "refused" }>, "code" | "reason"> & {
  readonly outcome?: AccessDecision["outcome"];
  readonly standing?: Standing | null;
  /** The id of the invitation that they brought along in vain. */
  readonly invitation?: string | null;
};

async function refuse(
  tx: StoreTransaction,
  now: number,
  { provider, userInfo, facts, visit }: AdmitInput,
  known: User | null,
  { code, reason, outcome, standing = null, invitation }: Refusal,
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
        // Somebody who only has to be let in by an administrator, unlike one whom a rule keeps out.
        ...(outcome === "ask" && { asks: true }),
        ...(invitation !== undefined && { invitation }),
        issuer: userInfo.issuer,
        subject: userInfo.subject,
        handle: userInfo.handle,
        email: userInfo.email,
        emailVerified: userInfo.emailVerified,
        ...toldMemberships({ facts }),
      },
    }),
  );
  const applicant = standing === null ? null : { userId: known?.id ?? null, standing };
  return { kind: "refused", code, reason, reference, handle: userInfo.handle ?? userInfo.email, applicant };
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
