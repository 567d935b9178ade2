import { asObject } from "../oauth/json.ts";
import type { IdentityStep, Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { AppTokenHook, FailureKind, SetupGuide, TokenPlacement, ToldFailure } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
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

export interface WecomOptions {
  /** Default `wecom`. */
  readonly id?: string | undefined;
  /** Default `WeCom` / `企业微信`. */
  readonly name?: string | LocalizedName | undefined;
  /** The company's id (CorpID): `ww…`. */
  readonly clientId: string | undefined;
  /** The secret of the self-built app; not that of the directory. */
  readonly clientSecret: string | undefined;
  /** The app's AgentId: `1000002`. */
  readonly agentId: string | number | undefined;
  /** Default false. True: inside the WeCom app people are asked for picture and e-mail as well. */
  readonly privateInfo?: boolean | undefined;
  /** The language of WeCom's sign-in page. Default `zh`. */
  readonly language?: "zh" | "en" | undefined;
  /** Default false. True: an e-mail counts as verified, although WeCom does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** One address in place of all hosts of WeCom, for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two people below one roof. */
const MARK =
  "M12 2 2 9h20L12 2ZM7 11a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Zm10 0a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM2 22a5 5 0 0 1 10 0 5 5 0 0 1 10 0H2Z";
const WHERE =
  "work.weixin.qq.com → the app's page (AgentId, Secret); My company (我的企业) shows the CorpID.";
const NAME = { en: "WeCom", "zh-CN": "企业微信" };
const APP_TOKEN: TokenPlacement = { token: "app", in: { query: "access_token" } };

/**
 * WeCom (企业微信), with a self-built app of one company.
 *
 * - Not OAuth 2.0: nobody gets a token of their own. The app's token turns the code into the member's id.
 * - Inside the WeCom app another page must be opened, whose address ends in `#wechat_redirect` and whose parameters
 *   must stand in a fixed order.
 * - Everything is answered with status 200; `errcode` decides. People who are not members have an `openid` with
 *   `errcode` 0, and are refused.
 * - Cancelling comes back with the state alone.
 * - The key is the member's id within the company. It is not case-sensitive, so it is kept in lower case; an
 *   administrator can change it once (seen, not documented).
 * - Apps made since June 2022 are told neither e-mail nor picture; they come only inside the WeCom app, with
 *   `privateInfo` and the member's consent.
 * - Departments are those that a member is in directly.
 * - The server's own address must be in the app's list of trusted ones (60020).
 */
export function wecom<const Id extends string = "wecom", Keeps extends boolean = false>(
  options: WecomOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function wecom(options: WecomOptions): ProviderDefinition {
  const { id = "wecom", name = NAME, baseUrl } = options;
  const own = baseUrl?.replace(/\/+$/, "");
  const insider = insideWecom(options, own ?? "https://open.weixin.qq.com");
  const api = own ?? "https://qyapi.weixin.qq.com";
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: own ?? "https://work.weixin.qq.com",
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      endpoints: {
        authorization: onDesktop(options, own ?? "https://login.work.weixin.qq.com"),
        token: null,
      },
      scopes: [],
      authorize: {
        rename: { client_id: "appid" },
        omit: ["response_type"],
        pickEndpoint: (userAgent) => (/\bwxwork\b/i.test(userAgent ?? "") ? insider : null),
      },
      callback: { noCodeIsCancelled: true },
      pkce: "off",
      identity: identitySteps(api),
      profile: (sources) => profile(sources, options.clientId),
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret agentId privateInfo language trustEmail baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkCorpId(options.clientId),
          checkAgentId(options),
          ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        ),
      namedHosts: () => (own === undefined ? [] : hostsOf(own)),
    }),
    exchange: "none",
    appToken: appToken(api),
    redirectOrigins: own === undefined ? ["https://open.weixin.qq.com"] : [],
    membership: {
      department: {
        example: "2",
        fromSources: ({ answers }) => departmentsOf(answers.member),
      },
    },
    lifecycle: { refresh: null, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

// A parameter that an address holds already keeps its place when it is filled in.
function onDesktop({ agentId, language = "zh" }: WecomOptions, login: string): string {
  const agent = encodeURIComponent(String(agentId ?? ""));
  const query = `login_type=CorpApp&appid=&agentid=${agent}&redirect_uri=&state=&lang=${language}`;
  return `${login}/wwlogin/sso/login?${query}`;
}

function insideWecom({ agentId, privateInfo = false }: WecomOptions, open: string): string {
  const agent = encodeURIComponent(String(agentId ?? ""));
  const scope = privateInfo ? "snsapi_privateinfo" : "snsapi_base";
  const query = `appid=&redirect_uri=&response_type=code&scope=${scope}&state=&agentid=${agent}`;
  return `${open}/connect/oauth2/authorize?${query}#wechat_redirect`;
}

function appToken(api: string): AppTokenHook {
  return {
    request: ({ clientId, clientSecret }) => ({
      url: `${api}/cgi-bin/gettoken`,
      query: { corpid: clientId, corpsecret: clientSecret() ?? "" },
    }),
    read: { codec: "json", failure },
    field: "access_token",
    expiresField: "expires_in",
    expiredCodes: ["40014", "42001"],
  };
}

function identitySteps(api: string): readonly IdentityStep[] {
  return [
    {
      as: "login",
      request: ({ code }) => ({ url: `${api}/cgi-bin/auth/getuserinfo`, query: { code } }),
      placement: APP_TOKEN,
      read: { codec: "json", failure: (body, status) => failure(body, status) ?? outsider(body, status) },
    },
    // Name and departments. An app that may not see them still knows who it is.
    {
      as: "member",
      request: ({ answers }) => ({
        url: `${api}/cgi-bin/user/get`,
        query: { userid: String(at(answers.login, "userid")) },
      }),
      placement: APP_TOKEN,
      read: { codec: "json", failure },
      optional: true,
    },
    // There is a ticket only inside the WeCom app, after consent.
    {
      as: "detail",
      when: ({ answers }) => typeof at(answers.login, "user_ticket") === "string",
      request: ({ answers }) => ({
        method: "POST",
        url: `${api}/cgi-bin/auth/getuserdetail`,
        body: { json: { user_ticket: at(answers.login, "user_ticket") } },
      }),
      placement: APP_TOKEN,
      read: { codec: "json", failure },
      optional: true,
    },
  ];
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  "-1": "transient",
  "40001": "client_invalid",
  "40013": "client_invalid",
  "40014": "app_not_ready",
  "40029": "code_invalid",
  "42001": "app_not_ready",
  "45009": "rate_limited",
  "48002": "app_not_ready",
  "50001": "redirect_mismatch",
  "60011": "app_not_ready",
  "60020": "app_not_ready",
  "60111": "user_not_allowed",
};

// Whatever is answered has a number; only what stands before the API (a proxy) says it with a status.
function failure(body: unknown, status: number): ToldFailure | null {
  const code = String(at(body, "errcode") ?? (status === 200 ? "missing" : "0"));
  return code === "0" ? null : { kind: KINDS[code] ?? "protocol", code };
}

// Somebody from outside has an openid, and errcode 0.
function outsider(body: unknown, status: number): ToldFailure | null {
  if (status !== 200) return null;
  const { userid } = asObject(body) ?? {};
  if (Number.isSafeInteger(userid) || (typeof userid === "string" && userid !== "")) return null;
  return { kind: "user_not_allowed", code: "not_a_member" };
}

function profile({ answers }: Sources, corpId: unknown): Profile {
  const userid = at(answers.login, "userid");
  const member = asObject(answers.member) ?? {};
  const detail = asObject(answers.detail) ?? {};
  return {
    subject: typeof userid === "string" ? userid.toLowerCase() : userid,
    tenant: corpId,
    handle: userid,
    name: member.name,
    email: detail.biz_mail || detail.email || member.biz_mail || member.email,
    picture: detail.avatar || member.avatar,
    groups: departmentsOf(answers.member),
    claims: { ...member, ...detail, userid, corpid: corpId },
  };
}

function departmentsOf(member: unknown): readonly string[] | null {
  const departments = at(member, "department");
  return Array.isArray(departments) ? departments.map(String) : null;
}

function checkCorpId(clientId: unknown): Check {
  return () =>
    typeof clientId !== "string" || clientId === "" || /^w[wpx][0-9a-z]+$/i.test(clientId)
      ? []
      : [problem("clientId", "is not a CorpID: those begin with ww", WHERE)];
}

function checkAgentId({ agentId }: WecomOptions): Check {
  return () =>
    /^\d+$/.test(String(agentId ?? ""))
      ? []
      : [problem("agentId", "is not the number of an app", `It looks like "1000002". ${WHERE}`)];
}

const GUIDE: SetupGuide = {
  register: "https://work.weixin.qq.com/wework_admin/frame#apps",
  redirectRules: ["domain_only", "no_localhost"],
  advice: {
    "60020": {
      en: "Add the address that this server calls out from to “Trusted IPs” (企业可信IP) of the app.",
      "zh-CN": "请把本服务器的出口 IP 加入应用的“企业可信IP”。",
    },
    "60011": {
      en: "The app may not see this member. Widen its visible range.",
      "zh-CN": "应用无权查看该成员，请调整应用的可见范围。",
    },
    client_invalid: {
      en: "CorpID and Secret do not fit. Take the Secret of the app itself, not that of the directory.",
      "zh-CN": "CorpID 与 Secret 不匹配。请使用应用自身的 Secret，而不是通讯录的 Secret。",
    },
    redirect_mismatch: {
      en: "Set the domain twice: as trusted domain (网页授权可信域名) and as callback domain of WeCom login (授权回调域). The sign-in page itself shows -31020 or -31039.",
      "zh-CN":
        "请设置两处域名：“网页授权可信域名”和“企业微信授权登录”的授权回调域；登录页会显示 -31020 或 -31039。",
    },
    user_not_allowed: {
      en: "The person is not a member of this company, or outside the visible range of the app.",
      "zh-CN": "此人不是本企业成员，或不在应用的可见范围内。",
    },
    code_invalid: {
      en: "The code is good once, for five minutes. Start again; look whether two instances answer the callback.",
      "zh-CN": "授权码五分钟内有效且只能使用一次，请重新登录；如反复出现，请检查是否有两个实例处理回调。",
    },
    "45009": {
      en: "The app's token was fetched too often. Let no other program use the same Secret.",
      "zh-CN": "应用令牌获取过于频繁，请不要让其他程序共用同一个 Secret。",
    },
  },
  facts: { subject: "CorpID + userid", emailVerified: "no" },
};
