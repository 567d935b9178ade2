import { ConfigError, type ConfigProblem } from "./errors.ts";
import type { AccessRule } from "./model/access-rule.ts";
import type { Log } from "./model/log.ts";
import { BUILT_IN_ROLES } from "./model/role.ts";
import type { Brand, BrandOptions, OwnerName, PosternOptions, Settings } from "./options.ts";
import { nearest } from "./web/nearest.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Report = (path: string, message: string, fix: string) => void;

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
  access: true,
  mountPath: true,
  session: true,
  trustProxy: true,
  autoMigrate: true,
  allowedOrigins: true,
  brand: true,
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
  checkKeys(options, report);
  const log = options.log ?? consoleLog;
  const settings: Settings = {
    publicUrl: checkPublicUrl(options.publicUrl ?? environment.POSTERN_PUBLIC_URL, report),
    secrets: checkSecrets(options.secret ?? environment.POSTERN_SECRET?.split(","), report),
    database: checkDatabase(options.database ?? environment.DATABASE_URL, report),
    providers: checkProviders(options.providers, report),
    owners: checkOwners(options.owners ?? split(environment.POSTERN_OWNERS), options, log, report),
    roles: checkRoles(options.roles, report),
    access: checkAccess(options, report),
    mountPath: checkMountPath(options.mountPath, report),
    session: checkSession(options.session, report),
    trustProxy: checkTrustProxy(options.trustProxy, report),
    autoMigrate: options.autoMigrate ?? !isPostgres(options.database ?? environment.DATABASE_URL),
    allowedOrigins: checkOrigins(options.allowedOrigins, report),
    brand: checkBrand(options.brand, report),
    log,
    now: options.now ?? Date.now,
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

function checkKeys(options: PosternOptions, report: Report): void {
  const known = Object.keys(OPTION_NAMES);
  for (const key of Object.keys(options)) {
    if (key in OPTION_NAMES) continue;
    const guess = nearest(key, known);
    report(
      key,
      "is not an option",
      guess === null ? "Remove it." : `Did you mean "${guess}"? Rename or remove it.`,
    );
  }
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
      'Write it in full: "https://admin.example.com".',
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

function checkSecrets(value: string | readonly string[] | undefined, report: Report): readonly string[] {
  const secrets = (typeof value === "string" ? [value] : (value ?? [])).map((secret) =>
    typeof secret === "string" ? secret.trim() : "",
  );
  if (secrets.length === 0 || secrets.every((secret) => secret === "")) {
    report("secret", "is missing", SECRET_FIX);
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

function checkDatabase(value: string | undefined, report: Report): string {
  const database = value ?? "file:.postern/postern.db";
  const known = database.startsWith("file:") || isPostgres(database);
  if (!known) {
    report(
      "database",
      "is neither a file nor a PostgreSQL address",
      'Use "file:.postern/postern.db" or "postgres://user@host/name".',
    );
  }
  return database;
}

function isPostgres(database: string | undefined): boolean {
  return database !== undefined && /^postgres(ql)?:\/\//.test(database);
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
  value.forEach((provider, index) => {
    const path = `providers[${index}]`;
    for (const problem of provider.problems()) {
      report(problem.path === "" ? path : `${path}.${problem.path}`, problem.message, problem.fix);
    }
    if (seen.has(provider.id)) {
      report(
        `${path}.id`,
        `"${provider.id}" is used twice`,
        'Give one of them another id: github({ id: "github-acme", … }).',
      );
    }
    seen.add(provider.id);
  });
  return value;
}

function checkOwners(
  value: readonly string[] | undefined,
  options: PosternOptions,
  log: Log,
  report: Report,
): readonly OwnerName[] {
  const providers = Array.isArray(options.providers) ? options.providers.map(({ id }) => id) : [];
  return (value ?? []).map((entry, index) => {
    const path = `owners[${index}]`;
    const colon = entry.indexOf(":");
    const owner =
      colon === -1
        ? { provider: null, who: entry.trim() }
        : { provider: entry.slice(0, colon).trim(), who: entry.slice(colon + 1).trim() };
    if (owner.provider === null && !owner.who.includes("@")) {
      report(
        path,
        `"${entry}" names no provider`,
        `Write "<provider>:<subject or e-mail>", such as "${providers[0] ?? "google"}:${entry}".`,
      );
    } else if (owner.who === "") {
      report(
        path,
        `"${entry}" names nobody`,
        'Write "<provider>:<subject or e-mail>", such as "google:ada@example.com".',
      );
    } else if (owner.provider !== null && !providers.includes(owner.provider)) {
      report(
        path,
        `names the provider "${owner.provider}", which is not configured`,
        `Configured are: ${providers.join(", ") || "none"}.`,
      );
    } else if (owner.provider === null && providers.length > 1) {
      log.warn(
        { owner: entry },
        `owners: "${entry}" counts from every provider that verifies e-mail; with several providers name one: "${providers[0]}:${entry}"`,
      );
    }
    return owner;
  });
}

function checkRoles(value: PosternOptions["roles"], report: Report): Settings["roles"] {
  for (const [role, permissions] of Object.entries(value ?? {})) {
    const path = `roles.${role}`;
    if (role === "owner") report(path, "is built in and may do everything", "Remove it.");
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(role)) {
      report(
        path,
        "is not a role name",
        "Use lower-case letters, digits and hyphens, starting with a letter.",
      );
    }
    if (!Array.isArray(permissions)) {
      report(path, "is not a list of permissions", `Write ${role}: ["orders.read"].`);
      continue;
    }
    permissions.forEach((permission, index) => {
      if (typeof permission === "string" && /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(permission)) return;
      report(
        `${path}[${index}]`,
        `"${permission}" is not a permission name`,
        'Use words with dots, such as "orders.refund".',
      );
    });
  }
  return value ?? {};
}

function checkAccess(options: PosternOptions, report: Report): readonly AccessRule[] {
  const rules = options.access ?? [];
  if (!Array.isArray(rules)) {
    report(
      "access",
      "is not a list",
      'Write access: [{ when: { emailDomain: "example.com" }, then: "allow" }].',
    );
    return [];
  }
  rules.forEach((rule, index) => {
    checkRule(rule, `access[${index}]`, options, report);
  });
  return rules;
}

const CONDITIONS = ["email", "emailDomain", "provider"];

function checkRule(rule: AccessRule, path: string, options: PosternOptions, report: Report): void {
  const outcome: string = rule?.then;
  if (outcome !== "allow" && outcome !== "deny") {
    report(`${path}.then`, `"${outcome}" is not an outcome`, 'Use "allow" or "deny".');
  }
  const when: Readonly<Record<string, unknown>> = { ...rule?.when };
  if (Object.keys(when).length === 0) {
    report(
      `${path}.when`,
      "is empty, so it would match everybody",
      'Say whom it is for, such as { emailDomain: "example.com" }.',
    );
  }
  for (const [key, value] of Object.entries(when)) {
    if (!CONDITIONS.includes(key)) {
      checkMembership(key, value, { path: `${path}.when.${key}`, from: when.provider }, options, report);
    } else if (typeof value !== "string" || value === "") {
      report(`${path}.when.${key}`, "is not a text", "Give one value; write another rule for another value.");
    } else if (key === "emailDomain" && (value.includes("@") || !value.includes("."))) {
      report(
        `${path}.when.emailDomain`,
        `"${value}" is not a domain`,
        'Write the part after the @: "example.com".',
      );
    } else if (key === "email" && !/^[^@\s]+@[^@\s]+$/.test(value)) {
      report(
        `${path}.when.email`,
        `"${value}" is not an e-mail address`,
        'Write it whole: "ada@example.com".',
      );
    } else if (key === "provider" && !options.providers?.some?.(({ id }) => id === value)) {
      report(`${path}.when.provider`, `"${value}" is not configured`, "Use the id of one of the providers.");
    }
  }
  if (rule?.then !== "allow") return;
  const known = [...BUILT_IN_ROLES, ...Object.keys(options.roles ?? {})];
  (rule.roles ?? []).forEach((role, index) => {
    if (known.includes(role)) return;
    const guess = nearest(role, known);
    report(
      `${path}.roles[${index}]`,
      `"${role}" is not a role`,
      guess === null
        ? `Known are: ${known.join(", ")}.`
        : `Did you mean "${guess}"? Otherwise add it to roles.`,
    );
  });
}

/** `{ github: { team: "acme/ops" } }`: a provider that is configured, a check that it has, and what it must find. */
function checkMembership(
  id: string,
  checks: unknown,
  { path, from }: { readonly path: string; readonly from: unknown },
  options: PosternOptions,
  report: Report,
): void {
  const provider = options.providers?.find?.((definition) => definition.id === id);
  if (provider === undefined) {
    const known = [...CONDITIONS, ...(options.providers?.map?.((definition) => definition.id) ?? [])];
    const guess = nearest(id, known) ?? known.join(", ");
    report(path, "is neither a condition nor the id of a provider", `Did you mean: ${guess}?`);
    return;
  }
  if (from !== undefined && from !== id) {
    report(path, `can never hold for people who come from "${from}"`, "Leave out provider.");
  }
  const offered = provider.membership ?? {};
  const example = Object.entries(offered)[0];
  const write = example === undefined ? null : `Write ${id}: { ${example[0]}: "${example[1].example}" }.`;
  if (write === null) {
    report(path, "offers nothing that a rule could ask", "Use email, emailDomain or provider.");
  } else if (typeof checks !== "object" || checks === null || Object.keys(checks).length === 0) {
    report(path, "does not say where people must belong", write);
  } else {
    for (const [check, wanted] of Object.entries(checks)) {
      if (!Object.hasOwn(offered, check)) {
        const guess = nearest(check, Object.keys(offered)) ?? Object.keys(offered).join(", ");
        report(`${path}.${check}`, `is nothing that "${id}" can be asked`, `Did you mean: ${guess}?`);
      } else if (typeof wanted !== "string" || wanted === "") {
        report(
          `${path}.${check}`,
          "is not a text",
          `Give one value, such as "${offered[check]?.example}"; write another rule for another value.`,
        );
      }
    }
  }
}

function checkMountPath(value: string | undefined, report: Report): string {
  const path = value ?? "/auth";
  if (!/^(\/[a-z0-9][a-z0-9._-]*)+$/i.test(path)) {
    report("mountPath", `"${path}" is not a plain path`, 'Start with a slash and end without one: "/auth".');
  }
  return path;
}

function checkSession(value: PosternOptions["session"], report: Report): Settings["session"] {
  const limits = { idle: value?.idle ?? 8 * HOUR, absolute: value?.absolute ?? 7 * DAY };
  for (const name of ["idle", "absolute"] as const) {
    if (!(Number.isFinite(limits[name]) && limits[name] >= MINUTE)) {
      report(
        `session.${name}`,
        "is less than a minute or not a number",
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

function checkOrigins(value: readonly string[] | undefined, report: Report): readonly string[] {
  (value ?? []).forEach((origin, index) => {
    const url = URL.parse(origin);
    if (
      url !== null &&
      url.origin === origin &&
      !origin.includes("*") &&
      (url.protocol === "https:" || isLoopback(url.hostname))
    )
      return;
    report(
      `allowedOrigins[${index}]`,
      `"${origin}" is not an https origin`,
      `Scheme, host and port only, no path, no wildcard: "${url?.origin ?? "https://app.example.com"}".`,
    );
  });
  return value ?? [];
}

function checkBrand(value: BrandOptions | undefined, report: Report): Brand {
  const name = value?.name ?? { en: "Back Office", "zh-CN": "后台" };
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

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}

const consoleLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => console.warn(`postern: ${message}`, fields),
  error: (fields, message) => console.error(`postern: ${message}`, fields),
};
