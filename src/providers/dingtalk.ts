import { asObject } from "../oauth/json.ts";
import type { IdentityStep, Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { AppTokenHook, FailureKind, MembershipCheck, SetupGuide, ToldFailure } from "./hooks.ts";
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

export interface DingtalkOptions {
  /** Default `dingtalk`. */
  readonly id?: string | undefined;
  /** Default `DingTalk` / `钉钉`. */
  readonly name?: string | LocalizedName | undefined;
  /** Client ID, formerly AppKey: `ding…`. */
  readonly clientId: string | undefined;
  /** Client Secret, formerly AppSecret. */
  readonly clientSecret: string | undefined;
  /** Only this company: `ding…`. Everybody else is refused, and so is who does not tell. Default every company. */
  readonly corpId?: string | undefined;
  /** Default false. True: an e-mail counts as verified, although DingTalk does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** `dingtalk.io` is the international edition. Default `dingtalk.com`. */
  readonly domain?: "dingtalk.com" | "dingtalk.io" | undefined;
  /** One address in place of all hosts of DingTalk, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A bell. */
const MARK = "M12 2a6 6 0 0 0-6 6v5l-2 4h16l-2-4V8a6 6 0 0 0-6-6Zm-2.5 17a2.5 2.5 0 0 0 5 0h-5Z";
const WHERE = "open-dev.dingtalk.com → your app → Credentials and basic information (凭证与基础信息).";
const NAME = { en: "DingTalk", "zh-CN": "钉钉" };

/**
 * DingTalk (钉钉), by its present login page. The former pages (`connect/qrconnect`, `sns/…`) are not supported.
 *
 * - JSON in camelCase with words of its own: `clientId`, `grantType`, `accessToken`, `expireIn`; no token type, no PKCE.
 * - The code comes as `authCode` by the documentation and as `code` in the field: either is taken.
 * - How a refusal looks is not documented: a state without a code counts as one.
 * - The token goes into a header of its own. `prompt=consent` must always be there.
 * - The key is `unionId`, the same in all apps of one developer; `openId` differs from app to app.
 * - The company (`corpId`) is told only with the scope `corpid`. Departments take the company's own directory, so they
 *   need an internal app, and only those that a person is in directly are told.
 * - Two APIs, two kinds of error: a word with status 400, and (directory) a number with status 200.
 *   Words beyond `invalidParameter.authCode.notFound` are seen, not documented.
 */
export function dingtalk<const Id extends string = "dingtalk", Keeps extends boolean = false>(
  options: DingtalkOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function dingtalk(options: DingtalkOptions): ProviderDefinition {
  const { id = "dingtalk", name = NAME, corpId, baseUrl } = options;
  const { domain = "dingtalk.com" } = options;
  const own = baseUrl?.replace(/\/+$/, "");
  const login = own ?? `https://login.${domain}`;
  const api = own ?? `https://api.${domain}`;
  const directory = own ?? `https://oapi.${domain}`;
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: login,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: { authorization: `${login}/oauth2/auth`, token: `${api}/v1.0/oauth2/userAccessToken` },
      scopes: corpId === undefined ? ["openid"] : ["openid", "corpid"],
      parameters: {
        prompt: "consent",
        ...(corpId === undefined ? {} : { exclusiveLogin: "true", exclusiveCorpId: corpId }),
      },
      callback: { codeParameter: "authCode", codeParameters: ["code"], noCodeIsCancelled: true },
      pkce: "off",
      identity: [userStep(api)],
      profile,
      restrict: (sources) => (corpId === undefined ? null : otherCompany(sources, corpId)),
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret corpId trustEmail domain baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkCorpId(options),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (own === undefined ? [] : hostsOf(own)),
    }),
    tokenRequest: {
      body: "json",
      rename: {
        client_id: "clientId",
        client_secret: "clientSecret",
        grant_type: "grantType",
        refresh_token: "refreshToken",
      },
      omit: ["redirect_uri"],
    },
    tokenFields: { access_token: "accessToken", refresh_token: "refreshToken", expires_in: "expireIn" },
    tokenType: "optional",
    read: { ...STANDARD_READ, failure },
    appToken: appToken(api),
    membership: { corporation: inCorporation(), department: inDepartment(directory) },
    api: { baseUrl: api, tokenIn: { header: "x-acs-dingtalk-access-token" } },
    lifecycle: { remembers: ["corpId"], refresh: { rotates: "unknown" }, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function userStep(api: string): IdentityStep {
  return {
    as: "user",
    url: `${api}/v1.0/contact/users/me`,
    placement: { in: { header: "x-acs-dingtalk-access-token" } },
    read: { failure },
  };
}

/** What a word says, looked for in this order. */
const KINDS: readonly (readonly [pattern: RegExp, kind: FailureKind])[] = [
  [/authcode|refreshtoken/i, "code_invalid"],
  [/client(id|secret)|app(key|secret)/i, "client_invalid"],
  // Before the next one: DingTalk calls this "access denied" as well.
  [/throttl|qps|limit/i, "rate_limited"],
  [/accessdenied|permission/i, "app_not_ready"],
  [/unavailable|internal|system/i, "transient"],
];

function failure(body: unknown): ToldFailure | null {
  const code = at(body, "code");
  if (typeof code !== "string" || code === "") return null;
  return { kind: KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? "protocol", code };
}

function profile({ answers, tokenResponse }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.unionId,
    name: user.nick,
    email: user.email,
    picture: user.avatarUrl,
    claims: { ...user, corpId: tokenResponse?.corpId ?? null },
  };
}

// A company that is not told is no company of ours.
function otherCompany({ tokenResponse }: Sources, corpId: string): string | null {
  return tokenResponse?.corpId === corpId ? null : "other_company";
}

function appToken(api: string): AppTokenHook {
  return {
    request: ({ clientId, clientSecret }) => ({
      method: "POST",
      url: `${api}/v1.0/oauth2/accessToken`,
      body: { json: { appKey: clientId, appSecret: clientSecret() } },
    }),
    read: { failure },
    field: "accessToken",
    expiresField: "expireIn",
    expiredCodes: ["40014", "42001"],
  };
}

function inCorporation(): MembershipCheck {
  return {
    example: "ding1a2b3c4d5e6f",
    scopes: ["corpid"],
    fromSources({ tokenResponse }) {
      const corpId = tokenResponse?.corpId;
      return typeof corpId === "string" && corpId !== "" ? [corpId] : null;
    },
  };
}

/** Two questions to the directory, each of which is a page: who is this here, and which departments are theirs? */
function inDepartment(directory: string): MembershipCheck {
  return {
    example: "431280123",
    request({ answers }) {
      const unionid = at(answers.user, "unionId");
      if (unionid === undefined || unionid === null) return null;
      return {
        method: "POST",
        url: `${directory}/topapi/user/getbyunionid`,
        body: { json: { unionid: String(unionid) } },
      };
    },
    placement: { token: "app", in: { query: "access_token" } },
    read: { failure: directoryFailure, unwrap: (body) => at(body, "result") },
    groups: (result) => departmentsIn(result),
    paging: {
      next(result) {
        const userid = at(result, "userid");
        if (typeof userid !== "string" || Array.isArray(at(result, "dept_id_list"))) return null;
        return { method: "POST", url: `${directory}/topapi/v2/user/get`, body: { json: { userid } } };
      },
    },
  };
}

// Who is not in this company (60121) has no departments here: that is a no, not a failure.
function directoryFailure(body: unknown): ToldFailure | null {
  const code = String(at(body, "errcode"));
  if (code === "0" || code === "60121") return null;
  // The gate before the API tells its own number, and the API's in `sub_code` (seen, not documented).
  const inner = String(at(body, "sub_code") ?? code);
  return { kind: "app_not_ready", code: inner };
}

function departmentsIn(result: unknown): readonly string[] {
  const departments = at(result, "dept_id_list");
  return Array.isArray(departments) ? departments.map(String) : [];
}

function checkCorpId({ corpId, clientId }: DingtalkOptions): Check {
  return () => {
    if (corpId === undefined) return [];
    const fix =
      "It is on the start page of open-dev.dingtalk.com and begins with ding: corpId: “ding1a2b3c4d5e6f”.";
    if (typeof corpId !== "string" || !/^[A-Za-z0-9_-]+$/.test(corpId)) {
      return [problem("corpId", "is not the id of a company", fix)];
    }
    return corpId === clientId ? [problem("corpId", "is the Client ID of the app", fix)] : [];
  };
}

const GUIDE: SetupGuide = {
  register: "https://open-dev.dingtalk.com/",
  redirectRules: ["domain_only"],
  advice: {
    client_invalid: {
      en: "Client ID or Client Secret is wrong, or the app has no published version yet.",
      "zh-CN": "Client ID 或 Client Secret 不正确，或应用尚未发布版本。",
    },
    app_not_ready: {
      en: "Give the app the permission Contact.User.Read (and for departments those to read the directory), then publish it.",
      "zh-CN": "请为应用开通 Contact.User.Read 权限（判断部门还需通讯录读取权限），并发布应用。",
    },
    code_invalid: {
      en: "The code was used twice or is too old. Start again; look whether two instances answer the callback.",
      "zh-CN": "授权码被重复使用或已过期，请重新登录；如反复出现，请检查是否有两个实例处理回调。",
    },
    other_company: {
      en: "Somebody signed in for another company, or chose none. Check corpId, and choose the company when signing in.",
      "zh-CN": "登录时选择了其他组织或未选择组织。请检查 corpId，并在登录时选择正确的组织。",
    },
    redirect_mismatch: {
      en: "Add the callback address under Security settings (安全设置) of the app.",
      "zh-CN": "请在应用的“安全设置”中添加回调地址。",
    },
  },
  facts: { subject: "unionId", emailVerified: "no" },
};
