import { ConfigError } from "../errors.ts";
import { type Duration, milliseconds } from "../model/duration.ts";
import type { RoleName } from "../model/role.ts";
import { nearest } from "../web/nearest.ts";

/** What a guard asks for besides who it lets pass. */
export interface GuardOptions {
  /** Only who has signed in, or confirmed that it is them, less than this ago: `30s`, `10m`, `1h`. */
  readonly freshWithin: Duration;
}

/** The roles that a guard asks for, and what else it asks for at the end. */
export type RoleArguments<Role extends string> =
  | readonly [Role, ...Role[]]
  | readonly [Role, ...Role[], GuardOptions];

const NAMES: readonly string[] = ["freshWithin", "apiKeys"];

/**
 * How fresh a session must be, in milliseconds; `null` = whatever it is. A name that is not known is no wish that could
 * be left out: it would open the door to everybody whom it was to keep out. @throws ConfigError
 */
export function freshnessWanted(
  options: GuardOptions | (Partial<GuardOptions> & { readonly apiKeys: boolean }) | undefined,
): number | null {
  if (options === undefined) return null;
  for (const name of Object.keys(options)) {
    if (NAMES.includes(name)) continue;
    const meant = nearest(name, NAMES);
    const fix = meant === null ? `A guard knows ${NAMES.join(" and ")}.` : `Did you mean ${meant}?`;
    throw new ConfigError([{ path: name, message: "is no option of a guard", fix }]);
  }
  const { freshWithin } = options;
  if (freshWithin === undefined && "apiKeys" in options) return null;
  return milliseconds(freshWithin as Duration, "freshWithin");
}

/** Takes the options off the end of the roles. @throws ConfigError when they stand anywhere else */
export function splitRoles(given: RoleArguments<RoleName>): {
  readonly roles: readonly RoleName[];
  readonly options: GuardOptions | undefined;
} {
  const last = given.at(-1);
  const options = typeof last === "object" ? last : undefined;
  const names: readonly unknown[] = options === undefined ? given : given.slice(0, -1);
  const roles = names.filter((name) => typeof name === "string");
  if (roles.length === names.length && roles.length > 0) return { roles, options };
  const fix =
    'Write the names of roles, one at least, and the options once at the end: "admin", { freshWithin: "10m" }.';
  throw new ConfigError([{ path: "requireRole", message: "is given something else than roles", fix }]);
}
