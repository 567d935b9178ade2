import { ConfigError, type ConfigProblem } from "./errors.ts";
import type { AccessRule } from "./model/access-rule.ts";
import { checkAccessRules } from "./model/check-access-rules.ts";
import { checkNames } from "./model/check-names.ts";
import { checkWebhooks } from "./model/check-webhooks.ts";
import type { Log } from "./model/log.ts";
import { OWNER_LINK_PROVIDER } from "./model/owner-link.ts";
import { checkRecheckSettings } from "./model/recheck-settings.ts";
import { BUILT_IN_ROLES } from "./model/role.ts";
import type { Report, RuleVocabulary } from "./model/rule-vocabulary.ts";
import type { SessionLimits } from "./model/session.ts";
import { checkSignOutOptions } from "./model/sign-out-options.ts";
import { checkTokenSettings } from "./model/token-settings.ts";
import type { Brand, BrandOptions, OwnerName, PosternOptions, Settings } from "./options.ts";
import { checkPermissions } from "./options-check/permissions.ts";
import { checkRoles } from "./options-check/roles.ts";
import type { ProviderDefinition } from "./providers/definition.ts";
import { checkOrigins, warnOfOtherSites } from "./web/check-origins.ts";
import { isLoopback } from "./web/loopback.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SECRET_FIX =
  "Generate one with: node -p \"require('node:crypto').randomBytes(32).toString('base64url')\" and put it into POSTERN_SECRET.";

const OPTION_NAMES = {
  publicUrl: true,
  secret: true,
  database: true,
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
  brand: true,
  log: true,
  now: true,
} as const satisfies Record<keyof PosternOptions, true>;
const SESSION_NAMES = ["idle", "absolute"] as const satisfies readonly (keyof SessionLimits)[];
const BRAND_NAMES = ["name", "support", "places"] as const satisfies readonly (keyof BrandOptions)[];
/** A visit is written up to 70 seconds late, so a shorter idle time would put people out who are at work. */
const SHORTEST_SESSION = 5 * MINUTE;
const DEFAULT_DATABASE = "file:.postern/postern.db";

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
    secrets: checkSecrets(options.secret ?? environment.POSTERN_SECRET?.split(","), report),
    database: checkDatabase(database, report),
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
    session: checkSession(options.session, report),
    trustProxy: checkTrustProxy(options.trustProxy, report),
    autoMigrate: options.autoMigrate ?? !isServer(database),
    refreshLease: checkRefreshLease(options.refreshLease, report),
    allowedOrigins: checkOrigins(options.allowedOrigins, publicUrl, report),
    tokens: checkTokenSettings(options.tokens, report),
    brand: checkBrand(options.brand, report),
    log,
    now: options.now ?? Date.now,
  };
  if (problems.length > 0) throw new ConfigError(problems);
  warnOfOtherSites(settings);
  return settings;
}

/** Names of an option that has members, or of all. */
function checkKeys(given: object, known: readonly string[], prefix: string, report: Report): void {
  if (typeof given === "object") checkNames(given, known, prefix, report);
  else report(prefix.slice(0, -1), "is not an object", `Write it as { … } with: ${known.join(", ")}.`);
}

function checkPublicUrl(value: unknown, report: Report): URL {
  const fallback = new URL("http://localhost");
  if (typeof value !== "string" || value === "") {
    report(
      "publicUrl",
      "is missing",
      'Set the address people type into their browser, such as "https://admin.example.com" (or POSTERN_PUBLIC_URL).',
    );
    return fallback;
  }
  const url = URL.parse(value);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    report(
      "publicUrl",
      `"${value}" is not an http or https address`,
      `Write it in full: "${inFull(value)}".`,
    );
    return fallback;
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    report("publicUrl", "holds a user, a query or a fragment", `Use "${url.origin}".`);
  }
  if (url.pathname !== "/") {
    report(
      "publicUrl",
      `has the path "${url.pathname}"`,
      `Use "${url.origin}"; the path of the doors is mountPath.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    report(
      "publicUrl",
      "is http on a host that is not this machine; its cookies could be read on the way",
      `Use "https://${url.host}".`,
    );
  }
  return new URL(url.origin);
}

/** The address that somebody who left out the scheme probably meant. */
function inFull(value: string): string {
  for (const scheme of ["https", "http"]) {
    const url = URL.parse(`${scheme}://${value}`);
    if (url !== null && (scheme === "http") === isLoopback(url.hostname) && !value.includes("/")) {
      return url.origin;
    }
  }
  return "https://admin.example.com";
}

function checkSecrets(value: unknown, report: Report): readonly string[] {
  const secrets = (Array.isArray(value) ? value : [value]).map((secret: unknown) =>
    typeof secret === "string" ? secret.trim() : "",
  );
  if (secrets.length === 0 || secrets.every((secret) => secret === "")) {
    report("secret", "is missing (is its environment variable set?)", SECRET_FIX);
    return [];
  }
  secrets.forEach((secret, index) => {
    const path = secrets.length === 1 ? "secret" : `secret[${index}]`;
    if (Buffer.byteLength(secret) < 32) report(path, "is shorter than 32 bytes", SECRET_FIX);
    else if (new Set(secret).size < 10 || /change.?me|your.?secret|placeholder/i.test(secret)) {
      report(path, "looks like a placeholder", SECRET_FIX);
    }
  });
  return secrets;
}

/** The value itself stays out of the message: it may hold a password. */
function checkDatabase(database: unknown, report: Report): string {
  if (typeof database === "string" && (database.startsWith("file:") || isServer(database))) return database;
  const scheme = typeof database === "string" ? /^([a-z][a-z0-9+.-]*):/i.exec(database)?.[1] : undefined;
  const path = typeof database === "string" && /^[\w./-]+$/.test(database) ? database : ".postern/postern.db";
  report(
    "database",
    scheme === undefined
      ? "is neither a file nor the address of a database server"
      : `begins with "${scheme}:"; it can be "file:", "postgres:" or "mysql:"`,
    `Use "file:${path}", "postgres://user@host/name" or "mysql://user@host/name".`,
  );
  return DEFAULT_DATABASE;
}

/** True for a database that lives in a server of its own. */
function isServer(database: string): boolean {
  return /^(postgres(ql)?|mysql|mariadb):\/\//.test(database);
}

function checkProviders(value: PosternOptions["providers"], report: Report): PosternOptions["providers"] {
  if (!Array.isArray(value)) {
    report(
      "providers",
      "is not a list",
      "List at least one provider: providers: [google({ clientId, clientSecret })].",
    );
    return [];
  }
  if (value.length === 0) {
    report(
      "providers",
      "is empty, so nobody can sign in",
      'List at least one: import { google } from "postern/providers/google"; providers: [google({ clientId, clientSecret })].',
    );
  }
  const seen = new Set<string>();
  value.forEach((provider: unknown, index) => {
    const path = `providers[${index}]`;
    if (!isDefinition(provider)) {
      report(
        path,
        typeof provider === "function" ? "is a function that was not called" : "is not a provider",
        "Call it with its options: github({ clientId, clientSecret }).",
      );
      return;
    }
    for (const problem of provider.problems()) {
      report(problem.path === "" ? path : `${path}.${problem.path}`, problem.message, problem.fix);
    }
    if (seen.has(provider.id)) {
      report(
        `${path}.id`,
        `"${provider.id}" is used twice`,
        `Give one of them another: id: "${provider.id}-2".`,
      );
    }
    if (provider.id === OWNER_LINK_PROVIDER) {
      report(
        `${path}.id`,
        `"${provider.id}" is what sessions are said to come from that an owner link has opened`,
        `Choose another, such as id: "${provider.id}-2".`,
      );
    }
    seen.add(provider.id);
  });
  return definitionsIn(value);
}

/** What can be asked for an id; the rest is reported where it stands. */
function definitionsIn(value: unknown): PosternOptions["providers"] {
  return Array.isArray(value) ? value.filter(isDefinition) : [];
}

function ids(providers: PosternOptions["providers"]): readonly string[] {
  return providers.map(({ id }) => id);
}

function isDefinition(value: unknown): value is ProviderDefinition {
  return typeof value === "object" && value !== null && "problems" in value && "id" in value;
}

function checkOwners(
  value: unknown,
  options: PosternOptions,
  log: Log,
  report: Report,
): readonly OwnerName[] {
  const providers = ids(options.providers);
  const example = `${providers[0] ?? "google"}:ada@example.com`;
  if (value !== undefined && !Array.isArray(value)) {
    report("owners", "is not a list", `Write owners: ["${example}"].`);
    return [];
  }
  return (value ?? []).flatMap((entry: unknown, index) => {
    const path = `owners[${index}]`;
    if (typeof entry !== "string" || entry.trim() === "") {
      report(path, "is not a text", `Write "<provider>:<subject or e-mail>", such as "${example}".`);
      return [];
    }
    const colon = entry.indexOf(":");
    const owner =
      colon === -1
        ? { provider: null, who: entry.trim() }
        : { provider: entry.slice(0, colon).trim(), who: entry.slice(colon + 1).trim() };
    if (owner.provider === null && !owner.who.includes("@")) {
      report(
        path,
        `"${entry}" names no provider`,
        `Write "<provider>:<subject or e-mail>", such as "${providers[0] ?? "google"}:${likelySubject(entry, options.providers[0])}".`,
      );
    } else if (owner.who === "") {
      report(
        path,
        `"${entry}" names nobody`,
        `Write "<provider>:<subject or e-mail>", such as "${example}".`,
      );
    } else if (owner.provider !== null && !providers.includes(owner.provider)) {
      report(
        path,
        `names the provider "${owner.provider}", which is not configured`,
        `Configured are: ${providers.join(", ") || "none"}.`,
      );
    } else if (owner.provider !== null) {
      const provider = options.providers.find(({ id }) => id === owner.provider);
      checkSubject(owner.who, provider, (...told) => report(path, ...told));
    } else if (providers.length > 1) {
      log.warn(
        { owner: entry },
        `owners: "${entry}" counts from every provider that verifies e-mail; with several providers name one: "${providers[0]}:${entry}"`,
      );
    }
    return owner;
  });
}

/** A login name where the provider counts people would be an owner whom nobody ever is. */
function checkSubject(
  who: string,
  provider: ProviderDefinition | undefined,
  report: (message: string, fix: string) => void,
): void {
  if (provider === undefined || who.includes("@") || likelySubject(who, provider) === who) return;
  const { id, name, subjectShape } = provider;
  report(
    `"${who}" is not an id of ${name.en}, so nobody could ever match`,
    `Write the id, such as "${id}:${subjectShape?.example}", or an e-mail that it verifies: "${id}:ada@example.com".`,
  );
}

/** What was written, or an example when subjects of this provider look different. */
function likelySubject(who: string, provider: ProviderDefinition | undefined): string {
  const shape = provider?.subjectShape;
  return shape === undefined || shape.pattern.test(who) ? who : shape.example;
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

function checkSession(value: PosternOptions["session"], report: Report): Settings["session"] {
  checkKeys(value ?? {}, SESSION_NAMES, "session.", report);
  const limits = { idle: value?.idle ?? 8 * HOUR, absolute: value?.absolute ?? 7 * DAY };
  for (const name of SESSION_NAMES) {
    if (!(Number.isFinite(limits[name]) && limits[name] >= SHORTEST_SESSION)) {
      report(
        `session.${name}`,
        "is less than five minutes or not a number",
        "Give milliseconds: 8 * 60 * 60 * 1000 for eight hours.",
      );
    }
  }
  if (limits.idle > limits.absolute) {
    report("session.idle", "is longer than session.absolute", "Make it the shorter of the two.");
  }
  return limits;
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
  if (!(Number.isFinite(lease) && lease >= 100 && lease <= MINUTE)) {
    report("refreshLease", "is not between 100 milliseconds and a minute", "Give milliseconds: 5000.");
  }
  return lease;
}

function checkBrand(value: BrandOptions | undefined, report: Report): Brand {
  checkKeys(value ?? {}, BRAND_NAMES, "brand.", report);
  const name = value?.name ?? { en: "Back Office", "zh-CN": "后台" };
  const names: readonly unknown[] = typeof name === "string" ? [name] : [name.en, name["zh-CN"]];
  if (!names.every((text) => typeof text === "string" && text !== "")) {
    report(
      "brand.name",
      "is not a text in both languages",
      'Write "Acme" or { en: "Acme", "zh-CN": "Acme" }.',
    );
  }
  const support = value?.support ?? null;
  if (support !== null && !/^[^@\s]+@[^@\s]+$/.test(support) && URL.parse(support)?.protocol !== "https:") {
    report(
      "brand.support",
      `"${support}" is neither an e-mail address nor an https address`,
      'Use "it@example.com".',
    );
  }
  return {
    name: typeof name === "string" ? { en: name, "zh-CN": name } : name,
    support,
    places: value?.places ?? {},
  };
}

function split(list: string | undefined): readonly string[] | undefined {
  return list?.split(",").flatMap((entry) => (entry.trim() === "" ? [] : [entry.trim()]));
}

function checkLog(value: Log | undefined, report: Report): Log {
  if (value === undefined) return consoleLog;
  const lacking = Object.keys(consoleLog).filter(
    (level) => typeof Reflect.get(Object(value), level) !== "function",
  );
  if (lacking.length === 0) return value;
  report(
    "log",
    `has no ${lacking.join(", ")}`,
    "Give a logger such as pino's, called as log.warn(fields, message).",
  );
  return consoleLog;
}

const consoleLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => console.warn(`postern: ${message}`, fields),
  error: (fields, message) => console.error(`postern: ${message}`, fields),
};
