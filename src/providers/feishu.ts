import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { AppTokenHook, FailureKind, MembershipCheck, SetupGuide, ToldFailure } from "./hooks.ts";
import { pageByParameter } from "./internal/api-pages.ts";
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
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface FeishuOptions {
  /** Default `feishu`, or `lark` for `larksuite.com`. */
  readonly id?: string | undefined;
  /** Default `Feishu` / `飞书`, or `Lark` for `larksuite.com`. */
  readonly name?: string | LocalizedName | undefined;
  /** App ID: `cli_…`. */
  readonly clientId: string | undefined;
  /** App Secret. */
  readonly clientSecret: string | undefined;
  /** Default none: who it is needs none. E-mail: `contact:user.email:readonly` or `contact:user.employee:readonly`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified, although Feishu does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** `larksuite.com` is Lark, the international edition. Default `feishu.cn`. */
  readonly domain?: "feishu.cn" | "larksuite.com" | undefined;
  /** One address in place of all hosts of Feishu, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A paper plane. */
const MARK = "M2 11 22 3l-6 18-5-6 6-7-8 5.5L2 11Zm7 4.5 2.5 3-2.5 2.5v-5.5Z";
const WHERE = "open.feishu.cn (or open.larksuite.com) → Developer console → your app → Credentials.";
const FEISHU = { en: "Feishu", "zh-CN": "飞书" };
const LARK = { en: "Lark", "zh-CN": "Lark" };

/**
 * Feishu (飞书) and Lark, by the second version of its token endpoint. The former ones are not supported.
 *
 * - The token request is JSON, with id and secret in the body; together with Basic it would be refused (20070).
 * - PKCE would be `plain` unless `S256` is said.
 * - Answers tell of errors by `code`: the token endpoint with status 400, the API with 200. It may be a text ("0").
 * - The key is `union_id`, the same in all apps of one developer; `open_id` differs from app to app and is kept as alias.
 * - E-mail addresses are kept by the organization and only there with a permission; nothing tells whether one was
 *   verified. The company's own (`enterprise_email`) comes first.
 * - `tenant_key` names the organization. Departments and groups are asked in its directory with the app's own token:
 *   only departments that a person is in directly are told, and only with the permission to see them.
 * - The paging of groups and codes of the directory are seen in the field, not re-read.
 */
export function feishu<const Id extends string = "feishu" | "lark", Keeps extends boolean = false>(
  options: FeishuOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function feishu(options: FeishuOptions): ProviderDefinition {
  const { domain = "feishu.cn", scopes = [], baseUrl } = options;
  const lark = domain === "larksuite.com";
  const { id = lark ? "lark" : "feishu", name = lark ? LARK : FEISHU } = options;
  const own = baseUrl?.replace(/\/+$/, "");
  const accounts = own ?? `https://accounts.${domain}`;
  const api = `${own ?? `https://open.${domain}`}/open-apis`;
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: accounts,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: {
        authorization: `${accounts}/open-apis/authen/v1/authorize`,
        token: `${api}/authen/v2/oauth/token`,
      },
      scopes,
      identity: [{ as: "user", url: `${api}/authen/v1/user_info`, read: READ }],
      profile,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret scopes trustEmail domain baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkAppId(options.clientId),
          checkScopes(scopes),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (own === undefined ? [] : hostsOf(own)),
    }),
    tokenRequest: { body: "json" },
    tokenType: "optional",
    read: { ...STANDARD_READ, failure },
    appToken: appToken(api),
    membership: { tenant: inTenant(), department: inDepartment(api), group: inGroup(api) },
    api: { baseUrl: api, paging: pageByParameter("data.page_token", "page_token") },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: true },
      revoke: null,
      endSession: null,
    },
    guide: GUIDE,
  };
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  "10003": "client_invalid",
  "10014": "client_invalid",
  "20002": "client_invalid",
  "20003": "code_invalid",
  "20004": "code_invalid",
  "20008": "user_not_allowed",
  "20010": "user_not_allowed",
  "20021": "user_not_allowed",
  "20022": "user_not_allowed",
  "20023": "user_not_allowed",
  "20024": "client_invalid",
  "20026": "code_invalid",
  "20037": "code_invalid",
  "20048": "client_invalid",
  "20049": "code_invalid",
  "20050": "transient",
  "20064": "code_invalid",
  "20065": "code_invalid",
  "20066": "user_not_allowed",
  "20069": "app_not_ready",
  "20071": "redirect_mismatch",
  "20072": "transient",
  "20073": "code_invalid",
  "99991400": "rate_limited",
  "99991672": "app_not_ready",
};

// Without a code it is an answer of another kind, which is judged by what it holds.
function failure(body: unknown): ToldFailure | null {
  const code = String(at(body, "code") ?? "0");
  return code === "0" ? null : { kind: KINDS[code] ?? "protocol", code };
}

const READ = { failure, unwrap: (body: unknown) => at(body, "data") };

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  const { union_id: unionId, open_id: openId } = user;
  return {
    subject: unionId ?? openId,
    subjectAliases: unionId === undefined || unionId === null ? [] : [openId],
    name: user.name ?? user.en_name,
    email: user.enterprise_email || user.email,
    picture: user.avatar_url,
    claims: user,
  };
}

function appToken(api: string): AppTokenHook {
  return {
    request: ({ clientId, clientSecret }) => ({
      method: "POST",
      url: `${api}/auth/v3/tenant_access_token/internal`,
      body: { json: { app_id: clientId, app_secret: clientSecret() } },
    }),
    read: { failure },
    field: "tenant_access_token",
    expiresField: "expire",
    expiredCodes: ["99991663", "99991677"],
  };
}

function inTenant(): MembershipCheck {
  return {
    example: "736588c92lxf175d",
    fromSources({ answers }) {
      const tenant = at(answers.user, "tenant_key");
      return typeof tenant === "string" && tenant !== "" ? [tenant] : null;
    },
  };
}

function inDepartment(api: string): MembershipCheck {
  return {
    example: "od-4e6ac4d14bcd5071a37a39de902c7141",
    request({ answers }) {
      const openId = at(answers.user, "open_id");
      if (typeof openId !== "string" || openId === "") return null;
      return {
        url: `${api}/contact/v3/users/${encodeURIComponent(openId)}`,
        query: { user_id_type: "open_id", department_id_type: "open_department_id" },
      };
    },
    placement: { token: "app" },
    read: { failure: (body) => failure(body) ?? hiddenDepartments(body), unwrap: READ.unwrap },
    groups: (data) => textsIn(at(data, "user.department_ids")),
  };
}

// Without the permission the list is left out: that must not look like a person without departments.
function hiddenDepartments(body: unknown): ToldFailure | null {
  const shown = Array.isArray(at(body, "data.user.department_ids"));
  return shown ? null : { kind: "app_not_ready", code: "department_ids_hidden" };
}

/** User groups of the directory, which may hold whole departments with all below them. */
function inGroup(api: string): MembershipCheck {
  return {
    example: "g193821",
    request({ answers }) {
      const openId = at(answers.user, "open_id");
      if (typeof openId !== "string" || openId === "") return null;
      return {
        url: `${api}/contact/v3/group/member_belong`,
        query: { member_id: openId, member_id_type: "open_id", page_size: "500" },
      };
    },
    placement: { token: "app" },
    read: READ,
    groups: (data) => textsIn(at(data, "group_list")),
    paging: {
      next(data, request) {
        const token = at(data, "page_token");
        if (at(data, "has_more") !== true || typeof token !== "string" || token === "") return null;
        return { ...request, query: { ...request.query, page_token: token } };
      },
    },
  };
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
}

function checkAppId(clientId: unknown): Check {
  return () =>
    typeof clientId !== "string" || clientId === "" || clientId.startsWith("cli_")
      ? []
      : [problem("clientId", "is not an App ID: those begin with cli_", WHERE)];
}

const GUIDE: SetupGuide = {
  register: "https://open.feishu.cn/app",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "App ID or App Secret is wrong. Copy both again; Feishu and Lark are two places with different apps.",
      "zh-CN": "App ID 或 App Secret 不正确，请重新复制；飞书与 Lark 的应用互不相通。",
    },
    redirect_mismatch: {
      en: "Add the callback address under Security settings (安全设置) → Redirect URLs. Feishu's page shows 20029.",
      "zh-CN": "请在“安全设置 → 重定向 URL”中添加回调地址；飞书页面会显示错误码 20029。",
    },
    user_not_allowed: {
      en: "The person is outside the app's availability range, or has left. Widen the range and publish a version.",
      "zh-CN": "此人不在应用可用范围内或已离职，请调整可用范围并发布版本。",
    },
    app_not_ready: {
      en: "Publish a version of the app and let it be approved; for departments and groups add the directory permissions.",
      "zh-CN": "请发布应用版本并通过审核；判断部门或用户组还需开通通讯录权限。",
    },
    "20027": {
      en: "A scope is asked for that the app does not have. Add the permission to the app or take the scope out.",
      "zh-CN": "请求了应用未开通的权限。请为应用开通该权限，或从 scopes 中删除。",
    },
    code_invalid: {
      en: "The code is good once, for five minutes. Start again; look whether two instances answer the callback.",
      "zh-CN": "授权码五分钟内有效且只能使用一次，请重新登录；如反复出现，请检查是否有两个实例处理回调。",
    },
  },
  facts: { subject: "union_id", emailVerified: "no" },
};
