import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { FailureKind, SetupGuide, ToldFailure } from "./hooks.ts";
import { pageByParameter } from "./internal/api-pages.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface XOptions {
  /** Default `x`. */
  readonly id?: string | undefined;
  /** Default `X`. */
  readonly name?: string | LocalizedName | undefined;
  /** The OAuth 2.0 client id; not the API key. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Default `users.read`, `tweet.read` and `users.email`. The first two are needed to tell who somebody is. */
  readonly scopes?: readonly string[] | undefined;
  /** Changes nothing here: an e-mail that X tells is a confirmed one. */
  readonly trustEmail?: boolean | undefined;
  /** Where people sign in. Default `https://x.com`; another one for tests. */
  readonly baseUrl?: string | undefined;
  /** Default `https://api.x.com`; another one for tests. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two strokes that cross. */
const MARK = "M5 3h4l3 5 3-5h4l-5 9 5 9h-4l-3-5-3 5H5l5-9Z";
const WHERE = "X developer portal → Projects & Apps → your app → Keys and tokens → OAuth 2.0.";

/**
 * X (Twitter), by OAuth 2.0.
 *
 * - PKCE is demanded, and a client with a secret proves itself by Basic.
 * - `/2/users/me` wants both `users.read` and `tweet.read`; its answer stands below `data`.
 * - The e-mail comes with the scope `users.email` when the app has "Request email from users" on. It is one that the
 *   person has confirmed.
 * - A code lives for about half a minute (seen, not documented).
 * - Problems of the API have `title`, `status` and `type`; the end of `type` is what the administrator reads. Those of
 *   the token endpoint are `invalid_request` for a bad code and `unauthorized_client` for a wrong secret (both seen,
 *   not documented).
 * - The free tier allows few calls of `/2/users/me`; then nobody can sign in for a while.
 * - Refresh tokens (scope `offline.access`, with a dot) can be used once.
 */
export function x<const Id extends string = "x", Keeps extends boolean = false>(
  options: XOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function x(options: XOptions): ProviderDefinition {
  const { id = "x", name = "X", scopes = ["users.read", "tweet.read", "users.email"] } = options;
  const base = trimSlashes(options.baseUrl ?? "https://x.com");
  const api = trimSlashes(options.apiUrl ?? "https://api.x.com");
  const addresses = { baseUrl: options.baseUrl, apiUrl: options.apiUrl };
  const definition = oauth2Definition({
    id,
    name,
    mark: MARK,
    issuer: base,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_basic",
    endpoints: {
      authorization: `${base}/i/oauth2/authorize`,
      token: `${api}/2/oauth2/token`,
      revocation: `${api}/2/oauth2/revoke`,
    },
    scopes,
    identity: [
      {
        as: "user",
        request: () => ({
          url: `${api}/2/users/me`,
          query: { "user.fields": "profile_image_url,confirmed_email" },
        }),
        read: { failure: apiFailure, unwrap: (body) => at(body, "data") },
      },
    ],
    profile,
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret scopes trustEmail baseUrl apiUrl"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkScopes(scopes),
        checkNeededScopes(scopes),
        checkAddresses(addresses),
      ),
    namedHosts: () => givenHosts(addresses),
  });
  return {
    ...definition,
    read: { ...STANDARD_READ, failure: tokenFailure },
    subjectShape: DIGITS,
    api: { baseUrl: `${api}/2`, paging: pageByParameter("meta.next_token", "pagination_token") },
    lifecycle: {
      refresh: { scopes: ["offline.access"], rotates: true },
      revoke: "rfc7009",
      endSession: null,
    },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client secret is wrong, or the API key was given instead of the OAuth 2.0 client id.",
      "zh-CN": "客户端密钥不正确，或误用了 API Key 而不是 OAuth 2.0 Client ID。",
    },
    redirect_mismatch: {
      en: 'X shows "Something went wrong" when the callback address is not in the app\'s settings. For a test on your own machine write 127.0.0.1, not localhost.',
      "zh-CN":
        "如果回调地址没有填在应用设置中，X 会显示“Something went wrong”。本机测试请用 127.0.0.1，不要用 localhost。",
    },
    "client-forbidden": {
      en: "The app must belong to a project, and the project's access level must allow this call.",
      "zh-CN": "应用必须属于某个 Project，且该 Project 的访问级别允许此调用。",
    },
    rate_limited: {
      en: "X allows few calls at this access level. Wait, or choose a higher one.",
      "zh-CN": "当前访问级别的调用次数很少，请稍候或升级访问级别。",
    },
  },
  facts: { subject: "data.id", emailVerified: "yes" },
};

const TOKEN_KINDS: Readonly<Record<string, FailureKind>> = {
  invalid_request: "code_invalid",
  unauthorized_client: "client_invalid",
};

function tokenFailure(body: unknown): ToldFailure | null {
  const error = at(body, "error");
  const kind = typeof error === "string" ? TOKEN_KINDS[error] : undefined;
  return kind === undefined ? null : { kind, code: String(error) };
}

const API_KINDS: Readonly<Record<string, FailureKind>> = {
  "client-forbidden": "app_not_ready",
  "not-authorized-for-resource": "user_not_allowed",
  "usage-capped": "rate_limited",
};

function apiFailure(body: unknown, status: number): ToldFailure | null {
  if (asObject(at(body, "data")) !== null) return null;
  const errors = at(body, "errors");
  const problem = Array.isArray(errors) ? errors[0] : body;
  const type = at(problem, "type");
  const code = /\/problems\/([\w-]+)$/.exec(typeof type === "string" ? type : "")?.[1] ?? String(status);
  const usual: FailureKind = status === 429 ? "rate_limited" : status >= 500 ? "transient" : "protocol";
  return { kind: API_KINDS[code] ?? usual, code };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.username,
    name: user.name,
    email: user.confirmed_email,
    emailVerified: typeof user.confirmed_email === "string" ? true : null,
    picture: user.profile_image_url,
    claims: user,
  };
}

function checkNeededScopes(scopes: readonly string[]): Check {
  return () =>
    scopes.includes("users.read") && scopes.includes("tweet.read")
      ? []
      : [
          problem(
            "scopes",
            "lacks users.read or tweet.read",
            "X tells who somebody is only with both: add them.",
          ),
        ];
}
