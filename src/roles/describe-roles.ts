import type { Policy } from "../access/live-policy.ts";
import type { Permission, RoleName } from "../model/role.ts";
import type { Store } from "../model/store.ts";
import type { Title } from "../model/title.ts";
import type { Settings } from "../options.ts";
import { type RoleSource, sourceOf } from "./role-source.ts";

/** A role as administrators see it, wherever it comes from. */
export interface RoleDescription {
  readonly name: RoleName;
  readonly title: Title;
  readonly source: RoleSource;
  /** What it gives, with what the roles give that it includes; sorted. */
  readonly permissions: readonly Permission[];
  /** How many people hold it. */
  readonly holders: number;
}

/** Every role: built in, of the configuration, of the database, in this order. */
export function describeRoles(
  runtime: { readonly settings: Settings; readonly store: Pick<Store, "grants"> },
  policy: Policy,
): Promise<readonly RoleDescription[]> {
  return Promise.all(policy.roles.roles.map((name) => describe(runtime, policy, name)));
}

/** One of them; `null` = there is none of that name. */
export async function describeRole(
  runtime: { readonly settings: Settings; readonly store: Pick<Store, "grants"> },
  policy: Policy,
  name: RoleName,
): Promise<RoleDescription | null> {
  return policy.roles.roles.includes(name) ? describe(runtime, policy, name) : null;
}

async function describe(
  { settings, store }: { readonly settings: Settings; readonly store: Pick<Store, "grants"> },
  policy: Policy,
  name: RoleName,
): Promise<RoleDescription> {
  const source = sourceOf(settings, policy, name) ?? "database";
  const stored = source === "database" ? policy.stored.find((role) => role.name === name) : undefined;
  return {
    name,
    title: stored?.title ?? { en: name, "zh-CN": name },
    source,
    permissions: policy.roles.permissionsOf([name]),
    holders: await store.grants.countHolders(name),
  };
}
