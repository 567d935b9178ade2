import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { FailureKind, SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import { checkCredentials, checkEndpoint, checkId, checkName, findProblems } from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface XOauth1Options {
  /** Default `x-oauth1`. */
  readonly id?: string | undefined;
  /** Default `X`. */
  readonly name?: string | LocalizedName | undefined;
  /** "API Key" of the app (the consumer key); not the OAuth 2.0 client id. */
  readonly clientId: string | undefined;
  /** "API Key Secret" of the app. */
  readonly clientSecret: string | undefined;
  /** Default false: whoever is signed in at X already is not asked for a password. */
  readonly forceLogin?: boolean | undefined;
  /** Default false. X tells only addresses that it has verified, so this changes nothing today. */
  readonly trustEmail?: boolean | undefined;
  /** One address in place of `https://api.x.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const CLOUD = "https://api.x.com";
/** A cross of two plain strokes. */
const MARK = "M5 3l7 7 7-7 2 2-7 7 7 7-2 2-7-7-7 7-2-2 7-7-7-7Z";
const WHERE = "developer.x.com → your app → Keys and tokens → Consumer Keys (API Key and Secret).";

/**
 * X (Twitter), by OAuth 1.0a. For an app that can have OAuth 2.0, take `x`.
 *
 * - X is asked for a temporary token before the browser leaves, and again for everything: each request is signed. A
 *   clock that is off by more than five minutes breaks every signature.
 * - Cancelling comes back as `denied`, with the temporary token.
 * - The e-mail is there only when the app has "Request email from users" switched on, and only when X has verified it.
 * - Tokens never expire and cannot be refreshed.
 * - `id` is rounded by JavaScript, `id_str` is the same as a text: that is the key.
 * - Numbers of errors other than 32 are seen, not re-read.
 */
export function xOauth1<const Id extends string = "x-oauth1", Keeps extends boolean = false>(
  options: XOauth1Options & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function xOauth1(options: XOauth1Options): ProviderDefinition {
  const { id = "x-oauth1", name = "X", forceLogin = false, baseUrl } = options;
  const base = (baseUrl ?? CLOUD).replace(/\/+$/, "");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: {
        requestToken: `${base}/oauth/request_token`,
        authorization: `${base}/oauth/authenticate`,
        token: `${base}/oauth/access_token`,
      },
      scopes: [],
      parameters: forceLogin ? { force_login: "true" } : {},
      pkce: "off",
      identity: [
        {
          as: "user",
          url: `${base}/1.1/account/verify_credentials.json?include_email=true&skip_status=true`,
          read: { failure },
        },
      ],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret forceLogin trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (baseUrl === undefined ? [] : hostsOf(base)),
    }),
    kind: "oauth1",
    read: { ...STANDARD_READ, failure },
    // Whoever is not signed in there is sent to the site itself first.
    redirectOrigins: baseUrl === undefined ? ["https://x.com", "https://twitter.com"] : [],
    subjectShape: DIGITS,
    api: { baseUrl: base },
    lifecycle: { refresh: null, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  "64": "user_not_allowed",
  "88": "rate_limited",
  "89": "code_invalid",
  "130": "transient",
  "131": "transient",
  "135": "app_not_ready",
  "326": "user_not_allowed",
  "415": "redirect_mismatch",
  "416": "app_not_ready",
  "417": "redirect_mismatch",
  "453": "app_not_ready",
};

function failure(body: unknown): ToldFailure | null {
  const errors = at(body, "errors");
  if (!Array.isArray(errors)) return null;
  const code = String(at(errors[0], "code"));
  // 32 is what a bad signature and a bad verifier have in common: which it is shows in what was asked.
  return code === "32" ? null : { kind: KINDS[code] ?? "protocol", code };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  const told = typeof user.email === "string" && user.email !== "";
  return {
    subject: user.id_str ?? user.id,
    handle: user.screen_name,
    name: user.name,
    email: told ? user.email : null,
    emailVerified: told ? true : null,
    picture: user.profile_image_url_https,
    claims: user,
  };
}

const GUIDE: SetupGuide = {
  register: "https://developer.x.com/en/portal/projects-and-apps",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "X refuses the signature. Take “API Key” and “API Key Secret”, not the OAuth 2.0 client; and check the clock.",
      "zh-CN":
        "X 拒绝了签名。请使用“API Key”和“API Key Secret”，而不是 OAuth 2.0 的客户端；并检查服务器时钟。",
    },
    "135": {
      en: "The clock of this server is off by more than five minutes.",
      "zh-CN": "本服务器时钟偏差超过五分钟。",
    },
    redirect_mismatch: {
      en: "Add the callback address to “Callback URI / Redirect URL” in the app's user authentication settings.",
      "zh-CN": "请在应用的 User authentication settings 中把回调地址加入“Callback URI / Redirect URL”。",
    },
    "453": {
      en: "The access level of the app does not include verify_credentials. Choose a higher one, or use OAuth 2.0.",
      "zh-CN": "应用的访问级别不包含 verify_credentials，请升级或改用 OAuth 2.0。",
    },
    email_unverified: {
      en: "Switch on “Request email from users” for the app; X tells only addresses that it has verified.",
      "zh-CN": "请为应用打开“Request email from users”；X 只提供已验证的邮箱。",
    },
  },
  facts: { subject: "id_str", emailVerified: "yes" },
};
