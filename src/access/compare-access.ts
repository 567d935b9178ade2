import type { RoleName } from "../model/role.ts";
import type { AccessPolicy, Arrival } from "./decide-access.ts";
import { type Foresight, foreseeAccess } from "./foresee-access.ts";

/** Somebody who has signed in before, with every account they can come with. */
export interface KnownPerson {
  /** `usr_…` */
  readonly userId: string;
  readonly name: string | null;
  readonly email: string | null;
  /** Without claims and memberships: those only a sign-in tells. */
  readonly accounts: readonly Omit<Arrival, "directRoles">[];
  readonly directRoles: readonly RoleName[];
}

/** What a draft would do to one person. */
export interface AccessChange {
  readonly person: KnownPerson;
  readonly kind: "gains" | "loses" | "other_roles" | "cannot_tell";
  /** The roles that rules and configuration give, before and after; `null` = cannot be told. */
  readonly before: readonly RoleName[] | null;
  readonly after: readonly RoleName[] | null;
}

/** Whether somebody is sure to come in, and as what one asks about. */
export type Certainty = "yes" | "no" | "cannot_tell";

/** What a draft would do to one person; `null` = nothing. `ownerAfter` = whether they would then come in as owner. */
export interface Comparison {
  readonly change: AccessChange | null;
  readonly ownerAfter: Certainty;
}

/**
 * Holds the rules that count now and a draft against somebody known: whether they would gain or lose access, or come in
 * with other roles. Where both hang on the same thing in the same way, nothing changes, whatever it is.
 */
export function compareAccess(now: AccessPolicy, draft: AccessPolicy, person: KnownPerson): Comparison {
  const before = outlook(now, person);
  const after = outlook(draft, person);
  const kind = before.trail === after.trail ? null : kindOf(before, after);
  const roles = { before: before.roles, after: after.roles };
  return {
    change: kind === null ? null : { person, kind, ...roles },
    ownerAfter: holds(after, person, ["owner"]),
  };
}

/** Whether somebody would come in with one of these roles at their next sign-in, as far as that can be told. */
export function comesInAs(policy: AccessPolicy, person: KnownPerson, roles: readonly RoleName[]): Certainty {
  return holds(outlook(policy, person), person, roles);
}

/**
 * Whether a draft makes it less certain that somebody comes in with one of these roles. Where neither is certain, any
 * difference counts as one.
 */
export function losesCertainty(
  now: AccessPolicy,
  draft: AccessPolicy,
  person: KnownPerson,
  roles: readonly RoleName[],
): boolean {
  const [before, after] = [outlook(now, person), outlook(draft, person)];
  const [held, holding] = [holds(before, person, roles), holds(after, person, roles)];
  if (held === "cannot_tell" && holding === "cannot_tell") return before.trail !== after.trail;
  return CERTAINTY[holding] < CERTAINTY[held];
}

const CERTAINTY = { no: 0, cannot_tell: 1, yes: 2 } as const satisfies Record<Certainty, number>;

interface Outlook {
  readonly enters: Certainty;
  readonly roles: readonly RoleName[] | null;
  /** What the endings hang on: two policies with the same one end in the same way. */
  readonly trail: string;
}

/** With whichever account they come. */
function outlook(policy: AccessPolicy, { accounts, directRoles }: KnownPerson): Outlook {
  const foresights = accounts.map((account) => foreseeAccess(policy, { ...account, directRoles }));
  const entries = foresights.map(entersBy);
  const isCertain = foresights.every(({ endings }) => endings.length === 1);
  const roles = foresights.flatMap(({ endings }) => endings.flatMap((ending) => ending.roles));
  return {
    enters: entries.includes("yes") ? "yes" : entries.includes("cannot_tell") ? "cannot_tell" : "no",
    roles: isCertain ? [...new Set(roles)].sort() : null,
    trail: JSON.stringify(foresights),
  };
}

function entersBy({ endings }: Foresight): Outlook["enters"] {
  const allowed = endings.filter(({ outcome }) => outcome === "allow").length;
  return allowed === endings.length ? "yes" : allowed === 0 ? "no" : "cannot_tell";
}

function kindOf(before: Outlook, after: Outlook): AccessChange["kind"] | null {
  if (before.enters === "no" && after.enters === "no") return null;
  if (before.enters === "cannot_tell" || after.enters === "cannot_tell") return "cannot_tell";
  if (before.enters !== after.enters) return after.enters === "yes" ? "gains" : "loses";
  if (before.roles === null || after.roles === null) return "cannot_tell";
  return before.roles.join() === after.roles.join() ? null : "other_roles";
}

/** Whether they come in and then hold one of these. */
function holds(
  { enters, roles }: Outlook,
  { directRoles }: KnownPerson,
  wanted: readonly RoleName[],
): Certainty {
  if (enters === "no") return "no";
  if (wanted.some((role) => directRoles.includes(role) || roles?.includes(role))) return enters;
  return roles === null ? "cannot_tell" : "no";
}
