import { asObject } from "../oauth/json.ts";
import type { IdentityStep, Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { FailureKind, SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface WechatOptions {
  /** Default `wechat`. */
  readonly id?: string | undefined;
  /** Default `WeChat` / `微信`. */
  readonly name?: string | LocalizedName | undefined;
  /** AppID of a website application: `wx…`. */
  readonly clientId: string | undefined;
  /** AppSecret of the website application. */
  readonly clientSecret: string | undefined;
  /** The language of WeChat's sign-in page. Default `cn`. */
  readonly language?: "cn" | "en" | undefined;
  /** One address in place of `https://open.weixin.qq.com` and `https://api.weixin.qq.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A code to be scanned. */
const MARK =
  "M3 3h7v7H3V3Zm2 2v3h3V5H5Zm9-2h7v7h-7V3Zm2 2v3h3V5h-3ZM3 14h7v7H3v-7Zm2 2v3h3v-3H5Zm9-2h3v3h-3v-3Zm4 4h3v3h-3v-3Z";
const WHERE = "open.weixin.qq.com → Management center → Website applications → your application.";
const NAME = { en: "WeChat", "zh-CN": "微信" };

/**
 * WeChat (微信), sign-in on a website by QR code, with a website application of the Open Platform.
 *
 * - The address calls the client id `appid`, keeps its parameters in a fixed order and ends in `#wechat_redirect`.
 * - The token request is a GET with the secret in its query; no PKCE. Its answer has no token type, is not labelled as
 *   JSON, and tells of errors with status 200 by `errcode`, which is left out when all is well.
 * - The key is `unionid`, the same for all applications of one Open Platform account. Where WeChat does not tell it,
 *   `openid` takes its place, and is an alias as soon as there is a `unionid`.
 * - There is never an e-mail.
 * - Cancelling comes back with the state alone, or (newer page) not at all.
 */
export function wechat<const Id extends string = "wechat", Keeps extends boolean = false>(
  options: WechatOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function wechat(options: WechatOptions): ProviderDefinition {
  const { id = "wechat", name = NAME, language = "cn", baseUrl } = options;
  const own = baseUrl?.replace(/\/+$/, "");
  const open = own ?? "https://open.weixin.qq.com";
  const api = own ?? "https://api.weixin.qq.com";
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: open,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      keepTokens: options.keepTokens,
      endpoints: {
        // A parameter that an address holds already keeps its place when it is filled in.
        authorization: `${open}/connect/qrconnect?appid=&redirect_uri=&response_type=code&scope=&state=&lang=${language}`,
        token: `${api}/sns/oauth2/access_token`,
      },
      scopes: ["snsapi_login"],
      scopeSeparator: ",",
      authorize: { rename: { client_id: "appid" }, fragment: "wechat_redirect" },
      callback: { noCodeIsCancelled: true },
      pkce: "off",
      identity: [userStep(api)],
      profile,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret language baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkAppId(options.clientId),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (own === undefined ? [] : hostsOf(own)),
    }),
    tokenRequest: {
      body: "query",
      rename: { client_id: "appid", client_secret: "secret" },
      omit: ["redirect_uri"],
    },
    tokenType: "optional",
    read: { ...STANDARD_READ, codec: "json", failure },
    api: { baseUrl: api, tokenIn: { query: "access_token" } },
    lifecycle: {
      remembers: ["openid"],
      refresh: { rotates: false, url: `${api}/sns/oauth2/refresh_token`, omit: ["client_secret"] },
      revoke: null,
      endSession: null,
    },
    guide: GUIDE,
  };
}

function userStep(api: string): IdentityStep {
  return {
    as: "user",
    request: ({ tokenResponse }) => ({
      url: `${api}/sns/userinfo`,
      query: { openid: String(tokenResponse?.openid ?? ""), lang: "zh_CN" },
    }),
    placement: { in: { query: "access_token" } },
    read: { codec: "json", failure },
  };
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  "-1": "transient",
  "40001": "client_invalid",
  "40013": "client_invalid",
  "40029": "code_invalid",
  "40030": "code_invalid",
  "40125": "client_invalid",
  "40163": "code_invalid",
  "41008": "code_invalid",
  "42002": "code_invalid",
  "42003": "code_invalid",
  "45009": "rate_limited",
  "45011": "rate_limited",
  "48001": "app_not_ready",
};

function failure(body: unknown): ToldFailure | null {
  const code = String(at(body, "errcode") ?? "0");
  return code === "0" ? null : { kind: KINDS[code] ?? "protocol", code };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  const { unionid, openid } = user;
  return {
    subject: unionid ?? openid,
    subjectAliases: unionid === undefined || unionid === null ? [] : [openid],
    name: user.nickname,
    picture: user.headimgurl,
    claims: user,
  };
}

function checkAppId(clientId: unknown): Check {
  return () =>
    typeof clientId !== "string" || clientId === "" || /^wx[0-9a-z]+$/i.test(clientId)
      ? []
      : [problem("clientId", "is not an AppID: those begin with wx", WHERE)];
}

const GUIDE: SetupGuide = {
  register: "https://open.weixin.qq.com/",
  redirectRules: ["domain_only", "no_localhost", "no_ip"],
  advice: {
    client_invalid: {
      en: "AppID or AppSecret is wrong. Take those of the website application, not of an official account or mini program.",
      "zh-CN": "AppID 或 AppSecret 不正确。请使用网站应用的凭证，而不是公众号或小程序的。",
    },
    redirect_mismatch: {
      en: "Set the bare domain (no https://, no path) as authorization callback domain. WeChat's page shows 10003.",
      "zh-CN": "请在“授权回调域”填写纯域名（不含 https:// 与路径）；微信页面会显示 10003。",
    },
    app_not_ready: {
      en: "The application or its ability “WeChat login” is not approved yet. WeChat's page shows 10005.",
      "zh-CN": "网站应用或“微信登录”能力尚未通过审核；微信页面会显示 10005。",
    },
    code_invalid: {
      en: "The code is good once, for ten minutes. Start again; look whether two instances answer the callback.",
      "zh-CN": "授权码十分钟内有效且只能使用一次，请重新登录；如反复出现，请检查是否有两个实例处理回调。",
    },
  },
  facts: { subject: "unionid", emailVerified: "no_email" },
};
