import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { IssuerTemplate, MembershipCheck, SetupGuide } from "./hooks.ts";
import { pageNamedBy } from "./internal/api-pages.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { microsoftFailure } from "./internal/microsoft-failure.ts";
import { microsoftGroups } from "./internal/microsoft-groups.ts";
import { isShared, microsoftProblems } from "./internal/microsoft-problems.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  checkCredentials,
  checkId,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import { GUID } from "./internal/subject-shapes.ts";
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
  /** Origins that people are sent on to at once, such as your federation server with `domain_hint`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** China: `https://login.partner.microsoftonline.cn`. Default `https://login.microsoftonline.com`. */
  readonly baseUrl?: string | undefined;
  /** China: `https://microsoftgraph.chinacloudapi.cn`. Default `https://graph.microsoft.com`. */
  readonly graphUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A board with three cards. */
const MARK = "M4 4h7v16H4Zm9 0h7v7h-7Zm0 9h7v7h-7Z";
const WHERE = "Microsoft Entra admin center → Identity → Applications → App registrations → your app.";
/** The tenant that all personal accounts live in. */
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

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
 * - It heeds `prompt=login`, but leaves `auth_time` out unless the application asks for it as an optional claim.
 */
export function microsoft<const Id extends string = "microsoft", Keeps extends boolean = false>(
  options: MicrosoftOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function microsoft(options: MicrosoftOptions): ProviderDefinition {
  const { id = "microsoft", name = "Microsoft" } = options;
  const base = trimSlashes(options.baseUrl ?? "https://login.microsoftonline.com");
  const graph = trimSlashes(options.graphUrl ?? "https://graph.microsoft.com");
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
    keepTokens: options.keepTokens,
    redirectOrigins: [...elsewhere(options.baseUrl, tenant), ...(options.redirectOrigins ?? [])],
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "tenant clientSecret allowedTenants resolveGroups scopes authorizationParameters trustEmail redirectOrigins baseUrl graphUrl",
        ),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        () => microsoftProblems(options),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkAddresses({ graphUrl: options.graphUrl }),
        checkOrigins(options.redirectOrigins),
      ),
  });
  return {
    ...definition,
    freshness: { parameters: { prompt: "login" }, authTime: false },
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
    subjectShape: GUID,
    api: { baseUrl: `${graph}/v1.0`, paging: pageNamedBy(["@odata.nextLink"]) },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: true },
      revoke: null,
      endSession: "oidc",
    },
    guide: GUIDE,
    namedHosts: () => givenHosts({ baseUrl: options.baseUrl, graphUrl: options.graphUrl }),
  };
}

/** Personal accounts sign in at another host, where browsers follow only if the page says so (seen). */
function elsewhere(baseUrl: string | undefined, tenant: string): readonly string[] {
  return baseUrl === undefined && (tenant === "common" || tenant === "consumers")
    ? ["https://login.live.com"]
    : [];
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
