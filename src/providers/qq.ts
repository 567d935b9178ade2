import { asObject } from "../oauth/json.ts";
import type { IdentityStep, Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { AnswerHook, SetupGuide, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkScopes, findProblems } from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface QqOptions {
  /** Default `qq`. */
  readonly id?: string | undefined;
  /** Default `QQ`. */
  readonly name?: string | LocalizedName | undefined;
  /** "APP ID", a number. */
  readonly clientId: string | undefined;
  /** "APP Key". */
  readonly clientSecret: string | undefined;
  /** Default `get_user_info`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: the key is the `unionid`, one for all your applications. Tencent must have granted it. */
  readonly unionId?: boolean | undefined;
  /** One address in place of `https://graph.qq.com`, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Somebody about to say something. */
const MARK =
  "M5 3h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-6l-5 4.5V17H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Zm2.5 5.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Zm4.5 0a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Zm4.5 0a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z";
const WHERE = "QQ Connect (connect.qq.com) → 应用管理 → your 网站应用 → APP ID and APP Key.";

/**
 * QQ (QQ Connect).
 *
 * - The token request is a GET with the secret in its query. We ask for JSON, but the answer may still be a form, and an
 *   error may still be JSONP: each answer is read as whichever it is. Numbers may be texts.
 * - Failures come with status 200, and each call tells success differently: no `error`, or `ret` = 0.
 * - The key is `openid`, which differs from application to application; with `unionId` it is `unionid`, and whoever is
 *   known by their `openid` stays the same person. Where no `unionid` comes, the `openid` serves.
 * - `openid` comes with the token; where it does not, it is asked for.
 * - There is no e-mail, and gender and region are not real.
 * - On a computer a change of mind just closes the page and nothing comes back; on a phone `usercancel` does, not 0.
 * - No PKCE. Scopes are separated by commas.
 */
export function qq<const Id extends string = "qq", Keeps extends boolean = false>(
  options: QqOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function qq(options: QqOptions): ProviderDefinition {
  const { id = "qq", name = "QQ", scopes = ["get_user_info"], unionId = false, baseUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://graph.qq.com");
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      keepTokens: options.keepTokens,
      endpoints: { authorization: `${base}/oauth2.0/authorize`, token: `${base}/oauth2.0/token` },
      scopes,
      scopeSeparator: ",",
      pkce: "off",
      callback: { cancelled },
      identity: [whoAmI(base, unionId), userOf(base)],
      profile: (sources) => profile(sources, unionId),
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes unionId baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          ...(baseUrl === undefined ? [checkDigits("clientId", options.clientId, WHERE)] : []),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
      namedHosts: () => givenHosts({ baseUrl }),
    }),
    exchange: { headers: {}, parameters: { fmt: "json", need_openid: "1" } },
    tokenRequest: { body: "query" },
    tokenType: "optional",
    read: { ...STANDARD_READ, ...READ },
    api: { baseUrl: base, tokenIn: { query: "access_token" } },
    lifecycle: { refresh: { rotates: true }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function cancelled(parameters: URLSearchParams): boolean {
  const told = parameters.get("usercancel") ?? "0";
  return (told !== "0" && told !== "") || parameters.get("error") === "access_denied";
}

/** The ids of the person, where the token answer has not told all that is wanted. */
function whoAmI(base: string, unionId: boolean): IdentityStep {
  return {
    as: "me",
    request: () => ({
      url: `${base}/oauth2.0/me`,
      query: { fmt: "json", ...(unionId ? { unionid: "1" } : {}) },
    }),
    when: ({ tokenResponse }) => unionId || tokenResponse?.openid === undefined,
    placement: { in: { query: "access_token" } },
    read: READ,
  };
}

function userOf(base: string): IdentityStep {
  return {
    as: "user",
    request({ clientId, tokenResponse, answers }) {
      const openid = openIdOf(tokenResponse, answers);
      if (typeof openid !== "string" && typeof openid !== "number") return null;
      return {
        url: `${base}/user/get_user_info`,
        query: { oauth_consumer_key: clientId, openid: String(openid) },
      };
    },
    placement: { in: { query: "access_token" } },
    read: READ,
  };
}

function openIdOf(tokenResponse: Sources["tokenResponse"], answers: Sources["answers"]): unknown {
  return at(answers.me, "openid") ?? tokenResponse?.openid;
}

const READ: AnswerHook = { codec: "auto", failure };

function failure(body: unknown): ToldFailure | null {
  const code = String(at(body, "error") ?? at(body, "ret") ?? "0");
  return code === "0" ? null : { kind: KINDS[code] ?? "protocol", code };
}

const KINDS: Readonly<Record<string, ToldFailure["kind"]>> = {
  "100008": "client_invalid",
  "100009": "client_invalid",
  "100010": "redirect_mismatch",
  "100019": "code_invalid",
  "100020": "code_invalid",
  "100030": "app_not_ready",
  "100031": "app_not_ready",
  "100048": "app_not_ready",
};

function profile({ tokenResponse, answers }: Sources, unionId: boolean): Profile {
  const user = asObject(answers.user) ?? {};
  const openid = openIdOf(tokenResponse, answers);
  const subject = (unionId ? at(answers.me, "unionid") : undefined) ?? openid;
  return {
    subject,
    subjectAliases: [openid],
    name: user.nickname,
    picture: user.figureurl_qq_2 || user.figureurl_qq_1,
    claims: user,
  };
}

const GUIDE: SetupGuide = {
  register: "https://connect.qq.com/manage.html",
  redirectRules: ["domain_only", "exact", "public_tld_only", "no_ip"],
  advice: {
    client_invalid: {
      en: "The APP ID or the APP Key is wrong. Copy both again from the application's page.",
      "zh-CN": "APP ID 或 APP Key 不正确，请从应用页面重新复制。",
    },
    redirect_mismatch: {
      en: "Our callback address is not in the application's list (网站回调域), or not under its domain.",
      "zh-CN": "回调地址不在应用的“网站回调域”列表中，或不属于已登记的域名。",
    },
    code_invalid: {
      en: "The code was used before or is older than ten minutes. If everybody meets this, look whether two instances answer the callback.",
      "zh-CN": "授权码已被使用或已超过十分钟。如果所有人都遇到，请检查是否有两个实例在处理回调。",
    },
    "100030": {
      en: "The person has not granted this permission, or the application does not have it. Check the scopes.",
      "zh-CN": "用户未授予该权限，或应用没有该权限，请检查 scopes。",
    },
    "100048": {
      en: "The application may not ask for the unionid. Apply for it, or leave out unionId.",
      "zh-CN": "应用没有获取 unionid 的权限。请先申请，或不要启用 unionId。",
    },
    app_not_ready: {
      en: "The application is not approved yet or lacks a permission. Until then only the developer's own QQ can sign in.",
      "zh-CN": "应用尚未通过审核或缺少权限；审核前只有开发者本人的 QQ 可以登录。",
    },
  },
  facts: { subject: "openid, or unionid", emailVerified: "no_email" },
};
