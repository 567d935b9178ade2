import { expect, test } from "vitest";
import { ConfigError } from "./errors.ts";
import { SILENT_LOG } from "./model/log.ts";
import type { PosternOptions } from "./options.ts";
import { checkOptions } from "./options-check.ts";
import { github } from "./providers/github.ts";

const CLIENT = { clientId: "client-1", clientSecret: "secret-of-the-client" };
const FINE = {
  publicUrl: "https://admin.example.com",
  secret: "a-secret-for-tests-0123456789-abcdefgh",
  providers: [github(CLIENT)],
} satisfies PosternOptions;

const HOOK = "a-webhook-secret-for-tests-0123456789";

/** The mistakes in what somebody wrote, who may write plain JavaScript. */
function problemsOf(written: Readonly<Record<string, unknown>>, environment = {}) {
  try {
    checkOptions({ ...FINE, ...written } as PosternOptions, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const rule = (more: object) => ({
  access: [{ when: { emailDomain: "example.com" }, then: "allow", ...more }],
});

test.each<readonly [Readonly<Record<string, unknown>>, string, RegExp, RegExp]>([
  [{ publicUrl: "" }, "publicUrl", /missing/, /POSTERN_PUBLIC_URL/],
  [{ publicUrl: "admin.acme.com" }, "publicUrl", /"admin\.acme\.com"/, /"https:\/\/admin\.acme\.com"/],
  [{ publicUrl: "localhost:3000" }, "publicUrl", /not an http/, /"http:\/\/localhost:3000"/],
  [{ publicUrl: "https://acme.com/admin" }, "publicUrl", /path "\/admin"/, /mountPath/],
  [{ publicUrl: "http://acme.com" }, "publicUrl", /http on a host/, /"https:\/\/acme\.com"/],
  [{ publicURL: "x" }, "publicURL", /not an option/, /"publicUrl"/],
  [{ limits: true }, "limits", /neither false/, /limits: \{/],
  [{ limits: { start: 5 } }, "limits.start", /not an option/, /"starts"/],
  [{ limits: { starts: 0 } }, "limits.starts", /whole number/, /1000, or false/],
  [{ limits: { keys: true } }, "limits.keys", /whole number/, /100, or false/],
  [{ retention: 5 }, "retention", /not an object/, /audit:/],
  [{ retention: { log: 5 } }, "retention.log", /not an option/, /audit/],
  [{ retention: { audit: 3_600_000 } }, "retention.audit", /less than a day/, /null for ever/],
  [{ retention: { requests: false } }, "retention.requests", /less than a day/, /null for ever/],
  [{ cookies: 1 }, "cookies", /not an option/, /Known are: publicUrl/],
  [{ metrics: true }, "metrics", /who may read/, /token:/],
  [{ metrics: {} }, "metrics.token", /missing/, /node -p/],
  [{ metrics: { token: undefined } }, "metrics.token", /environment variable/, /node -p/],
  [{ metrics: { token: [] } }, "metrics.token", /missing/, /node -p/],
  [{ metrics: { token: [HOOK, "short"] } }, "metrics.token", /32/, /node -p/],
  [{ metrics: { token: `${HOOK} with blanks, and long` } }, "metrics.token", /blanks/, /node -p/],
  [{ metrics: { tokens: HOOK, token: HOOK } }, "metrics.tokens", /./, /"token"/],
  [{ webhook: "https://h.example" }, "webhook", /not an object/, /url:/],
  [{ webhook: { secret: HOOK } }, "webhook.url", /not an address/, /in full/],
  [{ webhook: { url: "http://h.example", secret: HOOK } }, "webhook.url", /not this machine/, /https/],
  [{ webhook: { url: "https://u:p@h.example", secret: HOOK } }, "webhook.url", /user or a pass/, /signature/],
  [{ webhook: { url: "https://h.example" } }, "webhook.secret", /missing/, /whsec_/],
  [
    { webhook: { url: "https://h.example", secret: "short" } },
    "webhook.secret",
    /shorter than 32/,
    /node -p/,
  ],
  [{ webhook: { url: "https://h.example", secret: "whsec_AA==" } }, "webhook.secret", /shorter/, /node -p/],
  [{ webhook: { url: "https://h.example", secret: "whsec_!" } }, "webhook.secret", /not base64/, /node -p/],
  [{ webhook: [{ url: "https://h.example", secret: [HOOK, ""] }] }, "webhook[0].secret[1]", /shorter/, /./],
  [
    { webhook: { url: "https://h.example", secrets: HOOK, secret: HOOK } },
    "webhook.secrets",
    /./,
    /"secret"/,
  ],
  [
    { webhook: { url: "https://h.example", secret: HOOK, events: ["access_request.create"] } },
    "webhook.events[0]",
    /not an event/,
    /"access_request\.created"/,
  ],
  [{ webhook: { url: "https://h.example", secret: HOOK, events: [] } }, "webhook.events", /./, /break_glass/],
  [
    { webhook: [1, 2].map(() => ({ url: "https://h.example/", secret: HOOK })) },
    "webhook[1].url",
    /twice/,
    /one entry/,
  ],
  [{ secret: "hunter2" }, "secret", /shorter than 32/, /POSTERN_SECRET/],
  [{ secret: "" }, "secret", /missing/, /randomBytes/],
  [{ secret: 42 }, "secret", /missing/, /randomBytes/],
  [{ secret: "changeme-changeme-changeme-changeme" }, "secret", /placeholder/, /randomBytes/],
  [{ database: "postgress://u:pw@host/x" }, "database", /"postgress:"/, /postgres:\/\//],
  [{ database: "mssql://u:pw@host/x" }, "database", /"mssql:"/, /postgres:\/\//],
  [{ database: "./data/app.db" }, "database", /neither/, /"file:\.\/data\/app\.db"/],
  [{ providers: [] }, "providers", /nobody can sign in/, /google/],
  [{ providers: github(CLIENT) }, "providers", /not a list/, /\[google/],
  [{ providers: [github] }, "providers[0]", /not called/, /github\(\{/],
  [{ providers: ["github"] }, "providers[0]", /not a provider/, /github\(\{/],
  [{ providers: [null] }, "providers[0]", /not a provider/, /github\(\{/],
  [{ providers: [github(CLIENT), github(CLIENT)] }, "providers[1].id", /twice/, /"github-2"/],
  [
    { providers: [github({ ...CLIENT, id: "owner-link" })] },
    "providers[0].id",
    /owner link/,
    /"owner-link-2"/,
  ],
  [{ providers: [github({ ...CLIENT, id: "GitHub" })] }, "providers[0].id", /lower case/, /"github"/],
  [
    { providers: [github({ ...CLIENT, ...{ baseURL: "x" } })] },
    "providers[0].baseURL",
    /not an option/,
    /"baseUrl"/,
  ],
  [{ owners: "github:1" }, "owners", /not a list/, /\["github:ada@example\.com"\]/],
  [{ owners: [583231] }, "owners[0]", /not a text/, /"github:/],
  [{ owners: ["ada"] }, "owners[0]", /names no provider/, /"github:583231"/],
  [
    { owners: ["github:octocat"] },
    "owners[0]",
    /"octocat" is not an id of GitHub/,
    /"github:583231", or an e-mail/,
  ],
  [{ owners: ["gitub:1"] }, "owners[0]", /"gitub"/, /github/],
  [{ owners: ["github:"] }, "owners[0]", /nobody/, /github:ada@/],
  [{ requests: "everybody" }, "requests", /neither/, /"open"/],
  [{ access: {} }, "access", /not a list/, /access: \[/],
  [{ access: [null] }, "access[0]", /not a rule/, /when/],
  [rule({ role: "member" }), "access[0].role", /not an option/, /"roles"/],
  [rule({ roles: "member" }), "access[0].roles", /not a list/, /\["member"\]/],
  [rule({ roles: ["memmber"] }), "access[0].roles[0]", /not a role/, /"member"/],
  [rule({ then: undefined }), "access[0].then", /missing/, /"allow"/],
  [rule({ then: "permit" }), "access[0].then", /"permit"/, /"allow"/],
  [rule({ when: {} }), "access[0].when", /everybody/, /emailDomain/],
  [rule({ when: { emailDomain: "@acme.com" } }), "access[0].when.emailDomain", /"@acme\.com"/, /after the @/],
  [rule({ when: { provider: "gitlab" } }), "access[0].when.provider", /"gitlab"/, /github/],
  [{ roles: { Lead: [] } }, "roles.Lead", /not a role name/, /lower-case/],
  [{ roles: { lead: "orders.read" } }, "roles.lead", /not a list/, /\["orders\.read"\]/],
  [{ permissions: ["orders.refund"] }, "permissions", /not an object/, /"orders\.refund": \{/],
  [{ permissions: { Refund: {} } }, "permissions.Refund", /not a permission name/, /dots/],
  [{ permissions: { "a.b": "Refund" } }, "permissions.a.b", /not an object/, /title/],
  [{ permissions: { "a.b": { titel: "x" } } }, "permissions.a.b.titel", /not an option/, /"title"/],
  [{ permissions: { "a.b": { title: { en: "Refund" } } } }, "permissions.a.b.title", /not a title/, /zh-CN/],
  [{ permissions: { "a.b": { group: " \n" } } }, "permissions.a.b.group", /not a title/, /one line/],
  [{ permissions: { "a.b": { dangerous: "yes" } } }, "permissions.a.b.dangerous", /neither/, /true/],
  [{ mountPath: "auth/" }, "mountPath", /"auth\/"/, /"\/auth"/],
  [{ session: { idle: 299_999 } }, "session.idle", /five minutes/, /milliseconds/],
  [{ session: { idle: "8h" } }, "session.idle", /not a number/, /milliseconds/],
  [{ session: { idle: 7_200_000, absolute: 3_600_000 } }, "session.idle", /longer/, /shorter/],
  [{ session: { idel: 3_600_000 } }, "session.idel", /not an option/, /"idle"/],
  [{ trustProxy: true }, "trustProxy", /not a number/, /X-Forwarded-For/],
  [
    { allowedOrigins: ["https://a.example/"] },
    "allowedOrigins[0]",
    /not an https origin/,
    /"https:\/\/a\.example"/,
  ],
  [{ tokens: ["orders-api"] }, "tokens.0", /not an option/, /audiences/],
  [{ tokens: "orders-api" }, "tokens", /not an object/, /audiences/],
  [{ tokens: { audience: [] } }, "tokens.audience", /not an option/, /"audiences"/],
  [{ tokens: { audiences: "orders-api" } }, "tokens.audiences", /not a list/, /\["orders-api"\]/],
  [{ tokens: { audiences: ["orders api"] } }, "tokens.audiences[0]", /not the name/, /without spaces/],
  [{ tokens: { lifetime: 59_999 } }, "tokens.lifetime", /1 minute to 1 hour/, /milliseconds/],
  [{ tokens: { lifetime: 3_600_001 } }, "tokens.lifetime", /1 minute to 1 hour/, /taken back/],
  [{ tokens: { lifetime: "5m" } }, "tokens.lifetime", /1 minute to 1 hour/, /milliseconds/],
  [{ brand: { nmae: "Acme" } }, "brand.nmae", /not an option/, /"name"/],
  [{ brand: { name: { en: "Acme" } } }, "brand.name", /both languages/, /zh-CN/],
  [{ brand: { support: "help desk" } }, "brand.support", /"help desk"/, /it@example\.com/],
  [{ redis: "localhost:6379" }, "redis", /not the address/, /redis:\/\/user:password@host:6379/],
  [{ redis: 6379 as never }, "redis", /not a text/, /redis:/],
  [{ log: console.log }, "log", /no debug, info, warn, error/, /log\.warn/],
])("%j: one problem at %s, and what to do", (written, path, message, fix) => {
  const problems = problemsOf(written);
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]?.fix).toMatch(fix);
});

test("what is not said has the default that is documented", () => {
  expect(checkOptions({ ...FINE, session: { idle: 300_000 } }, {})).toMatchObject({
    database: "file:.postern/postern.db",
    redis: null,
    owners: [],
    roles: {},
    access: [],
    mountPath: "/auth",
    session: { idle: 300_000, absolute: 7 * 24 * 60 * 60 * 1000 },
    trustProxy: 0,
    autoMigrate: true,
    allowedOrigins: [],
    tokens: { audiences: [], lifetime: 300_000 },
    brand: { name: { en: "Back Office", "zh-CN": "后台" }, support: null, places: {} },
  });
});

test("several secrets are several, wherever they were written", () => {
  const [newer, older] = ["a-newer-secret-0123456789-abcdefghijk", "an-older-secret-0123456789-abcdefghijk"];
  for (const secret of [`${newer},${older}`, ` ${newer} , ${older}`, [newer, older], [`${newer},${older}`]])
    expect(checkOptions({ ...FINE, secret }).secrets).toEqual([newer, older]);
  const half = () => checkOptions({ ...FINE, secret: `${newer},` });
  expect(half).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path: "secret[1]" })] }),
  );
});

test("the environment gives what the options leave out, and no more", () => {
  const environment = {
    POSTERN_PUBLIC_URL: "https://env.example.com",
    POSTERN_SECRET: "a-newer-secret-0123456789-abcdefghijk,an-older-secret-0123456789-abcdefghijk",
    DATABASE_URL: "postgres://somewhere/postern",
    POSTERN_REDIS: "rediss://somewhere",
    POSTERN_OWNERS: "github:1, github:ada@example.com",
  };
  const { publicUrl, secrets, database, redis, autoMigrate, owners } = checkOptions(
    { providers: FINE.providers },
    environment,
  );
  expect(redis).toMatchObject({ tls: true, hosts: [{ host: "somewhere", port: 6_379 }] });
  expect({ publicUrl: publicUrl.href, secrets, database, autoMigrate, owners }).toEqual({
    publicUrl: "https://env.example.com/",
    secrets: environment.POSTERN_SECRET.split(","),
    database: "postgres://somewhere/postern",
    autoMigrate: false,
    owners: [
      { provider: "github", who: "1" },
      { provider: "github", who: "ada@example.com" },
    ],
  });
  const own = checkOptions({ ...FINE, database: "file:own.db", owners: [] }, environment);
  expect(own).toMatchObject({
    secrets: [FINE.secret],
    database: "file:own.db",
    autoMigrate: true,
    owners: [],
  });
  expect(own.publicUrl.href).toBe("https://admin.example.com/");
});

test("an owner by a bare e-mail is warned about where several providers could verify it", () => {
  const warned: object[] = [];
  const log = {
    ...SILENT_LOG,
    warn: (fields: object) => void warned.push(fields),
  };
  const owners = ["ada@example.com", "github:1"];
  checkOptions({ ...FINE, owners, log }, {});
  expect(warned).toEqual([]);
  checkOptions(
    { ...FINE, providers: [...FINE.providers, github({ ...CLIENT, id: "acme" })], owners, log },
    {},
  );
  expect(warned).toEqual([{ owner: "ada@example.com", write: "github:ada@example.com" }]);
});

test("every mistake is told at once, and once", () => {
  const problems = problemsOf({ publicUrl: "x y", secret: "short", owners: ["nobody"] });
  expect(problems.map(({ path }) => path)).toEqual(["publicUrl", "secret", "owners[0]"]);
  const { message, stack = "" } = new ConfigError(problems);
  for (const { fix } of problems) expect(message.split(fix).length).toBe(2);
  expect(Object.keys(new ConfigError(problems))).not.toContain("problems");
  expect(stack).toContain(message);
});

test("a password in an address that cannot be understood stays out of the message", () => {
  expect(JSON.stringify(problemsOf({ redis: "redis://u:hunter2@host/x" }))).not.toContain("hunter2");
  expect(JSON.stringify(problemsOf({ database: "postgress://u:hunter2@host/x" }))).not.toContain("hunter2");
});

test("an empty variable is one that is not set", () => {
  const settings = checkOptions({ ...FINE, database: "" }, { DATABASE_URL: "", POSTERN_OWNERS: "" });
  expect(settings.database).toBe("file:.postern/postern.db");
  expect(settings.autoMigrate).toBe(true);
  expect(settings.owners).toEqual([]);
});

test("every permission is known: registered with what is told of it, or for itself where only a role names it", () => {
  const warned: unknown[] = [];
  const log = { ...SILENT_LOG, warn: (fields: object) => void warned.push(fields) };
  const { permissions } = checkOptions(
    {
      ...FINE,
      log,
      permissions: {
        "orders.refund": {
          title: { en: "Refund orders", "zh-CN": "退款" },
          group: " Orders ",
          dangerous: true,
        },
        "audit.read": {},
      },
      roles: { lead: ["orders.refnd", "orders.refund", "stock.count"] },
    },
    {},
  );
  const named = (key: string) => ({
    key,
    title: { en: key, "zh-CN": key },
    group: null,
    dangerous: false,
  });
  expect(permissions).toEqual([
    named("audit.read"),
    named("orders.refnd"),
    {
      key: "orders.refund",
      title: { en: "Refund orders", "zh-CN": "退款" },
      group: { en: "Orders", "zh-CN": "Orders" },
      dangerous: true,
    },
    named("stock.count"),
  ]);
  expect(warned).toEqual([{ permission: "orders.refnd", registered: "orders.refund" }]);
});

test("limits and retention: each number by itself, all limits at once, and for ever", () => {
  const { limits, retention } = checkOptions({
    ...FINE,
    limits: { starts: 5, keys: false },
    retention: { audit: null },
  });
  expect(limits).toMatchObject({ starts: 5, keys: null, failures: 60 });
  expect(retention).toMatchObject({ audit: null, requests: 90 * 24 * 60 * 60 * 1_000 });
  expect(new Set(Object.values(checkOptions({ ...FINE, limits: false }).limits))).toEqual(new Set([null]));
});

test("a limit that is misspelt, or no number, is told by the types", () => {
  // @ts-expect-error: there is no such limit
  const misspelt: PosternOptions["limits"] = { start: 5 };
  // @ts-expect-error: a number, or false
  const text: PosternOptions["limits"] = { starts: "many" };
  // @ts-expect-error: one by one
  const on: PosternOptions["limits"] = true;
  // @ts-expect-error: a number, or null
  const kept: PosternOptions["retention"] = { audit: false };
  expect([misspelt, text, on, kept]).toHaveLength(4);
});
