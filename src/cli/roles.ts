import { PosternError } from "../errors.ts";
import type { RoleDescription } from "../index.ts";
import { nearest } from "../web/nearest.ts";
import { actor } from "./actor.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { printable } from "./printable.ts";
import type { Office } from "./with-postern.ts";
import type { Words } from "./words/en.ts";

/** @throws CliFailure `unknown_role`, with the nearest name */
export async function requireKnownRole({ door }: Pick<Office, "door">, role: string): Promise<void> {
  const roles = (await door.roles.list()).map(({ name }) => name);
  if (roles.includes(role)) return;
  const guess = nearest(role, roles);
  throw new CliFailure("unknown_role", (words) => words.unknownRole(role, guess, roles.join(", ")), {
    more: { role, didYouMean: guess, known: roles },
  });
}

/** The role that a command is about. @throws CliFailure `role_not_found`, with the nearest name */
export async function findRole({ door }: Pick<Office, "door">, name: string): Promise<RoleDescription> {
  const found = await door.roles.get(name);
  if (found !== null) return found;
  const known = (await door.roles.list()).map((role) => role.name);
  const guess = nearest(name, known);
  throw new CliFailure(
    "role_not_found",
    (words) => words.unknownRole(printable(name), guess, known.join(", ")),
    { more: { role: name, didYouMean: guess, known } },
  );
}

/** A role as `--json` shows it. */
export function roleDocument({ name, title, source, permissions, holders }: RoleDescription): object {
  return { name, title, source, locked: source !== "database", permissions, holders };
}

/** Who changes roles from here, why, and whether it is only tried out. */
export function roleTerms({ flags: { reason, dryRun } }: Pick<Invocation, "flags">) {
  return { actor: actor(), reason, dryRun };
}

/** A change of a role, for `--json`. `role` as it is afterwards; `null` = it is no more. */
export function roleChange(
  { flags }: Pick<Invocation, "flags">,
  action: "role.created" | "role.changed" | "role.removed",
  change: { readonly changed: boolean; readonly warnings: readonly string[]; readonly role: object },
): object {
  return { dryRun: flags.dryRun, action, ...change };
}

/** What a verb refuses about a role, as the command line tells it. */
export async function tellingRoles<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PosternError) || !(error.code in REFUSALS)) throw error;
    const code = error.code as keyof typeof REFUSALS;
    throw new CliFailure(
      code,
      ({ roles }) => REFUSALS[code](roles, printable(name), error.reason ?? error.message),
      { ...(code === "role_in_use" && { hint: ({ roles }) => roles.inUseHint }), cause: error },
    );
  }
}

type Refusal = (roles: Words["roles"], name: string, reason: string) => string;

const REFUSALS = {
  role_locked: (roles, name, reason) =>
    roles.locked(name, reason === "built-in" ? "built-in" : "configuration"),
  role_exists: (roles, name) => roles.exists(name),
  role_in_use: (roles, name, reason) => roles.inUse(name, reason),
  role_invalid: (roles) => roles.invalid,
} as const satisfies Record<string, Refusal>;
