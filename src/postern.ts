import { createLivePolicy } from "./access/live-policy.ts";
import { usedChecks } from "./access/used-checks.ts";
import { type ApiKeyVerbs, apiKeyVerbs } from "./api-keys/api-key-verbs.ts";
import { type AuditVerbs, auditVerbs } from "./audit/audit-verbs.ts";
import { createSealer, type Sealer } from "./crypto/seal.ts";
import { PosternError } from "./errors.ts";
import { type HousekeepingVerbs, housekeepingVerbs } from "./housekeeping/housekeeping-verbs.ts";
import { createHousekeepingWorker } from "./housekeeping/housekeeping-worker.ts";
import { applicationCors, type Cors, type CorsOptions } from "./http/application-cors.ts";
import type { Connection } from "./http/call.ts";
import type { GuardOptions, RoleArguments } from "./http/guard-options.ts";
import {
  authenticateRequest,
  type Guard,
  type KeyGuardOptions,
  type PeopleGuardOptions,
  requirePermission,
  requireRole,
  requireUser,
} from "./http/guards.ts";
import { createRouter } from "./http/router.ts";
import { tellMetrics } from "./http/tell-metrics.ts";
import { type InvitationVerbs, invitationVerbs } from "./invitations/invitation-verbs.ts";
import { createLimiter } from "./limits/limiter.ts";
import { SILENT_LOG } from "./model/log.ts";
import type { Caller, Principal } from "./model/principal.ts";
import type { BuiltInRole } from "./model/role.ts";
import type { Store } from "./model/store.ts";
import { hostKey } from "./oauth/host-key.ts";
import { createOutbound, type Outbound } from "./oauth/outbound.ts";
import { createOperation } from "./operation/operation.ts";
import { type CloseOptions, type House, shutDown } from "./operation/shut-down.ts";
import { findTracing } from "./operation/spans.ts";
import type { OnlyRegistered, PosternOptions, Settings } from "./options.ts";
import { checkOptions } from "./options-check.ts";
import { type OwnerLinkVerbs, ownerLinkVerbs } from "./owner-link/owner-link-verbs.ts";
import { connect } from "./providers/connect.ts";
import { createRecheckWorker } from "./recheck/recheck-worker.ts";
import { type RequestVerbs, requestVerbs } from "./requests/request-verbs.ts";
import { type RoleVerbs, roleVerbs } from "./roles/role-verbs.ts";
import { type RuleVerbs, ruleVerbs } from "./rules/rule-verbs.ts";
import type { Runtime } from "./runtime.ts";
import { createLastSeen } from "./sessions/last-seen.ts";
import { createSessionCache } from "./sessions/session-cache.ts";
import { type SessionVerbs, sessionVerbs } from "./sessions/session-verbs.ts";
import { openStore } from "./storage/open-store.ts";
import type { Redis } from "./storage/redis.ts";
import { type TransferVerbs, transferVerbs } from "./transfer/transfer-verbs.ts";
import { type UserVerbs, userVerbs } from "./users/user-verbs.ts";
import { type ProviderApi, providerApi } from "./vault/provider-api.ts";
import { requireApi, requireKept } from "./vault/require-kept.ts";
import { type Resealed, resealInBackground, resealTokens } from "./vault/reseal-tokens.ts";
import { createTokenBroker, type TokenBroker } from "./vault/token-broker.ts";
import type { RequestHead } from "./web/headers.ts";
import { createDeliveryWorker } from "./webhooks/delivery-worker.ts";
import { type WebhookVerbs, webhookVerbs } from "./webhooks/webhook-verbs.ts";

/** The roles that options know: the built-in ones and their own. */
export type RoleOf<Options extends PosternOptions> =
  | BuiltInRole
  | Extract<keyof NonNullable<Options["roles"]>, string>;

/** The permissions that options know: none where they register none and declare no roles. */
export type PermissionOf<Options extends PosternOptions> =
  | ("roles" extends keyof Options
      ? NonNullable<Options["roles"]>[keyof NonNullable<Options["roles"]>][number]
      : never)
  | ("permissions" extends keyof Options
      ? Extract<keyof NonNullable<Options["permissions"]>, string>
      : never);

/** The ids of the providers whose tokens options keep; any text where a list is known only when it runs. */
export type KeptProviderOf<Options extends PosternOptions> = IdIfKept<Options["providers"][number]>;

type IdIfKept<Provider extends PosternOptions["providers"][number]> = Provider extends unknown
  ? true extends Provider["keepTokens"]
    ? Provider["id"]
    : never
  : never;

/** Postern without a framework: web `Request` in, `Response` out. `Kept`: the providers whose tokens are kept. */
export interface Postern<
  Role extends string = string,
  Permission extends string = string,
  Kept extends string = string,
> {
  /** Answers everything under the mount path; `null` = not ours. Never rejects. */
  handle(request: Request, connection?: Connection): Promise<Response | null>;
  /** Who sends this request; `null` = nobody. @throws PosternError `store_unavailable` */
  authenticate(request: Pick<RequestHead, "headers">): Promise<Principal | null>;
  /** A guard that lets pass whoever is signed in and holds a role. */
  requireUser(options?: GuardOptions): Guard;
  /** A guard that lets pass whoever holds one of the roles, or a role that includes one: an owner passes everywhere. */
  requireRole(...roles: RoleArguments<Role>): Guard;
  /** A guard that lets pass people who have the permission, and machines that show an API key with it (`Authorization: Bearer pst_…`). */
  requirePermission(permission: Permission, options: KeyGuardOptions): Guard<Caller>;
  /** A guard that lets pass whoever has the permission. */
  requirePermission(permission: Permission, options?: PeopleGuardOptions): Guard;
  /** Lets the front ends of `allowedOrigins` read the application's own answers, and answers their preflights. */
  cors(options?: CorsOptions): Cors;
  /** People: list, find, give and take roles. */
  readonly users: UserVerbs<Role>;
  /** Roles: list, make, change, remove; why somebody may do something. */
  readonly roles: RoleVerbs;
  /** Invitations: make, list, send again, take back. */
  readonly invitations: InvitationVerbs;
  /** Signed-in browsers: list, end. */
  readonly sessions: SessionVerbs;
  /** The ways in for whoever holds the server, when there is no owner or no provider. */
  readonly ownerLinks: OwnerLinkVerbs;
  /** Those who ask to be let in: list, approve, decline. */
  readonly requests: RequestVerbs;
  /** Moving people from one database to another: export, import. */
  readonly transfer: TransferVerbs;
  /** Endpoints that are told of what happens here: list, test. */
  readonly webhooks: WebhookVerbs;
  /** Access rules: list, change, find out what other ones would do. */
  readonly rules: RuleVerbs;
  /**
   * The access token of somebody at a provider with `keepTokens`, refreshed when its time is nearly up. With OAuth 1.0a
   * it is token and secret as a form.
   * @throws PosternError `token_gone` (they must sign in again), `provider_unavailable` (with `retryAfter`), `provider_rejected`
   */
  accessToken(user: { readonly id: string }, provider: Kept): Promise<string>;
  /** Seals kept tokens with the newest secret at once, as every start does in the background; `tell` hears how far it is. */
  resealTokens(tell?: (told: Resealed) => void): Promise<Resealed>;
  /**
   * The API of a provider with `keepTokens`, on somebody's behalf: `await postern.api(user, "github").get("/user/repos").json()`.
   * The token is added here, refreshed where it has to be, and goes nowhere else.
   * @throws ConfigError when the provider keeps no tokens, or where its API is, is not known
   */
  api(user: { readonly id: string }, provider: Kept): ProviderApi;
  /** What happened. */
  readonly audit: AuditVerbs;
  /** Removing what has had its time, as happens by itself. */
  readonly housekeeping: HousekeepingVerbs;
  /** Keys of machines: make, list, revoke. */
  readonly apiKeys: ApiKeyVerbs<Permission>;
  /** The address people type; for adapters, which build requests from it. */
  readonly publicUrl: URL;
  /** `/auth`. */
  readonly mountPath: string;
  /** Everything that is measured here, in the Prometheus text format 0.0.4: for a port of your own. The option `metrics` has a door for it. */
  metrics(): string;
  /**
   * Ends it in good order, within the deadline: not ready any more, nobody new is let in, what was begun is finished, what
   * is still to be written is written, and the database is let go. Whatever is cut off at the deadline is told in the log.
   * May be called twice; the first call decides. `process.on("SIGTERM", () => door.close({ server }))`
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Opens Postern: checks the options, opens the store, runs its migrations where that is on.
 *
 * @throws ConfigError with every mistake at once; PosternError `store_unavailable`, `migrations_pending`
 */
export async function createPostern<const Options extends PosternOptions>(
  options: Options & OnlyRegistered<Options>,
): Promise<Postern<RoleOf<Options>, PermissionOf<Options>, KeptProviderOf<Options>>> {
  const runtime = await openRuntime(options);
  // Says so when it starts beside a newer version, whether or not anybody ever probes it.
  await runtime.operation.readiness.ask();
  runtime.store.sharedMemory?.start();
  const outbound = webhookOutbound(runtime);
  const worker = createDeliveryWorker(runtime, outbound);
  worker.start();
  const resealing = resealInBackground(runtime);
  const broker = createTokenBroker(runtime);
  const rechecks = createRecheckWorker(runtime, broker);
  rechecks.start();
  const housekeeping = createHousekeepingWorker(runtime);
  housekeeping.start();
  return fromRuntime(runtime, outbound, broker, {
    housekeeping: () => housekeeping.close(),
    rechecks: () => rechecks.close(),
    resealing: () => resealing.close(),
    webhooks: () => worker.close(),
  });
}

/** The same for a short visit, such as a command: what is to be done in the background is left to the servers. */
export async function visitPostern(options: PosternOptions): Promise<Postern> {
  const runtime = await openRuntime(options);
  const outbound = webhookOutbound(runtime);
  return fromRuntime(runtime, outbound, createTokenBroker(runtime), { webhooks: () => outbound.close() });
}

/** What everything inside works with, from options alone. @throws as `createPostern` does */
export async function openRuntime(options: PosternOptions): Promise<Runtime> {
  const settings = checkOptions(options);
  const { now, log } = settings;
  await findTracing();
  const sealer = createSealer(settings.secrets);
  const redis = await openBeside(settings, sealer);
  const store = await openStore(settings.database, { now, log, redis });
  try {
    await bringUpToDate(store, settings);
    redis?.settle(await nameOf(store, settings));
    const outbound = createOutbound({
      allowedHosts: new Set(settings.providers.flatMap((provider) => [...provider.namedHosts()])),
      now: settings.now,
      log: settings.log,
    });
    const runtime = createRuntime(settings, { store, sealer, outbound });
    // Tells at once of what no longer makes sense, such as a rule whose provider is gone.
    await runtime.policy.latest();
    return runtime;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Imported when chosen, as the engines are. */
async function openBeside({ redis: place, log }: Settings, sealer: Sealer): Promise<Redis | null> {
  if (place === null) return null;
  const { openRedis } = await import("./storage/redis.ts");
  return openRedis({ place, sealer, log });
}

/** Different for each database: for a copy by where it is, and for one at the same address elsewhere by when it was made. */
async function nameOf(store: Store, { database }: Settings): Promise<string> {
  const [first] = await store.migrations();
  // Instances may log in as different users.
  const address = database.replace(/\/\/[^/]*@/, "//").replace(/\?.*$/, "");
  return `${address} ${first?.appliedAt}`;
}

async function bringUpToDate(store: Store, { autoMigrate, log }: Settings): Promise<void> {
  if (autoMigrate) {
    const ran = await store.migrate();
    if (ran.length > 0) log.info({ migrations: ran }, "migrations have run");
    return;
  }
  const pending = (await store.migrations())
    .filter(({ appliedAt }) => appliedAt === null)
    .map(({ name }) => name);
  if (pending.length > 0) {
    throw new PosternError(
      "migrations_pending",
      `The database lacks ${pending.join(", ")}. Run: npx postern migrate`,
    );
  }
}

interface Parts {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly outbound: Outbound;
}

function createRuntime(settings: Settings, { store, sealer, outbound }: Parts): Runtime {
  const { now, log } = settings;
  const policy = createLivePolicy(settings, store);
  return {
    settings,
    store,
    providers: new Map(
      settings.providers.map((definition) => {
        const checks = async () => usedChecks((await policy.latest()).access, definition.id);
        return [definition.id, connect(definition, { outbound, now, log, usedChecks: checks })];
      }),
    ),
    policy,
    sessionCache: createSessionCache(store),
    lastSeen: createLastSeen(store, log, now),
    sealer,
    operation: createOperation({ store, log }),
    limits: createLimiter({ settings, store, now, log }),
    now,
    log,
  };
}

/**
 * A client of its own for webhooks: a host that is named for one is not named for the other, and one that is dead takes no
 * connection away from a sign-in. Silent, because the worker tells what came of each message.
 */
function webhookOutbound({ settings: { webhooks }, now }: Runtime): Outbound {
  return createOutbound({
    allowedHosts: new Set(webhooks.map(({ url }) => hostKey(url))),
    now,
    log: SILENT_LOG,
  });
}

function fromRuntime(
  runtime: Runtime,
  outbound: Outbound,
  broker: TokenBroker,
  background: House["background"],
): Postern {
  let closing: Promise<void> | null = null;
  const house: House = {
    gate: runtime.operation.gate,
    log: runtime.log,
    background,
    foundations: { refreshes: () => broker.close(), database: () => closeRuntime(runtime) },
  };
  return {
    handle: createRouter(runtime),
    authenticate: async (request) => authenticateRequest(runtime, request),
    requireUser: (options) => requireUser(runtime, options),
    requireRole: (...roles) => requireRole(runtime, roles),
    requirePermission: permissionGuard(runtime),
    cors: (options) => applicationCors(runtime, options),
    users: userVerbs(runtime),
    roles: roleVerbs(runtime),
    invitations: invitationVerbs(runtime),
    sessions: sessionVerbs(runtime),
    ownerLinks: ownerLinkVerbs(runtime),
    requests: requestVerbs(runtime),
    transfer: transferVerbs(runtime),
    webhooks: webhookVerbs(runtime, outbound),
    rules: ruleVerbs(runtime),
    accessToken: async ({ id }, provider) => {
      const wanted = { userId: id, provider: requireKept(runtime, provider).id };
      return (await broker.tokens(wanted)).accessToken;
    },
    resealTokens: (tell = () => {}) => resealTokens(runtime, tell),
    api: ({ id }, provider) => providerApi({ ...requireApi(runtime, provider), broker, userId: id }),
    audit: auditVerbs(runtime),
    housekeeping: housekeepingVerbs(runtime),
    apiKeys: apiKeyVerbs(runtime),
    publicUrl: runtime.settings.publicUrl,
    mountPath: runtime.settings.mountPath,
    metrics: () => tellMetrics(runtime),
    close: (options) => {
      closing ??= shutDown(house, options);
      return closing;
    },
  };
}

function permissionGuard(runtime: Runtime): Postern["requirePermission"] {
  function guard(permission: string, options: KeyGuardOptions): Guard<Caller>;
  function guard(permission: string, options?: PeopleGuardOptions): Guard;
  function guard(permission: string, options?: PeopleGuardOptions | KeyGuardOptions): Guard<Caller> {
    return requirePermission(runtime, permission, options);
  }
  return guard;
}

/** Writes what is still to be written, then lets go of everything. */
export async function closeRuntime({ lastSeen, limits, providers, store }: Runtime): Promise<void> {
  await lastSeen.close();
  await limits.close();
  await Promise.all([...providers.values()].map((provider) => provider.close()));
  await store.close();
}
