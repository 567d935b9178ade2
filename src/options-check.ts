import { ConfigError, type ConfigProblem } from "./errors.ts";
import type { AccessRule } from "./model/access-rule.ts";
import { checkAccessRules } from "./model/check-access-rules.ts";
import { checkWebhooks } from "./model/check-webhooks.ts";
import { checkLimitSettings } from "./model/limit-settings.ts";
import { checkRecheckSettings } from "./model/recheck-settings.ts";
import { checkRetention } from "./model/retention.ts";
import { BUILT_IN_ROLES } from "./model/role.ts";
import type { Report, RuleVocabulary } from "./model/rule-vocabulary.ts";
import { checkSignOutOptions } from "./model/sign-out-options.ts";
import { checkTokenSettings } from "./model/token-settings.ts";
import type { PosternOptions, Settings } from "./options.ts";
import { checkBrand } from "./options-check/brand.ts";
import { checkDatabase, DEFAULT_DATABASE, isServer } from "./options-check/database.ts";
import { checkKeys } from "./options-check/keys.ts";
import { checkLog } from "./options-check/log.ts";
import { checkMetrics } from "./options-check/metrics.ts";
import { checkOwners } from "./options-check/owners.ts";
import { checkPermissions } from "./options-check/permissions.ts";
import { checkProviders, definitionsIn } from "./options-check/providers.ts";
import { checkPublicUrl } from "./options-check/public-url.ts";
import { checkRedis } from "./options-check/redis.ts";
import { checkRoles } from "./options-check/roles.ts";
import { checkSecrets } from "./options-check/secret.ts";
import { checkSession } from "./options-check/session.ts";
import { checkOrigins, warnOfOtherSites } from "./web/check-origins.ts";
import { cookieNames } from "./web/cookie-names.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const OPTION_NAMES = {
  publicUrl: true,
  secret: true,
  database: true,
  redis: true,
  providers: true,
  owners: true,
  roles: true,
  permissions: true,
  access: true,
  requests: true,
  webhook: true,
  signOut: true,
  recheck: true,
  mountPath: true,
  session: true,
  trustProxy: true,
  autoMigrate: true,
  refreshLease: true,
  allowedOrigins: true,
  tokens: true,
  limits: true,
  retention: true,
  brand: true,
  metrics: true,
  log: true,
  now: true,
} as const satisfies Record<keyof PosternOptions, true>;
/**
 * Turns options and environment into settings; the options win over the environment.
 * Looks at everything before it gives up, so that one start shows every mistake.
 * @throws ConfigError with every problem and its fix
 */
export function checkOptions(options: PosternOptions, environment: Environment = process.env): Settings {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message, fix) => problems.push({ path, message, fix });

  if (typeof options !== "object" || options === null) {
    throw new ConfigError([
      { path: "(all)", message: "is not an object", fix: "Export defineConfig({ … }) as the default." },
    ]);
  }
  checkKeys(options, Object.keys(OPTION_NAMES), "", report);
  const log = checkLog(options.log, report);
  // An empty variable is one that is not set.
  const database = options.database || environment.DATABASE_URL || DEFAULT_DATABASE;
  const understood = { ...options, providers: definitionsIn(options.providers) };
  const publicUrl = checkPublicUrl(options.publicUrl || environment.POSTERN_PUBLIC_URL, report);
  const settings: Settings = {
    publicUrl,
    secrets: checkSecrets(options.secret ?? environment.POSTERN_SECRET, report),
    database: checkDatabase(database, report),
    redis: checkRedis(options.redis || environment.POSTERN_REDIS, report),
    providers: checkProviders(options.providers, report),
    owners: checkOwners(options.owners ?? split(environment.POSTERN_OWNERS), understood, log, report),
    roles: checkRoles(options.roles, report),
    permissions: checkPermissions(options, log, report),
    access: checkAccess(understood, report),
    requests: checkRequests(options.requests, report),
    webhooks: checkWebhooks(options.webhook, report),
    signOut: checkSignOutOptions(options.signOut, ids(understood.providers), report),
    recheck: checkRecheckSettings(options.recheck, report),
    mountPath: checkMountPath(options.mountPath, report),
    cookies: cookieNames(publicUrl.protocol === "https:"),
    session: checkSession(options.session, report),
    trustProxy: checkTrustProxy(options.trustProxy, report),
    autoMigrate: options.autoMigrate ?? !isServer(database),
    refreshLease: checkRefreshLease(options.refreshLease, report),
    allowedOrigins: checkOrigins(options.allowedOrigins, publicUrl, report),
    tokens: checkTokenSettings(options.tokens, report),
    limits: checkLimitSettings(options.limits, report),
    retention: checkRetention(options.retention, report),
    brand: checkBrand(options.brand, report),
    metricsTokens: checkMetrics(options.metrics, report),
    log,
    now: options.now ?? Date.now,
  };
  if (problems.length > 0) throw new ConfigError(problems);
  warnOfOtherSites(settings);
  return settings;
}

function ids(providers: PosternOptions["providers"]): readonly string[] {
  return providers.map(({ id }) => id);
}

function checkAccess(options: PosternOptions, report: Report): readonly AccessRule[] {
  return checkAccessRules(options.access ?? [], "access", ruleVocabulary(options), report);
}

function checkRequests(value: unknown, report: Report): Settings["requests"] {
  if (value === "open") return value;
  if (value !== undefined && value !== "ask")
    report("requests", 'is neither "ask" nor "open"', 'Write requests: "open", or leave it out.');
  return "ask";
}

/** What the rules of these options may name. */
export function ruleVocabulary({
  providers,
  roles,
}: Pick<PosternOptions, "providers" | "roles">): RuleVocabulary {
  return {
    providers: providers.map(({ id, membership }) => ({ id, checks: membership ?? {} })),
    roles: [...BUILT_IN_ROLES, ...Object.keys(roles ?? {})],
  };
}

function checkMountPath(value: string | undefined, report: Report): string {
  const path = value ?? "/auth";
  if (!/^(\/[a-z0-9][a-z0-9._-]*)+$/i.test(path)) {
    report("mountPath", `"${path}" is not a plain path`, 'Start with a slash and end without one: "/auth".');
  }
  return path;
}

function checkTrustProxy(value: number | undefined, report: Report): number {
  const hops = value ?? 0;
  if (!Number.isInteger(hops) || hops < 0 || hops > 10) {
    report(
      "trustProxy",
      "is not a number of proxies",
      "Count the proxies in front that add to X-Forwarded-For: 1 for a single one.",
    );
  }
  return hops;
}

function checkRefreshLease(value: number | undefined, report: Report): number {
  const lease = value ?? 5_000;
  if (!(Number.isFinite(lease) && lease >= 100 && lease <= 60_000)) {
    report("refreshLease", "is not between 100 milliseconds and a minute", "Give milliseconds: 5000.");
  }
  return lease;
}

function split(list: string | undefined): readonly string[] | undefined {
  return list?.split(",").flatMap((entry) => (entry.trim() === "" ? [] : [entry.trim()]));
}
