import { rankOf } from "../access/actor-rights.ts";
import { type ErrorCode, PosternError } from "../errors.ts";
import { changeRole, createRole } from "../roles/change-roles.ts";
import { sourceOf } from "../roles/role-source.ts";
import { nearest } from "../web/nearest.ts";
import type { ImportRuntime, ImportWish, Outcome } from "./import-context.ts";
import type { CarriedDefinition, RowProblem } from "./transfer-record.ts";

/** What taking over a role works with: each is a transaction of its own, since the policy is changed by it. */
export interface RoleImport {
  readonly runtime: ImportRuntime;
  readonly wish: ImportWish;
  readonly actor: string;
  readonly importId: string;
}

/**
 * Makes a role of the database that there is not yet, with permissions that the code knows. One that is here stays, or with
 * `update` gets the title and the permissions that it lacks; what is built in or stands in the configuration counts as it
 * is. @throws PosternError `permission_denied` to whoever may not change roles at all
 */
export async function importRole(context: RoleImport, record: CarriedDefinition): Promise<Outcome> {
  const { runtime, wish, actor, importId } = context;
  if ((await rankOf(runtime.store, actor)) === null)
    throw new PosternError("permission_denied", `"${actor}" may not change roles.`);
  const policy = await runtime.policy.latest();
  const known = policy.roles.permissions;
  const unknown = record.permissions.find((permission) => !known.includes(permission));
  if (unknown !== undefined)
    return {
      action: "failed",
      problem: { code: "permission_unknown", about: unknown, guess: nearest(unknown, known) },
    };
  const source = sourceOf(runtime.settings, policy, record.name);
  if (source !== null && wish.onConflict === "fail") return { action: "failed", problem: { code: "exists" } };
  if (source !== null && (wish.onConflict !== "update" || source !== "database"))
    return { action: "skipped" };
  const { reason, dryRun } = wish;
  const terms = { actor, reason, dryRun, imported: { id: importId, createdAt: record.createdAt } };
  try {
    return source === null ? await make(context, record, terms) : await complete(context, record, terms);
  } catch (error) {
    const code = error instanceof PosternError ? PROBLEMS[error.code] : undefined;
    if (code === undefined) throw error;
    return { action: "failed", problem: { code, about: record.name } };
  }
}

/** What is wrong with the line alone, by what the verb refuses. */
const PROBLEMS: Partial<Readonly<Record<ErrorCode, RowProblem["code"]>>> = {
  permission_denied: "permission_forbidden",
  role_in_use: "role_in_use",
};

type Terms = Parameters<typeof createRole>[2];

async function make({ runtime }: RoleImport, record: CarriedDefinition, terms: Terms): Promise<Outcome> {
  const { name, title, permissions } = record;
  await createRole(runtime, { name, title, permissions }, terms);
  return { action: "created" };
}

/** Takes nothing away. */
async function complete({ runtime }: RoleImport, record: CarriedDefinition, terms: Terms): Promise<Outcome> {
  const { name, title, permissions } = record;
  const change = { addedPermissions: permissions, ...(title !== null && { title }) };
  const { changed } = await changeRole(runtime, name, change, terms);
  return { action: changed ? "updated" : "skipped" };
}
