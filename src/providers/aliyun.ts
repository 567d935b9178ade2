import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { MembershipCheck, SetupGuide } from "./hooks.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface AliyunOptions {
  /** Default `aliyun`. */
  readonly id?: string | undefined;
  /** Default `Alibaba Cloud` / `阿里云`. */
  readonly name?: string | LocalizedName | undefined;
  /** "应用 ID" of the OAuth application in RAM. */
  readonly clientId: string | undefined;
  /** "应用密钥". */
  readonly clientSecret: string | undefined;
  /** Only identities of this cloud account (`aid`, its 账号 ID). Default: every account that has installed the application. */
  readonly accountId?: string | undefined;
  /** `china` is aliyun.com, `international` is alibabacloud.com. Default `china`. Applications belong to one site. */
  readonly site?: "china" | "international" | undefined;
  /** Beside `openid`. Default `profile` and `aliuid`. Each must have been added to the application. */
  readonly scopes?: readonly string[] | undefined;
  /** One address in place of the site's `https://oauth.aliyun.com`, which is the issuer too; for tests and proxies. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const NAME = { en: "Alibaba Cloud", "zh-CN": "阿里云" };
/** A cloud over a line. */
const MARK = "M7 16a5 5 0 0 1-.6-10A6.5 6.5 0 0 1 18.7 8.1 4 4 0 0 1 18 16H7Zm-3 2.5h16V21H4v-2.5Z";
const WHERE = "Alibaba Cloud → RAM console → 集成管理 → OAuth 应用 → your app (type: WebApp).";
const DOMAINS = { china: "aliyun.com", international: "alibabacloud.com" } as const;

/**
 * Alibaba Cloud (阿里云): main accounts, RAM users and roles, by RAM OAuth.
 *
 * - People sign in at another host than the issuer's. Userinfo is not announced in the discovery document; it is at
 *   `/v1/userinfo`.
 * - `sub` is the key. In older applications it is the numeric `uid`; newer ones get an opaque one, and whoever is known
 *   by their `uid` stays the same person.
 * - `aid` is the cloud account that an identity belongs to. Without `accountId` or a rule on `account`, people of any
 *   cloud account that has installed the application arrive.
 * - There is no e-mail: `upn` and `login_name` only look like one.
 * - A refresh answers neither a new refresh token nor an ID token.
 * - That cancelling comes back as `access_denied` is seen, not documented.
 * - It knows neither `max_age` nor `auth_time`: a step-up can see no more than that people have been there and back.
 */
export function aliyun<const Id extends string = "aliyun", Keeps extends boolean = false>(
  options: AliyunOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function aliyun(options: AliyunOptions): ProviderDefinition {
  const {
    id = "aliyun",
    name = NAME,
    accountId,
    site = "china",
    scopes = ["profile", "aliuid"],
    baseUrl,
  } = options;
  const domain = DOMAINS[site] ?? DOMAINS.china;
  const base = trimSlashes(baseUrl ?? `https://oauth.${domain}`);
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      keepTokens: options.keepTokens,
      clientAuthentication: "client_secret_post",
      scopes,
      userInfo: "always",
      // The page on the way to signing in, for RAM users and for main accounts.
      redirectOrigins: baseUrl === undefined ? [`https://signin.${domain}`, `https://account.${domain}`] : [],
      restrict: (sources) =>
        accountId === undefined || accountOf(sources) === accountId ? null : "cloud_account",
      problems: () =>
        findProblems(
          checkOptionNames(options, "clientSecret accountId site scopes baseUrl"),
          checkId(id),
          checkName(name),
          checkCredentials(options, WHERE),
          checkSite(options.site),
          checkDigits("accountId", accountId, ACCOUNT_ID),
          ...(accountId === "" ? [missingAccount] : []),
          checkScopes(scopes),
          checkAddresses({ baseUrl }),
        ),
    }),
    freshness: ROUND_TRIP,
    endpoints: { userInfo: `${base}/v1/userinfo` },
    profile,
    membership: { account: inAccount },
    lifecycle: {
      refresh: { parameters: { access_type: "offline" }, rotates: false },
      revoke: "rfc7009",
      endSession: null,
    },
    guide: GUIDE,
    namedHosts: () => givenHosts({ baseUrl }),
  };
}

/** Ids are texts, but a number of the same digits is the same id. */
function accountOf({ idToken, userInfo }: Sources): string | null {
  const aid = idToken?.aid ?? userInfo?.aid;
  if (typeof aid === "number" && Number.isSafeInteger(aid)) return String(aid);
  return typeof aid === "string" && aid !== "" ? aid : null;
}

const inAccount: MembershipCheck = {
  example: "1234567890120000",
  fromSources(sources) {
    const account = accountOf(sources);
    return account === null ? null : [account];
  },
};

function profile(sources: Sources): Profile {
  const { email: _, emailVerified: __, ...found } = oidcProfile(sources);
  const { upn, login_name: loginName, name, uid } = found.claims;
  return {
    ...found,
    handle: upn ?? loginName,
    name: name ?? upn ?? loginName,
    subjectAliases: [uid],
  };
}

const ACCOUNT_ID =
  "Give the 账号 ID of the cloud account, a number of 16 digits: it stands under your picture in the console.";
const missingAccount: Check = () => [
  problem("accountId", "is empty: nobody could sign in", `${ACCOUNT_ID} Or leave it out.`),
];

function checkSite(site: unknown): Check {
  return () =>
    site === undefined || (typeof site === "string" && Object.hasOwn(DOMAINS, site))
      ? []
      : [
          problem(
            "site",
            "is not a site",
            'Write "china" (aliyun.com) or "international" (alibabacloud.com).',
          ),
        ];
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The application id or the secret is wrong, or the application is of the other site (aliyun.com, alibabacloud.com).",
      "zh-CN": "应用 ID 或应用密钥不正确，或应用属于另一个站点（aliyun.com 与 alibabacloud.com）。",
    },
    redirect_mismatch: {
      en: "Our callback address must be among the application's 回调地址, letter for letter.",
      "zh-CN": "回调地址必须登记在应用的“回调地址”中，且逐字一致。",
    },
    invalid_scope: {
      en: "A scope has not been added to the application. Add profile and aliuid under OAuth 范围.",
      "zh-CN": "应用未添加所需的 OAuth 范围，请添加 profile 和 aliuid。",
    },
    cloud_account: {
      en: "The person belongs to another cloud account than accountId. For RAM users it is the account that owns them.",
      "zh-CN": "该人员不属于 accountId 指定的云账号。RAM 用户以其所属主账号为准。",
    },
    access_denied: {
      en: "Another cloud account must install the application before its people can sign in.",
      "zh-CN": "其他云账号需先安装该应用，其成员才能登录。",
    },
  },
  facts: { subject: "sub", emailVerified: "no_email" },
};
