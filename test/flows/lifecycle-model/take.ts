import { expect } from "vitest";
import { endSomeExpiredGrants } from "../../../src/access/end-expired-grants.ts";
import { sha256 } from "../../../src/crypto/hash.ts";
import { revokeInvitation } from "../../../src/invitations/change-invitation.ts";
import { createInvitation } from "../../../src/invitations/create-invitation.ts";
import { finishLink } from "../../../src/login/finish-link.ts";
import { TRANSACTION_LIFETIME } from "../../../src/login/transaction-cookie.ts";
import type { AccessRule } from "../../../src/model/access-rule.ts";
import { askForAccess } from "../../../src/requests/ask-for-access.ts";
import { approveRequest, declineRequest, reopenRequest } from "../../../src/requests/decide-request.ts";
import { keepProof } from "../../../src/requests/request-proof.ts";
import { changeRole, createRole, removeRole } from "../../../src/roles/change-roles.ts";
import { changeRules } from "../../../src/rules/change-rules.ts";
import type { RuleEdit } from "../../../src/rules/edit-rules.ts";
import { deleteUser } from "../../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../../src/users/grant-role.ts";
import { mergeUsers, previewMerge } from "../../../src/users/merge-users.ts";
import { grantBeforeSignIn, revokePendingGrant } from "../../../src/users/pending-grant.ts";
import { restoreUser } from "../../../src/users/restore-user.ts";
import { reactivateUser, suspendUser } from "../../../src/users/suspend-user.ts";
import { unlinkIdentity } from "../../../src/users/unlink-identity.ts";
import { HOME } from "../../../src/web/return-to.ts";
import { arrive, userInfoOf, type VerbRuntime } from "../../support/verb-runtime.ts";
import { type House, type Name, PERMISSIONS, STORED_ROLES } from "./house.ts";
import type { Round, Step } from "./step.ts";

/** How a step ended that was not refused by an error. */
export type Outcome = "done" | "not_let_in";

const HALF_AN_HOUR = 30 * 60_000;
const HOUR = 2 * HALF_AN_HOUR;
const MONTH = 31 * 24 * HOUR;

/** Does what the step says. @throws what its verb throws */
export async function take(house: House, { setting }: Pick<Round, "setting">, step: Step): Promise<Outcome> {
  const runtime = house.under[setting];
  const { name, role, whose, which } = step;
  const id = account(house, name, whose);
  const actor = actorOf(house, step);
  const until = step.ends ? house.now() + HALF_AN_HOUR : undefined;
  switch (step.verb) {
    case "arrive":
    case "arrive-invited":
    case "ask":
      return comeIn(house, runtime, step);
    case "link":
      return link(house, runtime, step, id);
    case "unlink":
      return done(unlinkIdentity(runtime, id, await identity(runtime, id, which), { actor, address: null }));
    case "suspend":
      return done(suspendUser(runtime, id, actor));
    case "reactivate":
      return done(reactivateUser(runtime, id, actor));
    case "delete":
      return done(deleteUser(runtime, id, actor));
    case "restore":
      return done(restoreUser(runtime, await deleted(runtime, which), actor));
    case "merge":
      return merge(runtime, step, actor);
    case "grant":
      return done(grantRole(runtime, id, role, actor, undefined, until));
    case "revoke":
      return done(revokeRole(runtime, id, role, actor));
    case "promise":
      return done(
        grantBeforeSignIn(runtime, `rehearsal:${name}@demo.example`, role, actor, undefined, until),
      );
    case "withdraw":
      return withdraw(runtime, which);
    case "pass-time":
      house.passTime(which === 0 ? MONTH : HOUR);
      return "done";
    case "sweep":
      return done(runtime.store.transaction((tx) => endSomeExpiredGrants(tx, runtime.now(), 100)));
    default:
      return decide(house, runtime, step, actor);
  }
}

/** Who does it, as the audit log will call them. */
export function actorOf(house: House, { by, whose }: Step): string {
  return by === null ? "cli:test" : account(house, by, whose);
}

function account(house: House, name: Name, whose: number): string {
  const had = house.accounts.get(name) ?? [];
  return had[whose % Math.max(had.length, 1)] ?? "usr_nobody";
}

async function done(work: Promise<unknown>): Promise<"done"> {
  await work;
  return "done";
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(list.length, 1)];
}

/** Somebody arrives at the door, with an invitation or not; whoever is turned away may ask. */
async function comeIn(
  house: House,
  runtime: VerbRuntime,
  { verb, name, provider, which }: Step,
): Promise<Outcome> {
  // Nobody comes from a provider that is switched off.
  if (!runtime.settings.providers.some(({ id }) => id === provider)) return "done";
  const invitation = verb === "arrive-invited" ? (pick([...house.links.values()], which) ?? null) : null;
  const admission = await arrive(runtime, name, { provider, invitation });
  if (admission.kind === "admitted") {
    const had = house.accounts.get(name) ?? [];
    if (!had.includes(admission.userId)) had.push(admission.userId);
    house.sessions.set(admission.userId, sha256(admission.secret));
    return "done";
  }
  if (verb !== "ask" || admission.applicant?.standing.kind !== "may-ask") return "not_let_in";
  const { userId } = admission.applicant;
  const kept = keepProof(runtime, { provider, userInfo: userInfoOf(name), userId, returnTo: HOME });
  if (kept !== null) await askForAccess(runtime, kept.proof, "please", { address: null });
  return "not_let_in";
}

/** Whoever is signed in as this user brings the account that somebody has at a provider. */
async function link(
  house: House,
  runtime: VerbRuntime,
  { other, provider }: Step,
  userId: string,
): Promise<Outcome> {
  if (!runtime.settings.providers.some(({ id }) => id === provider)) return "done";
  const now = house.now();
  const linked = await finishLink(
    runtime,
    {
      ...{ purpose: "link", provider, issuer: "", clientId: "", redirectUri: "", state: "a-state" },
      ...{ nonce: "", codeVerifier: "", returnTo: HOME, expiresAt: now + TRANSACTION_LIFETIME },
      begunBy: { userId, secretHash: house.sessions.get(userId) ?? "none" },
    },
    {
      ...{ provider, userInfo: userInfoOf(other), facts: [] },
      visit: { cookies: null, userAgent: "a test", address: "192.0.2.1" },
    },
  );
  return linked.kind === "linked" ? "done" : "not_let_in";
}

async function deleted({ store }: VerbRuntime, which: number): Promise<string> {
  return pick(await store.deletedUsers.list({ since: 0, limit: 50 }), which)?.user.id ?? "usr_none";
}

/** Any two people; what is foreseen is what happens. */
async function merge(runtime: VerbRuntime, { whose, which }: Step, actor: string): Promise<Outcome> {
  const people = (await runtime.store.users.list({ limit: 50 })).map(({ id }) => id);
  const from = pick(people, whose) ?? "usr_none";
  const others = people.filter((id) => id !== from);
  const into = pick(others, which) ?? from;
  const foreseen = await previewMerge(runtime, from, into, actor);
  const merged = await mergeUsers(runtime, from, into, actor);
  // Of two who do it at once, the second may have foreseen something else.
  expect(merged.from.id).toBe(foreseen.from.id);
  return "done";
}

async function identity({ store }: VerbRuntime, userId: string, which: number): Promise<string> {
  return pick(await store.identities.ofUser(userId), which)?.id ?? "idn_none";
}

async function withdraw(runtime: VerbRuntime, which: number): Promise<Outcome> {
  const grant = pick(await runtime.store.pendingGrants.list(), which);
  if (grant !== undefined) await revokePendingGrant(runtime, grant, "cli:test");
  return "done";
}

/** What is decided about no one person. */
async function decide(house: House, runtime: VerbRuntime, step: Step, actor: string): Promise<Outcome> {
  const { verb, role, which } = step;
  const name = pick(STORED_ROLES, which) ?? "support";
  const permissions = PERMISSIONS.slice(0, which % 3);
  switch (verb) {
    case "invite":
      return invite(house, runtime, step, actor);
    case "revoke-invitation":
      return done(revokeInvitation(runtime, pick([...house.links.keys()], which) ?? "inv_none", actor));
    case "approve":
      return done(approveRequest(runtime, await request(runtime, which), role, actor));
    case "decline":
      return done(declineRequest(runtime, await request(runtime, which), "not now", actor));
    case "reopen":
      return done(reopenRequest(runtime, await request(runtime, which), actor));
    case "make-role":
      return done(createRole(runtime, { name, permissions }, { actor }));
    case "change-role":
      return done(changeRole(runtime, name, { permissions }, { actor }));
    case "remove-role":
      return done(removeRole(runtime, name, { actor }));
    default:
      return changeTheRules(runtime, step, actor);
  }
}

async function request({ store }: VerbRuntime, which: number): Promise<string> {
  return pick(await store.accessRequests.list({ limit: 50 }), which)?.id ?? "arq_none";
}

async function invite(
  house: House,
  runtime: VerbRuntime,
  { name, role, ends }: Step,
  actor: string,
): Promise<Outcome> {
  const { invitation } = await createInvitation(
    runtime,
    {
      roles: [role],
      recipient: ends ? { email: `${name}@demo.example` } : "anyone",
      ...(ends && { lifetime: HALF_AN_HOUR }),
    },
    actor,
  );
  house.links.set(invitation.id, invitation.secretHash);
  return "done";
}

const RULES: readonly AccessRule[] = [
  { when: { emailDomain: "demo.example" }, then: "allow" },
  { when: { email: "ada@demo.example" }, then: "deny" },
  { when: { email: "bo@demo.example" }, then: "deny" },
  { when: { email: "bo@demo.example" }, then: "allow", roles: ["owner"] },
  { when: { email: "cara@demo.example" }, then: "allow", roles: ["owner"] },
  { when: { provider: "github" }, then: "allow", roles: ["support"] },
  { when: { provider: "github" }, then: "deny" },
  { when: { emailDomain: "demo.example" }, then: "ask" },
];

async function changeTheRules(
  runtime: VerbRuntime,
  { verb, which, ends }: Step,
  actor: string,
): Promise<Outcome> {
  const { version, rules } = await runtime.store.policy.read();
  const chosen = pick(rules, which);
  const edit = editOf(verb, RULES[which], chosen);
  return edit === null ? "done" : done(changeRules(runtime, edit, { version, actor, confirmed: ends }));
}

function editOf(
  verb: Step["verb"],
  rule: AccessRule | undefined,
  chosen: { readonly id: string; readonly enabled: boolean } | undefined,
): RuleEdit | null {
  if (verb === "add-rule") return rule === undefined ? null : { kind: "add", wish: { rule }, place: "first" };
  if (chosen === undefined) return null;
  if (verb === "switch-rule") return { kind: chosen.enabled ? "disable" : "enable", id: chosen.id };
  return { kind: "remove", id: chosen.id };
}
