import type { AccessRule } from "./model/access-rule.ts";
import type { LimitOptions, LimitSettings } from "./model/limit-settings.ts";
import type { Log } from "./model/log.ts";

import type { PermissionOptions, RegisteredPermission } from "./model/permission.ts";
import type { RecheckSettings } from "./model/recheck-settings.ts";
import type { RedisPlace } from "./model/redis-address.ts";

import type { Retention } from "./model/retention.ts";
import type { Permission, RoleName } from "./model/role.ts";
import type { SessionLimits } from "./model/session.ts";
import type { SignOutOptions, SignOutSettings } from "./model/sign-out-options.ts";
import type { TokenSettings } from "./model/token-settings.ts";
import type { WebhookEndpoint, WebhookOptions } from "./model/webhook.ts";
import type { ProviderDefinition } from "./providers/definition.ts";
import type { CookieNames } from "./web/cookie-names.ts";

/** Everything that can be set. Only `providers` has no default that works. */
export interface PosternOptions {
  /** The address people type, without a path unless a proxy strips one: `https://admin.example.com`. Environment: `POSTERN_PUBLIC_URL`. */
  readonly publicUrl?: string | undefined;
  /** At least 32 bytes; several to rotate, newest first, as a list or separated by commas. Environment: `POSTERN_SECRET`. */
  readonly secret?: string | readonly string[] | undefined;
  /** `file:…`, `postgres://…`, `mysql://…` or `mariadb://…`. Environment: `DATABASE_URL`. Default `file:.postern/postern.db`. */
  readonly database?: string | undefined;
  /** Redis or Valkey beside a database server: `redis://…`, `rediss://…`, `redis+cluster://…` or `redis+sentinel://…`. Environment: `POSTERN_REDIS`. Default none. */
  readonly redis?: string | undefined;
  /** Places to sign in, in the order of their buttons. */
  readonly providers: readonly ProviderDefinition[];
  /** Who becomes owner when they sign in: `google:ada@example.com`, `github:583231`. Environment: `POSTERN_OWNERS` (comma-separated). */
  readonly owners?: readonly string[] | undefined;
  /** Roles of the application and what each may do: `{ support: ["orders.read"] }`. */
  readonly roles?: Readonly<Record<RoleName, readonly Permission[]>> | undefined;
  /** What the code asks for, as administrators see it: `{ "orders.refund": { title: "Refund orders", dangerous: true } }`. */
  readonly permissions?: Readonly<Record<Permission, PermissionOptions>> | undefined;
  /** Who may enter, and as what. First match wins; nobody enters by default. */
  readonly access?: readonly AccessRule[] | undefined;
  /** Who may ask to be let in: whoever a rule answers with `ask`, or (`open`) also those whom no rule is about. Default `ask`. */
  readonly requests?: "ask" | "open" | undefined;
  /** Where to tell, signed, that somebody asks for access, was let in, or came in by a break-glass link. Default nowhere. */
  readonly webhook?: WebhookOptions | readonly WebhookOptions[] | undefined;
  /** What signing out and the sessions at providers have to do with each other, by provider id. */
  readonly signOut?: Readonly<Record<string, SignOutOptions>> | undefined;
  /** How often people are looked at again at a provider with `keepTokens`, and how long they stay while it cannot be asked, in milliseconds; `false` = never. Default every 15 minutes, a day. */
  readonly recheck?: Partial<RecheckSettings> | false | undefined;
  /** Where Postern lives under `publicUrl`. Default `/auth`. */
  readonly mountPath?: string | undefined;
  /** How long sessions live, in milliseconds, 5 minutes at least. Default idle 8 hours, absolute 7 days. */
  readonly session?: Partial<SessionLimits> | undefined;
  /** How many proxies stand in front; their `X-Forwarded-For` entries are believed. Default 0. */
  readonly trustProxy?: number | undefined;
  /** Runs missing migrations at start. Default true for SQLite, false otherwise. */
  readonly autoMigrate?: boolean | undefined;
  /** How long a process that refreshes a provider's token may be silent before another takes over, in milliseconds. Default 5 seconds. */
  readonly refreshLease?: number | undefined;
  /** Front ends on other origins, such as `https://app.example.com`: they may call with the session cookie, and a sign-in may lead back to them. Default none. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Short tokens for other services: `audiences` names those that `POST /auth/token` may be asked for, default none; `lifetime` in milliseconds, 1 minute to 1 hour, default 5 minutes. */
  readonly tokens?: Partial<TokenSettings> | undefined;
  /** How often things may happen, by name, such as `{ starts: 2000, keys: false }`; `false` = as often as anybody likes, for one or for all. Defaults: see the operations page of the documentation. */
  readonly limits?: LimitOptions | false | undefined;
  /** How long things are kept that only tell of the past, in milliseconds, a day at least; `null` = for ever. Default events of the audit log 400 days; decided requests, and invitations and owner links past their end, 90; messages to webhooks 30. */
  readonly retention?: { readonly [Name in keyof Retention]?: Retention[Name] | undefined } | undefined;
  /** What the pages show. */
  readonly brand?: BrandOptions | undefined;
  /** Who may read `/auth/metrics`: whoever shows one of these tokens, 32 characters or more, as `Authorization: Bearer …`. Default nobody: there is no such door. */
  readonly metrics?: MetricsOptions | undefined;
  /** pino, `console`, or anything with their `debug`, `info`, `warn` and `error`. Default: warnings and errors to the console. */
  readonly log?: Log | undefined;
  /** Milliseconds since the epoch; for tests. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Options whose roles name only permissions that are registered, where any are. */
export type OnlyRegistered<Options> = Options extends { readonly permissions: infer Registry extends object }
  ? { readonly roles?: Readonly<Record<RoleName, readonly Extract<keyof Registry, string>[]>> }
  : unknown;

export interface BrandOptions {
  /** Default `Back Office` / `后台`. */
  readonly name?: string | { readonly en: string; readonly "zh-CN": string } | undefined;
  /** Whom people turn to: an e-mail address or an https address. */
  readonly support?: string | undefined;
  /** Names of paths, for "You will return to …": `{ "/orders": { en: "Orders", "zh-CN": "订单" } }`. */
  readonly places?: Readonly<Record<string, { readonly en: string; readonly "zh-CN": string }>> | undefined;
}

export interface MetricsOptions {
  /** Several to rotate. `undefined` is refused: a variable that is not set opens nothing and is noticed. */
  readonly token: string | readonly string[] | undefined;
}

/** The options after the check: nothing is missing any more. */
export interface Settings {
  readonly publicUrl: URL;
  readonly secrets: readonly string[];
  readonly database: string;
  /** `null` = none. */
  readonly redis: RedisPlace | null;
  readonly providers: readonly ProviderDefinition[];
  readonly owners: readonly OwnerName[];
  readonly roles: Readonly<Record<RoleName, readonly Permission[]>>;
  /** By key: those that are registered, and those that only a role names. */
  readonly permissions: readonly RegisteredPermission[];
  readonly access: readonly AccessRule[];
  readonly requests: "ask" | "open";
  readonly webhooks: readonly WebhookEndpoint[];
  /** By provider id; see `signOutSettings`. */
  readonly signOut: Readonly<Record<string, SignOutSettings>>;
  /** `null` = nobody is looked at again. */
  readonly recheck: RecheckSettings | null;
  readonly mountPath: string;
  /** What our cookies are called there. */
  readonly cookies: CookieNames;
  readonly session: SessionLimits;
  readonly trustProxy: number;
  readonly autoMigrate: boolean;
  readonly refreshLease: number;
  readonly allowedOrigins: readonly string[];
  readonly tokens: TokenSettings;
  readonly limits: LimitSettings;
  readonly retention: Retention;
  readonly brand: Brand;
  /** SHA-256 of each token that opens the door of the metrics; empty = there is none. */
  readonly metricsTokens: readonly string[];
  readonly log: Log;
  readonly now: () => number;
}

export interface Brand {
  readonly name: { readonly en: string; readonly "zh-CN": string };
  readonly support: string | null;
  readonly places: Readonly<Record<string, { readonly en: string; readonly "zh-CN": string }>>;
}

/** One entry of `owners`, taken apart. */
export interface OwnerName {
  /** `null` = from any provider that verified the e-mail. */
  readonly provider: string | null;
  /** An e-mail when it holds an `@`, otherwise a subject. */
  readonly who: string;
}
