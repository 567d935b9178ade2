import type { Profile, ProviderDefinition, Sources } from "./definition.ts";
import type { IssuerTemplate, MembershipCheck, SetupGuide } from "./hooks.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { microsoftFailure } from "./internal/microsoft-failure.ts";
import { microsoftGroups } from "./internal/microsoft-groups.ts";
import { hostsOf, oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface MicrosoftOptions {
  /** Default `microsoft`. */
  readonly id?: string | undefined;
  /** Default `Microsoft`. */
  readonly name?: string | LocalizedName | undefined;
  /** "Directory (tenant) ID", a GUID; or `organizations` (every company), `consumers` (personal), `common` (both). */
  readonly tenant: string | undefined;
  /** "Application (client) ID", a GUID. */
  readonly clientId: string | undefined;
  /** The secret's value, not its id. */
  readonly clientSecret: string | undefined;
  /** With `common` and `organizations`: the tenants that may sign in. Default every one. */
  readonly allowedTenants?: readonly string[] | undefined;
  /** Default false. True: groups of people who have too many for a token are asked of Microsoft Graph. */
  readonly resolveGroups?: boolean | undefined;
  /** Beside `openid`. Default `profile` and `email`; `profile` is needed, since the id is in it. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address: `{ prompt: "select_account" }`, `{ domain_hint: "contoso.com" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default false. True: an e-mail counts as verified. Only for tenants that you know. */
  readonly trustEmail?: boolean | undefined;
  /** China: `https://login.partner.microsoftonline.cn`. Default `https://login.microsoftonline.com`. */
  readonly baseUrl?: string | undefined;
  /** China: `https://microsoftgraph.chinacloudapi.cn`. Default `https://graph.microsoft.com`. */
  readonly graphUrl?: string | undefined;
}

/** A board with three cards. */
const MARK = "M4 4h7v16H4Zm9 0h7v7h-7Zm0 9h7v7h-7Z";
const WHERE = "Microsoft Entra admin center → Identity → Applications → App registrations → your app.";
/** The tenant that all personal accounts live in. */
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Microsoft Entra ID (Azure AD): one tenant, several, and personal accounts.
 *
 * - With `common` and `organizations` the discovery document has the issuer `…/{tenantid}/v2.0`, braces included;
 *   tokens name their tenant in its place. Identities keep the token's own issuer, so tenants never mix.
 * - A domain in place of the tenant's GUID still yields tokens with the GUID, so only the GUID is taken.
 * - `organizations` still answers for some personal accounts: their tenant is refused.
 * - `sub` differs from app to app. The key is `oid`, the person's id within the tenant, which comes with `profile`.
 * - `email`, `upn` and `preferred_username` can be set by any tenant's administrator. An e-mail counts as verified only
 *   when the optional claim `xms_edov` says so (seen as boolean, number and text), or with `trustEmail`.
 * - `roles` (app roles) and `groups` (GUIDs, opt-in) are left out when somebody has none; beyond 200 groups the claim
 *   is replaced by a pointer. `resolveGroups` then asks Graph, otherwise it cannot be told.
 * - The picture is behind Graph and needs a token, so there is none.
 * - Errors carry an AADSTS number, which is kept for the administrator.
 */
export function microsoft(options: MicrosoftOptions): ProviderDefinition {
  const { id = "microsoft", name = "Microsoft" } = options;
  const base = trim(options.baseUrl ?? "https://login.microsoftonline.com");
  const graph = trim(options.graphUrl ?? "https://graph.microsoft.com");
  const tenant = given(options.tenant).toLowerCase();
  const template = templateOf(base, tenant, options.allowedTenants);
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: `${base}/${tenant === "consumers" ? PERSONAL : tenant}/v2.0`,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: options.scopes,
    parameters: options.authorizationParameters,
    idTokenAlgorithms: ["RS256"],
    userInfo: "never",
    restrict: (sources) => restrict(sources, tenant),
    trustEmail: options.trustEmail,
    problems: () => findMistakes(options, id, name, tenant),
  });
  return {
    ...definition,
    discoveryUrl: `${base}/${tenant}/v2.0/.well-known/openid-configuration`,
    ...(template === null ? {} : { issuerTemplate: template }),
    callback: { ...definition.callback, cancelled },
    read: { ...STANDARD_READ, failure: microsoftFailure },
    profile,
    membership: {
      tenant: anyCase(claimMembership("22222222-2222-4222-8222-222222222222", "tid")),
      role: claimMembership("Admin", "roles"),
      group: anyCase(microsoftGroups(options.resolveGroups === true ? graph : null)),
    },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: true },
      revoke: null,
      endSession: "oidc",
    },
    guide: GUIDE,
    namedHosts: () => [
      ...(options.baseUrl === undefined ? [] : hostsOf(base)),
      ...(options.graphUrl === undefined ? [] : hostsOf(graph)),
    ],
  };
}

function trim(url: string): string {
  return url.replace(/\/+$/, "");
}

function isShared(tenant: string): boolean {
  return tenant === "common" || tenant === "organizations";
}

function templateOf(
  base: string,
  tenant: string,
  allowed: readonly string[] | undefined,
): IssuerTemplate | null {
  if (!isShared(tenant)) return null;
  return {
    discovered: `${base}/{tenantid}/v2.0`,
    template: `${base}/{tid}/v2.0`,
    claim: "tid",
    allowed: allowed?.map((guid) => guid.toLowerCase()) ?? null,
  };
}

function restrict({ idToken }: Sources, tenant: string): string | null {
  return tenant === "organizations" && idToken?.tid === PERSONAL ? "personal_account" : null;
}

function cancelled(parameters: URLSearchParams): boolean {
  if (parameters.get("error_subcode") === "cancel") return true;
  // Not assigned, or blocked by a policy: that was not the person's change of mind.
  const refused = /^AADSTS(50105|53003|50020)\b/.test(parameters.get("error_description") ?? "");
  return parameters.get("error") === "access_denied" && !refused;
}

function profile(sources: Sources): Profile {
  const claims = sources.idToken ?? {};
  return {
    ...oidcProfile(sources),
    subject: claims.oid,
    handle: claims.preferred_username ?? claims.upn,
    emailVerified: domainVerified(claims.xms_edov),
    picture: null,
  };
}

function domainVerified(value: unknown): boolean | null {
  if (value === undefined || value === null) return null;
  return [true, 1, "1", "true"].some((yes) => yes === value);
}

/** GUIDs are the same in capitals. */
function anyCase(check: MembershipCheck): MembershipCheck {
  return { ...check, matches: (group, wanted) => group.toLowerCase() === wanted.toLowerCase() };
}

function findMistakes(options: MicrosoftOptions, id: string, name: string | LocalizedName, tenant: string) {
  return findProblems(
    checkId(id),
    checkName(name),
    checkTenant(tenant),
    checkCredentials(options, WHERE),
    checkShapes(options),
    checkAllowedTenants(options, tenant),
    checkTrust(options, tenant),
    checkProfileScope(options.scopes),
    checkScopes(options.scopes),
    checkParameters(options.authorizationParameters),
    ...(options.baseUrl === undefined ? [] : [checkBaseUrl(options.baseUrl)]),
    ...(options.graphUrl === undefined ? [] : [checkEndpoint("graphUrl", options.graphUrl)]),
    checkSameCloud(options),
  );
}

function checkTenant(tenant: string): Check {
  const fix =
    'Give the "Directory (tenant) ID" from the app\'s Overview, or "organizations", "common", "consumers".';
  return () => {
    if (tenant === "") return [problem("tenant", "is missing (is its environment variable set?)", fix)];
    if (GUID.test(tenant) || isShared(tenant) || tenant === "consumers") return [];
    const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(tenant);
    return [
      problem("tenant", domain ? "is a domain; tokens name the tenant by its GUID" : "is no tenant", fix),
    ];
  };
}

function checkShapes({ clientId, clientSecret }: MicrosoftOptions): Check {
  return () => [
    ...(given(clientId) === "" || GUID.test(given(clientId))
      ? []
      : [
          problem(
            "clientId",
            "is not a GUID",
            `Give the "Application (client) ID" from the app's Overview. ${WHERE}`,
          ),
        ]),
    ...(GUID.test(given(clientSecret))
      ? [
          problem(
            "clientSecret",
            "is a GUID: it looks like the secret's id",
            'Give the "Value" of the secret. It is shown only once: make a new secret if it is gone.',
          ),
        ]
      : []),
  ];
}

function checkAllowedTenants({ allowedTenants }: MicrosoftOptions, tenant: string): Check {
  return () => {
    if (allowedTenants === undefined) return [];
    if (!isShared(tenant)) {
      return [
        problem(
          "allowedTenants",
          "has no meaning with one tenant",
          'Remove it, or set tenant: "organizations".',
        ),
      ];
    }
    if (allowedTenants.length === 0) {
      return [problem("allowedTenants", "is empty: nobody could sign in", "List the GUIDs of the tenants.")];
    }
    return allowedTenants.flatMap((guid, index) =>
      GUID.test(guid)
        ? []
        : [problem(`allowedTenants[${index}]`, "is not a GUID", 'Give the "Directory (tenant) ID".')],
    );
  };
}

function checkTrust({ trustEmail, allowedTenants }: MicrosoftOptions, tenant: string): Check {
  return () =>
    trustEmail === true && (isShared(tenant) || tenant === "consumers") && allowedTenants === undefined
      ? [
          problem(
            "trustEmail",
            "believes every tenant in the world, and any of them can write any e-mail",
            "List allowedTenants, give one tenant, or leave trustEmail out.",
          ),
        ]
      : [];
}

function checkProfileScope(scopes: readonly string[] | undefined): Check {
  return () =>
    scopes === undefined || scopes.includes("profile")
      ? []
      : [problem("scopes", 'lacks "profile", and so the person\'s id', 'Add "profile".')];
}

function checkBaseUrl(baseUrl: string): Check {
  return () => {
    const path = URL.parse(baseUrl)?.pathname ?? "/";
    if (path === "/") return checkEndpoint("baseUrl", baseUrl)();
    return [
      problem("baseUrl", "has a path", "Leave out the tenant and what follows; tenant has its own option."),
    ];
  };
}

function checkSameCloud({ baseUrl, graphUrl, resolveGroups }: MicrosoftOptions): Check {
  return () =>
    resolveGroups === true && baseUrl !== undefined && graphUrl === undefined
      ? [
          problem(
            "graphUrl",
            "is missing: another cloud has another Graph",
            'China: "https://microsoftgraph.chinacloudapi.cn"; US Government: "https://graph.microsoft.us".',
          ),
        ]
      : [];
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["https_only", "exact"],
  advice: {
    redirect_mismatch: {
      en: 'The redirect URI must stand on the app under Authentication, platform "Web", letter for letter (AADSTS50011).',
      "zh-CN": "重定向 URI 必须在应用的“身份验证”中以“Web”平台登记，且逐字一致（AADSTS50011）。",
    },
    AADSTS7000215: {
      en: "The client secret is wrong. Often the secret's id was copied in place of its value.",
      "zh-CN": "客户端密码不正确。常见原因：复制了密码的 ID 而不是它的值。",
    },
    AADSTS7000222: {
      en: "The client secret has expired. Make a new one under Certificates & secrets.",
      "zh-CN": "客户端密码已过期，请在“证书和密码”中新建。",
    },
    AADSTS700016: {
      en: "The app is not known in this tenant. Compare the client id and the tenant.",
      "zh-CN": "此租户中没有这个应用，请核对应用程序 ID 和租户 ID。",
    },
    AADSTS50020: {
      en: "The account is of another tenant. Invite it as a guest, or let more tenants in.",
      "zh-CN": "该帐户属于其他租户。请邀请其为来宾，或允许更多租户。",
    },
    AADSTS50105: {
      en: "The person is not assigned to the enterprise application.",
      "zh-CN": "该人员未被分配到此企业应用程序。",
    },
    AADSTS65001: {
      en: "Nobody has consented to the app's permissions. Let an administrator grant them.",
      "zh-CN": "应用的权限尚未获得同意，请由管理员授予。",
    },
    AADSTS90094: {
      en: "An administrator must consent to the app's permissions.",
      "zh-CN": "需要管理员同意该应用的权限。",
    },
    AADSTS9002325: {
      en: 'The redirect URI is registered as "Single-page application". Register it as "Web".',
      "zh-CN": "重定向 URI 被登记为“单页应用程序”，请改为“Web”。",
    },
    AADSTS9002327: {
      en: 'The redirect URI is registered as "Single-page application". Register it as "Web".',
      "zh-CN": "重定向 URI 被登记为“单页应用程序”，请改为“Web”。",
    },
    email_unverified: {
      en: "Entra does not vouch for e-mail. Write rules on tenant, role or group, or set trustEmail for your own tenant.",
      "zh-CN": "Entra 不保证邮箱属实。请按租户、角色或组编写规则，或仅对自己的租户启用 trustEmail。",
    },
  },
  facts: { subject: "oid, within tid", emailVerified: "sometimes" },
};
