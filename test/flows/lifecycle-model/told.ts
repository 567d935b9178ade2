import { expect } from "vitest";
import type { AuditAction, AuditEvent } from "../../../src/model/audit-event.ts";
import { lastsLonger } from "../../../src/model/role.ts";
import { type GrantRow, isOver, type State, toldSince } from "./state.ts";
import type { Outcome } from "./take.ts";

/** One event for each thing that changed, and none for what did not. For a step that was alone. */
export function expectToldOnce(before: State, after: State, outcome: Outcome | "refused"): void {
  // A session that has come to its end is cleared away, with a word about it or without.
  const lapsed = (id: string | null) =>
    (before.sessions.get(id ?? "")?.expiresAt ?? Number.POSITIVE_INFINITY) <= after.at;
  const told = toldSince(before, after).filter(
    ({ action, target }) => action !== "session.ended" || !lapsed(target),
  );
  const changes = [
    ...changedUsers(before, after),
    ...changedWaysIn(before, after),
    ...changedGrants(before, after, told),
    ...changedPromises(before, after, told),
    ...changedPolicy(before, after),
  ];
  const failed: AuditAction[] = ["login.failed", "identity.link_failed"];
  expect(told.filter(({ action }) => failed.includes(action)).length).toBe(outcome === "not_let_in" ? 1 : 0);
  const actions = told.map(({ action }) => action).filter((action) => !failed.includes(action));
  expect(actions.sort()).toEqual(changes.sort());
  if (outcome === "refused") expect(actions).toEqual([]);
}

type Keyed = { has(id: string): boolean; keys(): Iterable<string> };

function added(before: Keyed, after: Keyed): readonly string[] {
  return [...after.keys()].filter((id) => !before.has(id));
}

function repeat(action: AuditAction, { length }: readonly unknown[]): AuditAction[] {
  return Array.from({ length }, () => action);
}

function changedUsers(before: State, after: State): AuditAction[] {
  const come = added(before.users, after.users);
  const gone = added(after.users, before.users);
  const status = (was: string) =>
    [...before.users].filter(([id, old]) => old === was && (after.users.get(id) ?? was) !== was);
  const mergedAway = gone.filter((id) => !after.deleted.has(id));
  return [
    ...come.map((id) => (before.deleted.has(id) ? "user.restored" : "user.created")),
    ...gone.map((id) => (after.deleted.has(id) ? "user.deleted" : "user.merged")),
    ...repeat("user.updated", mergedAway),
    ...repeat("user.suspended", status("active")),
    ...repeat("user.reactivated", status("suspended")),
  ];
}

function changedWaysIn(before: State, after: State): AuditAction[] {
  const stayed = (userId: string | undefined) =>
    userId !== undefined && before.users.has(userId) && after.users.has(userId);
  const come = added(before.identities, after.identities);
  const gone = added(after.identities, before.identities);
  return [
    ...repeat(
      "session.ended",
      added(after.sessions, before.sessions).filter(
        (id) => (before.sessions.get(id)?.expiresAt ?? 0) > after.at,
      ),
    ),
    ...repeat("login.succeeded", added(before.sessions, after.sessions)),
    ...repeat(
      "identity.linked",
      come.filter((id) => stayed(after.identities.get(id))),
    ),
    ...repeat(
      "identity.unlinked",
      gone.filter((id) => stayed(before.identities.get(id))),
    ),
  ];
}

/** Roles that go and come with their person are told with them, those of a role that is removed with that. */
function changedGrants(before: State, after: State, told: readonly AuditEvent[]): AuditAction[] {
  const merge = told.find(({ action }) => action === "user.merged");
  if (merge !== undefined) expectMerged(before, after, String(merge.target), String(merge.detail.into));
  const key = ({ userId, role, source }: GrantRow) => [userId, role, source].join();
  const was = new Map(before.grants.map((grant) => [key(grant), grant]));
  const is = new Map(after.grants.map((grant) => [key(grant), grant]));
  const actions: AuditAction[] = [];
  for (const one of new Set([...was.keys(), ...is.keys()])) {
    const { userId, role } = was.get(one) ?? is.get(one) ?? { userId: "", role: "" };
    const withTheRole = before.roles.has(role) && !after.roles.has(role);
    const withPerson = !before.users.has(userId) ? before.deleted.has(userId) : !after.users.has(userId);
    const quiet = withTheRole || withPerson || merge?.detail.into === userId;
    const due = grantActions(was.get(one), is.get(one), after.at);
    actions.push(...due.filter((action) => (action === "role.expired" ? !withTheRole : !quiet)));
  }
  expectKept(
    after,
    told.filter(({ action }) => action === "role.granted" || action === "grant.changed"),
  );
  return actions;
}

/** A promise that is kept waits no longer. */
function expectKept(after: State, told: readonly AuditEvent[]): void {
  for (const { detail } of told) {
    const { pendingGrant, accessRequest } = detail;
    if (pendingGrant !== undefined) expect(after.pending.has(String(pendingGrant))).toBe(false);
    if (accessRequest !== undefined) expect(after.requests.get(String(accessRequest))?.entered).toBe(true);
  }
}

function grantActions(
  was: GrantRow | undefined,
  is: GrantRow | undefined,
  at: number,
): readonly AuditAction[] {
  if (was === undefined) return is === undefined ? [] : ["role.granted"];
  if (is === undefined) return [isOver(was, at) ? "role.expired" : "role.revoked"];
  if (was.createdAt !== is.createdAt) return ["role.expired", "role.granted"];
  return was.expiresAt === is.expiresAt ? [] : ["grant.changed"];
}

/** Whoever grew by it holds what the two held, each role until the later of two ends, and nothing else. */
function expectMerged(before: State, after: State, from: string, into: string): void {
  const ends = new Map<string, number>();
  for (const grant of before.grants) {
    if ((grant.userId !== from && grant.userId !== into) || isOver(grant, after.at)) continue;
    const key = [grant.role, grant.source].join();
    const end = grant.expiresAt ?? Number.POSITIVE_INFINITY;
    ends.set(key, Math.max(end, ends.get(key) ?? 0));
  }
  const held = after.grants.filter(({ userId }) => userId === into);
  const has = held.map(({ role, source, expiresAt }) => [
    [role, source].join(),
    expiresAt ?? Number.POSITIVE_INFINITY,
  ]);
  expect(new Map(has as [string, number][])).toEqual(ends);
  const accounts = [...before.identities].filter(([, userId]) => userId === from || userId === into);
  for (const [id] of accounts) expect(after.identities.get(id)).toBe(into);
  expect(accounts.length).toBe([...after.identities.values()].filter((userId) => userId === into).length);
}

function changedPromises(before: State, after: State, told: readonly AuditEvent[]): AuditAction[] {
  const became = (state: string) =>
    [...after.invitations].filter(
      ([id, one]) => one.became === state && before.invitations.get(id)?.became !== state,
    );
  const handedOut = told.map(({ detail }) => detail.pendingGrant);
  const gone = added(after.pending, before.pending).filter((id) => !handedOut.includes(id));
  return [
    ...repeat("pending_grant.created", added(before.pending, after.pending)),
    ...gone.map((id): AuditAction => {
      const was = before.pending.get(id);
      if (was === undefined || isOver(was, after.at)) return "pending_grant.expired";
      const needless = told.find(
        ({ action, target }) => action === "pending_grant.needless" && target === id,
      );
      if (needless === undefined) return "pending_grant.revoked";
      const held = after.grants.filter(
        ({ userId, role }) => userId === needless.detail.user && role === was.role,
      );
      expect(held.some((grant) => !lastsLonger(was, grant))).toBe(true);
      return needless.action;
    }),
    ...[...after.pending].flatMap(([id, { expiresAt }]): AuditAction[] => {
      const was = before.pending.get(id);
      return was === undefined || was.expiresAt === expiresAt ? [] : ["pending_grant.changed"];
    }),
    ...repeat("invitation.created", added(before.invitations, after.invitations)),
    ...repeat("invitation.accepted", became("accepted")),
    ...repeat("invitation.revoked", became("revoked")),
    ...repeat("access_request.created", added(before.requests, after.requests)),
    ...[...after.requests].flatMap(([id, is]) => {
      const was = before.requests.get(id);
      if (was === undefined) return [];
      if (was.status !== is.status) return [`access_request.${is.status}` as AuditAction];
      return was.askAgainAt === is.askAgainAt ? [] : ["access_request.reopened" as const];
    }),
  ];
}

function changedPolicy(before: State, after: State): AuditAction[] {
  const changed = [...after.roles].filter(([name, is]) => (before.roles.get(name) ?? is) !== is);
  const switched = (on: boolean) =>
    [...after.rules].filter(([id, { enabled }]) => enabled === on && before.rules.get(id)?.enabled === !on);
  return [
    ...repeat("role.created", added(before.roles, after.roles)),
    ...repeat("role.changed", changed),
    ...repeat("role.removed", added(after.roles, before.roles)),
    ...repeat("rule.created", added(before.rules, after.rules)),
    ...repeat("rule.removed", added(after.rules, before.rules)),
    ...repeat("rule.enabled", switched(true)),
    ...repeat("rule.disabled", switched(false)),
  ];
}
