import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { AnswerHook, SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ, standardCallback } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface WeiboOptions {
  /** Default `weibo`. */
  readonly id?: string | undefined;
  /** Default `Weibo` / `微博`. */
  readonly name?: string | LocalizedName | undefined;
  /** "App Key", a number. */
  readonly clientId: string | undefined;
  /** "App Secret". */
  readonly clientSecret: string | undefined;
  /** Default none: signing in needs none. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: people type their password again, also when Weibo still knows them. */
  readonly forceLogin?: boolean | undefined;
  /** One address in place of `https://api.weibo.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const NAME = { en: "Weibo", "zh-CN": "微博" };
/** A point that sends out two waves. */
const MARK =
  "M6 15a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM4 9a11 11 0 0 1 11 11h-3a8 8 0 0 0-8-8V9Zm0-6a17 17 0 0 1 17 17h-3A14 14 0 0 0 4 6V3Z";
const WHERE =
  "Weibo Open Platform (open.weibo.com) → 我的应用 → your app → 应用信息 → App Key and App Secret.";

/**
 * Weibo.
 *
 * - The key is the `uid` that comes with the token, as a text; `id` of the user is the same as a large number.
 * - The e-mail needs a permission that is hardly ever granted, so there is none.
 * - There is no refresh token for the web. How long a token lives depends on the application's level.
 * - Errors have an RFC word and a number, `error_code`; the number is what counts. Content types are not relied on.
 * - A change of mind is `access_denied` with `error_code` 21330.
 * - No PKCE. Scopes are separated by commas.
 * - The numbers beside 21325 and 21330 are seen, not documented here.
 */
export function weibo<const Id extends string = "weibo", Keeps extends boolean = false>(
  options: WeiboOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function weibo(options: WeiboOptions): ProviderDefinition {
  const { id = "weibo", name = NAME, scopes = [], baseUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://api.weibo.com");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      keepTokens: options.keepTokens,
      endpoints: { authorization: `${base}/oauth2/authorize`, token: `${base}/oauth2/access_token` },
      scopes,
      scopeSeparator: ",",
      parameters: options.forceLogin === true ? { forcelogin: "true" } : {},
      pkce: "off",
      callback: { cancelled },
      identity: [
        {
          as: "user",
          request: ({ tokenResponse }) => ({
            url: `${base}/2/users/show.json`,
            query: { uid: String(tokenResponse?.uid) },
          }),
          when: ({ tokenResponse }) => hasUid(tokenResponse),
          placement: { in: { query: "access_token" } },
          read: READ,
        },
      ],
      profile,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes forceLogin baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          ...(baseUrl === undefined ? [checkDigits("clientId", options.clientId, WHERE)] : []),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
      namedHosts: () => givenHosts({ baseUrl }),
    }),
    tokenType: "optional",
    read: { ...STANDARD_READ, ...READ },
    subjectShape: DIGITS,
    api: { baseUrl: `${base}/2`, tokenIn: { query: "access_token" } },
    lifecycle: {
      remembers: ["uid"],
      refresh: null,
      revoke: (_context, token) => ({
        url: `${base}/oauth2/revokeoauth2`,
        query: { access_token: token },
      }),
      endSession: null,
    },
    guide: GUIDE,
  };
}

const { cancelled: refused } = standardCallback([]);

function cancelled(parameters: URLSearchParams): boolean {
  return refused(parameters) || parameters.get("error_code") === "21330";
}

function hasUid(tokenResponse: Sources["tokenResponse"]): boolean {
  return typeof tokenResponse?.uid === "string" || typeof tokenResponse?.uid === "number";
}

const READ: AnswerHook = { codec: "json", failure };

function failure(body: unknown): ToldFailure | null {
  const told = at(body, "error_code");
  if (told === undefined || told === null) return null;
  const code = String(told);
  return { kind: KINDS[code] ?? "protocol", code };
}

const KINDS: Readonly<Record<string, ToldFailure["kind"]>> = {
  "10022": "rate_limited",
  "10023": "rate_limited",
  "10024": "rate_limited",
  "21321": "app_not_ready",
  "21322": "redirect_mismatch",
  "21324": "client_invalid",
  "21325": "code_invalid",
  "21327": "code_invalid",
};

function profile({ tokenResponse, answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: tokenResponse?.uid,
    handle: user.screen_name,
    name: user.name ?? user.screen_name,
    picture: user.avatar_large ?? user.profile_image_url,
    claims: user,
  };
}

const GUIDE: SetupGuide = {
  register: "https://open.weibo.com/apps",
  redirectRules: ["exact", "single_uri"],
  advice: {
    client_invalid: {
      en: "The App Key or the App Secret is wrong. Copy both again from the application's page.",
      "zh-CN": "App Key 或 App Secret 不正确，请从应用信息页重新复制。",
    },
    redirect_mismatch: {
      en: "Our callback address must be the 授权回调页 of the application (应用信息 → 高级信息), letter for letter.",
      "zh-CN": "回调地址必须与“应用信息 → 高级信息”中的“授权回调页”逐字一致。",
    },
    code_invalid: {
      en: "The code was used before, has expired, or the callback address differs from the one it was made for.",
      "zh-CN": "授权码已被使用、已过期，或回调地址与申请时不一致。",
    },
    "21321": {
      en: "The application is not reviewed yet: only its named testers, 15 at most, can sign in.",
      "zh-CN": "应用尚未审核：只有已登记的测试账号（最多 15 个）可以登录。",
    },
  },
  facts: { subject: "uid", emailVerified: "no_email" },
};
