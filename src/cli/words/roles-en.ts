import type { RoleSource } from "../../index.ts";

/** What a change takes and gives. */
export interface RoleDifference {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly holders: number;
}

/** What the commands about roles say, in English. */
export const roles = {
  headings: {
    role: "ROLE",
    title: "TITLE",
    source: "FROM",
    holders: "HELD BY",
    permissions: "PERMISSIONS",
  },
  sources: {
    "built-in": "built in",
    configuration: "configuration",
    database: "database",
  } satisfies Record<RoleSource, string>,
  permission: "Permission",
  holder: "Person",
  dangerousMark: "⚠ dangerous",
  more: (count: number) => `… and ${count} more.`,
  wouldCreate: (role: string, permissions: string, holders: number) =>
    `Would make the role ${role}: ${permissions}. ${holders === 0 ? "Nobody would have it yet." : `It would be one that ${people(holders)} already.`}`,
  created: (role: string, permissions: string, holders: number) =>
    `The role ${role} is there: ${permissions}. ${holders === 0 ? "Nobody has it yet." : `It is one that ${people(holders)} already.`}`,
  dangerous: (permissions: string) => `Marked as dangerous: ${permissions}.`,
  wouldChange: (role: string, { gained, lost, holders }: RoleDifference) =>
    [
      `Would change the role ${role}, which ${people(holders)}.`,
      ...(gained.length > 0 ? [`They would be allowed: ${gained.join(", ")}.`] : []),
      ...(lost.length > 0 ? [`They would no longer be allowed: ${lost.join(", ")}.`] : []),
    ].join(" "),
  changed: (role: string) => `The role ${role} is changed, for everybody who has it within a second.`,
  nothing: (role: string) => `The role ${role} is so already; nothing changed.`,
  wouldDelete: (role: string, holders: number) => `Would delete the role ${role}, which ${people(holders)}.`,
  deleted: (role: string, holders: number) =>
    `The role ${role} is no more; within a second nobody has it. It was one that ${people(holders)}.`,
  may: (name: string, permission: string) => `${name} may: ${permission}`,
  mayNot: (name: string, permission: string) => `${name} may not: ${permission}`,
  giving: (names: string) => `It would come with: ${names}`,
  through: (grant: string, role: string) => `${grant}, which includes ${role}`,
  locked: (role: string, source: "built-in" | "configuration") =>
    source === "built-in"
      ? `Refused: the role ${role} is built in.`
      : `Refused: the role ${role} stands in the configuration. Change it there.`,
  exists: (role: string) => `Refused: there is a role ${role} already.`,
  inUse: (role: string, by: string) => `Refused: the role ${role} is still given by: ${by}`,
  inUseHint: "First change or remove these: postern rules, postern invites, postern users list --pending",
  leftOver: (role: string, holders: number, by: string) =>
    `Refused: there was a role ${role} before, and ${people(holders)} it. What is left of it would count for the new one: ${by}`,
  leftOverHint:
    "First take it from them (postern users revoke, postern rules, postern invites), or let them have the new one: --adopt",
  invalid:
    "A role is named with lower-case letters, digits and hyphens, and begins with a letter; a title is one line of 100 characters at most.",
};

function people(count: number): string {
  if (count === 0) return "nobody has";
  return count === 1 ? "1 person has" : `${count} people have`;
}
