import { requireMayReadAll } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Identity } from "../model/identity.ts";
import type { PendingGrant } from "../model/pending-grant.ts";
import type { StoredPolicy } from "../model/policy.ts";
import type { RoleGrant } from "../model/role.ts";
import { roleCatalogue } from "../model/role-catalogue.ts";
import type { StoreView } from "../model/store.ts";
import type { User } from "../model/user.ts";
import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import type {
  CarriedDefinition,
  CarriedGrant,
  CarriedIdentity,
  CarriedRole,
  CarriedUser,
  TransferRecord,
} from "./transfer-record.ts";

/** What an export may leave out. */
export const EXPORT_PARTS = ["definitions", "users", "identities", "roles", "waiting"] as const;
export type ExportPart = (typeof EXPORT_PARTS)[number];

export interface ExportWish {
  /** Default everything. `definitions` are the roles of the database; identities and roles are told with their users. */
  readonly include?: readonly ExportPart[];
}

/** As many people as are read at once. */
const PAGE = 500;

/**
 * Everybody with their identities and roles, as they all were at the moment of the first: a million need no more memory
 * than a page. The audit log tells that somebody took them. `reason` is the actor's own words.
 * @throws PosternError `permission_denied` to a user who is neither auditor nor administrator
 */
export async function* exportPeople(
  { settings, store, now }: Pick<Runtime, "settings" | "store" | "now">,
  { include = EXPORT_PARTS }: ExportWish,
  actor: string,
  reason?: string,
): AsyncGenerator<TransferRecord, void, undefined> {
  await store.transaction(async (tx) => {
    await requireMayReadAll(tx, actor);
    await tx.audit.insert(
      newEvent(now(), {
        action: "users.exported",
        actor,
        detail: { include, ...(reason !== undefined && { reason }) },
      }),
    );
  });
  const view = await store.openView();
  try {
    // Before those who hold them.
    if (include.includes("definitions")) yield* definitions(settings, await view.policy.read());
    if (include.includes("users")) yield* users(view, include);
    if (!include.includes("waiting")) return;
    const waiting = (await view.pendingGrants.list()).map(carriedGrant);
    yield* waiting.sort((a, b) => compare(keyOf(a), keyOf(b)));
  } finally {
    await view.close();
  }
}

/** With what they give: a permission that no code declares any more gives nothing, and no import would take it. */
function definitions(
  settings: Settings,
  { roles }: Pick<StoredPolicy, "roles">,
): readonly CarriedDefinition[] {
  const known = roleCatalogue(
    settings.roles,
    [],
    settings.permissions.map(({ key }) => key),
  ).permissions;
  return roles.map(({ name, title, permissions, createdAt }) => ({
    kind: "role",
    name,
    title,
    permissions: permissions.filter((permission) => known.includes(permission)),
    createdAt,
  }));
}

async function* users(view: StoreView, include: readonly ExportPart[]): AsyncGenerator<CarriedUser> {
  for (let after: string | undefined; ; ) {
    const page = await view.users.list({ limit: PAGE, ...(after !== undefined && { after }) });
    const ids = page.map(({ id }) => id);
    const identities = include.includes("identities") ? await view.identities.ofUsers(ids) : [];
    const grants = include.includes("roles") ? await view.grants.ofUsers(ids) : [];
    const identitiesOf = Map.groupBy(identities, ({ userId }) => userId);
    const grantsOf = Map.groupBy(grants, ({ userId }) => userId);
    for (const user of page)
      yield carriedUser(user, identitiesOf.get(user.id) ?? [], grantsOf.get(user.id) ?? []);
    after = ids.at(-1);
    if (page.length < PAGE) return;
  }
}

function carriedUser(user: User, identities: readonly Identity[], grants: readonly RoleGrant[]): CarriedUser {
  const derived = grants.filter(({ source }) => source !== "direct").map(({ role }) => role);
  return {
    kind: "user",
    ...user,
    // In an order that does not depend on ids, which are made anew where they are imported.
    identities: identities.map(({ id: _, userId: __, ...rest }) => rest).sort(byKey),
    roles: grants.filter(({ source }) => source === "direct").map(carriedRole),
    derivedRoles: [...new Set(derived)],
  };
}

/** What is usual is not told. */
function carriedRole({
  role,
  createdAt,
  expiresAt,
  reason,
}: Pick<RoleGrant, "role" | "createdAt" | "expiresAt" | "reason">): CarriedRole {
  const end = expiresAt === null ? {} : { expiresAt };
  return { role, createdAt, ...end, ...(reason !== null && { reason }) };
}

function byKey(a: CarriedIdentity, b: CarriedIdentity): number {
  return compare([a.provider, a.issuer, a.subject].join("\n"), [b.provider, b.issuer, b.subject].join("\n"));
}

function keyOf({ who, roles }: CarriedGrant): string {
  return [who, ...roles.map(({ role }) => role)].join("\n");
}

/** By code unit: the same wherever it runs. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function carriedGrant({ provider, who, role, createdAt, expiresAt, reason }: PendingGrant): CarriedGrant {
  const name = provider === null ? who : `${provider}:${who}`;
  return {
    kind: "waiting",
    who: name,
    roles: [carriedRole({ role, createdAt, expiresAt, reason: null })],
    reason,
  };
}
