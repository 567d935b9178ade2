import { expect } from "vitest";
import { arrive } from "../../support/verb-runtime.ts";
import { type House, PEOPLE, PROVIDERS, type Setting } from "./house.ts";
import { type GrantRow, isOver, knownRoles, type State } from "./state.ts";

/** What holds at every moment, however many did whatever at once. */
export function expectSound(before: State, after: State): void {
  if (before.usableOwners > 0) expect(after.usableOwners, "owners who can come in").toBeGreaterThanOrEqual(1);
  for (const [id, { userId, identityId }] of after.sessions) {
    expect(after.users.get(userId), `the person of ${id}`).toBe("active");
    expect(after.identities.get(identityId), `the account by which ${id} was opened`).toBe(userId);
  }
  for (const [id, userId] of after.identities)
    expect(after.users.has(userId), `the person of ${id}`).toBe(true);
  for (const id of after.deleted) expect(after.users.has(id), `${id} is deleted`).toBe(false);
  for (const grant of after.grants) expectSource(after, grant);
  expectKnown(after);
}

/** No role without somebody or something that gave it. */
function expectSource(after: State, { userId, role, source }: GrantRow): void {
  expect(after.users.has(userId)).toBe(true);
  if (source === "config") expect(role).toBe("owner");
  const gives = after.events.some(({ action, target, detail }) => {
    if (target !== userId) return false;
    if (action === "role.granted") return detail.role === role && detail.source === source;
    const given = action === "user.updated" ? detail.roles : action === "user.restored" ? detail.after : null;
    return JSON.stringify(given ?? null).includes(JSON.stringify({ role, source }).slice(0, -1));
  });
  expect(gives, `an event that gave ${role} (${source}) to ${userId}`).toBe(true);
}

/** Nothing gives, or will give, a role that is not there. */
function expectKnown(after: State): void {
  const known = knownRoles(after);
  for (const { role } of after.grants) expect(known).toContain(role);
  for (const promise of after.pending.values())
    if (!isOver(promise, after.at)) expect(known).toContain(promise.role);
  for (const { became, roles, expiresAt } of after.invitations.values())
    if (became === "open" && expiresAt > after.at)
      for (const role of JSON.parse(roles)) expect(known).toContain(role);
  for (const { status, role, entered } of after.requests.values())
    if (status === "approved" && !entered) expect(known).toContain(role);
  for (const { rule } of after.rules.values())
    for (const role of JSON.parse(rule).roles ?? []) expect(known).toContain(role);
}

/** Where there is an owner who can come in, the door opens for one of them, and they are an owner then. */
export async function expectOpenDoor(house: House, setting: Setting, { usableOwners }: State): Promise<void> {
  if (usableOwners === 0) return;
  const runtime = house.under[setting];
  const live = PROVIDERS.filter((provider) => runtime.settings.providers.some(({ id }) => id === provider));
  for (const name of PEOPLE) {
    for (const provider of live) {
      const admission = await arrive(runtime, name, { provider });
      if (admission.kind !== "admitted") continue;
      const held = await runtime.store.grants.ofUser(admission.userId);
      if (held.some(({ role, expiresAt }) => role === "owner" && expiresAt === null)) return;
    }
  }
  expect.unreachable("no owner comes in as one any more");
}
