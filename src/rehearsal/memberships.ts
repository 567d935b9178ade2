/** A company that people come from, as each kind of provider names it. All invented. */
export interface Company {
  readonly domain: string;
  /** As a directory tenant (`tid`). */
  readonly tenantId: string;
  /** As a chat tenant (`tenant_key`). */
  readonly tenantKey: string;
  /** As a chat corporation (`corpId`). */
  readonly corpId: string;
}

export type CompanyName = "demo" | "elsewhere";

/** The two companies: the one whose back office it is, and another. */
export const COMPANIES: Readonly<Record<CompanyName, Company>> = {
  demo: {
    domain: "demo.example",
    tenantId: "2d1f6a30-0000-4000-8000-00000000de30",
    tenantKey: "de30de30de30de30",
    corpId: "ding0000de30",
  },
  elsewhere: {
    domain: "elsewhere.example",
    tenantId: "2d1f6a30-0000-4000-8000-00000000e15e",
    tenantKey: "e15ee15ee15ee15e",
    corpId: "ding0000e15e",
  },
};

/** What a person belongs to, told by each look-alike in its own words. */
export interface Memberships {
  readonly company: CompanyName;
  /** Teams of organisations, in the order they are listed: `acme/ops`. */
  readonly teams: readonly string[];
  /** Numbers of departments of the company. */
  readonly departments: readonly number[];
  /** Roles at the back office: a realm role or an app role. */
  readonly roles: readonly string[];
}

/** What a person belongs to of whom nothing else is known. */
export const NO_MEMBERSHIPS: Memberships = { company: "demo", teams: [], departments: [], roles: [] };

/** The names of the departments. The first one is the company itself. */
export const DEPARTMENTS: Readonly<Record<number, string>> = { 1: "Acme", 2: "Operations", 3: "Support" };

/** Somebody in so many teams that lists run over pages and claims overflow. `acme/ops` comes last. */
export const TOO_MANY_TEAMS: readonly string[] = [
  ...Array.from({ length: 249 }, (_, index) => `acme/team-${String(index + 1).padStart(3, "0")}`),
  "acme/ops",
];

/** The organisations of some teams, each once. */
export function organizationsOf(teams: readonly string[]): readonly string[] {
  return [...new Set(teams.map((team) => team.split("/")[0] ?? team))];
}
