import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface BaiduOptions {
  /** Default `baidu`. */
  readonly id?: string | undefined;
  /** Default `Baidu` / `百度`. */
  readonly name?: string | LocalizedName | undefined;
  /** "API Key". */
  readonly clientId: string | undefined;
  /** "Secret Key". */
  readonly clientSecret: string | undefined;
  /** Default `basic`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: people type their password again, also when Baidu still knows them. */
  readonly forceLogin?: boolean | undefined;
  /** One address in place of `https://openapi.baidu.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const NAME = { en: "Baidu", "zh-CN": "百度" };
/** A lens with its handle. */
const MARK = "M10 2a8 8 0 1 0 4.6 14.5l5 5 2-2-5-5A8 8 0 0 0 10 2Zm0 3a5 5 0 1 1 0 10 5 5 0 0 1 0-10Z";
const WHERE = "Baidu Open Platform (developer.baidu.com) → 管理控制台 → your app → API Key and Secret Key.";

/**
 * Baidu.
 *
 * - The token request is a GET with the secret in its query.
 * - The key is `openid`, which differs from application to application. Older applications get a numeric `userid`; who
 *   is known by it stays the same person when the application begins to get an `openid`.
 * - There is no e-mail, and the user name often comes masked: `安***`.
 * - The picture's address is made of `portrait`.
 * - Errors have two shapes: `error` in words of RFC 6749 at the token endpoint, a numeric `error_code` at the API, both
 *   also with status 200.
 * - No PKCE. That cancelling comes back as `access_denied` is seen, not documented.
 */
export function baidu<const Id extends string = "baidu", Keeps extends boolean = false>(
  options: BaiduOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function baidu(options: BaiduOptions): ProviderDefinition {
  const { id = "baidu", name = NAME, scopes = ["basic"], baseUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://openapi.baidu.com");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      keepTokens: options.keepTokens,
      endpoints: { authorization: `${base}/oauth/2.0/authorize`, token: `${base}/oauth/2.0/token` },
      scopes,
      parameters: options.forceLogin === true ? { force_login: "1" } : {},
      pkce: "off",
      identity: [
        {
          as: "user",
          url: `${base}/rest/2.0/passport/users/getInfo`,
          placement: { in: { query: "access_token" } },
          read: { codec: "json", failure },
        },
      ],
      profile,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes forceLogin baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
      namedHosts: () => givenHosts({ baseUrl }),
    }),
    // Whoever is not signed in at Baidu does so at another of its hosts.
    redirectOrigins: baseUrl === undefined ? ["https://passport.baidu.com"] : [],
    tokenRequest: { body: "query" },
    tokenType: "optional",
    read: { ...STANDARD_READ, codec: "json", errorNames: { expired_token: "invalid_grant" } },
    api: { baseUrl: `${base}/rest/2.0`, tokenIn: { query: "access_token" } },
    lifecycle: {
      refresh: { rotates: true },
      revoke: (_context, token) => ({
        url: `${base}/rest/2.0/passport/auth/revokeAuthorization`,
        query: { access_token: token },
      }),
      endSession: null,
    },
    guide: GUIDE,
  };
}

function failure(body: unknown): ToldFailure | null {
  const code = String(at(body, "error_code") ?? "0");
  return code === "0" ? null : { kind: KINDS[code] ?? "protocol", code };
}

const KINDS: Readonly<Record<string, ToldFailure["kind"]>> = {
  "1": "transient",
  "2": "transient",
  "4": "rate_limited",
  "6": "app_not_ready",
  "17": "rate_limited",
  "18": "rate_limited",
};

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  const { openid, userid, portrait } = user;
  return {
    subject: openid === undefined ? userid : openid,
    subjectAliases: [userid],
    name: user.username,
    picture:
      typeof portrait === "string" && portrait !== ""
        ? `https://himg.bdimg.com/sys/portrait/item/${encodeURIComponent(portrait)}`
        : null,
    claims: user,
  };
}

const GUIDE: SetupGuide = {
  register: "https://developer.baidu.com/console",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The API Key or the Secret Key is wrong. Copy both again from the application's page.",
      "zh-CN": "API Key 或 Secret Key 不正确，请从应用页面重新复制。",
    },
    redirect_mismatch: {
      en: "Our callback address must stand in the application's 安全设置 as an authorized callback page, letter for letter.",
      "zh-CN": "回调地址必须登记在应用“安全设置”的授权回调页中，且逐字一致。",
    },
    code_invalid: {
      en: "The code was used before or has expired. If everybody meets this, look whether two instances answer the callback.",
      "zh-CN": "授权码已被使用或已过期。如果所有人都遇到，请检查是否有两个实例在处理回调。",
    },
    "6": {
      en: "The application has no permission for the user's basic information. Apply for it, or check the scopes.",
      "zh-CN": "应用没有读取用户基本信息的权限，请申请，或检查 scopes。",
    },
  },
  facts: { subject: "openid, or userid", emailVerified: "no_email" },
};
