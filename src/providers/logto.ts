import type { Profile, ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide, Sources } from "./hooks.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface LogtoOptions {
  /** Default `logto`. */
  readonly id?: string | undefined;
  /** Default `Logto`. */
  readonly name?: string | LocalizedName | undefined;
  /** What Logto calls the endpoint: `https://acme.logto.app`, or your own domain. */
  readonly baseUrl: string | undefined;
  /** "App ID". */
  readonly clientId: string | undefined;
  /** "App secret". */
  readonly clientSecret: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as a social connector with `direct_sign_in`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Logto says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A page with a folded corner. */
const MARK = "M5 3h9v6h5v12H5Zm11 0 3.5 4H16Z";
const WHERE = "Logto console → Applications → your application (Traditional web).";

/**
 * Logto.
 *
 * - The issuer is `{baseUrl}/oidc`.
 * - ID tokens are signed with ES384 unless the tenant was set to RS256.
 * - Somebody may have a user name and no name; then the user name is shown.
 * - Roles, organizations and roles in them come with scopes of their own, asked for only when a rule needs them.
 * - A refresh token needs `prompt=consent` beside `offline_access` (seen).
 */
export function logto<const Id extends string = "logto", Keeps extends boolean = false>(
  options: LogtoOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function logto(options: LogtoOptions): ProviderDefinition {
  const { id = "logto", name = "Logto" } = options;
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: `${trimSlashes(options.baseUrl)}/oidc`,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: "client_secret_basic",
      scopes: options.scopes,
      parameters: options.authorizationParameters,
      redirectOrigins: options.redirectOrigins,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "baseUrl clientSecret scopes authorizationParameters redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkBaseUrl(options.baseUrl),
          checkCredentials(options, WHERE),
          checkScopes(options.scopes),
          checkParameters(options.authorizationParameters),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    profile,
    membership: {
      role: { ...claimMembership("admin", "roles"), scopes: ["roles"] },
      organization: {
        ...claimMembership("9f3kq2demo", "organizations"),
        scopes: ["urn:logto:scope:organizations"],
      },
      organizationRole: {
        ...claimMembership("9f3kq2demo:admin", "organization_roles"),
        scopes: ["urn:logto:scope:organization_roles"],
      },
    },
    lifecycle: {
      refresh: { scopes: ["offline_access"], parameters: { prompt: "consent" }, rotates: "unknown" },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

function profile(sources: Sources): Profile {
  const found = oidcProfile(sources);
  const { username, name, email } = found.claims;
  return { ...found, handle: username ?? email, name: name ?? username };
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    const { pathname = "", hostname = "" } = URL.parse(given(baseUrl)) ?? {};
    if (/\/oidc(\/|$)/.test(pathname)) {
      return [problem("baseUrl", "is the issuer", 'Leave out "/oidc".')];
    }
    if (hostname === "cloud.logto.io") {
      return [
        problem("baseUrl", "is Logto's console", 'Copy the tenant\'s endpoint: "https://acme.logto.app".'),
      ];
    }
    return checkEndpoint("baseUrl", baseUrl)();
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The app id or secret is wrong, or the application is not of the type “Traditional web”.",
      "zh-CN": "App ID 或 App secret 不正确，或应用类型不是“Traditional web”（传统网页应用）。",
    },
    invalid_scope: {
      en: "The application may not ask for one of the scopes. Look at its permissions, or at the scopes in the configuration.",
      "zh-CN": "应用无权请求某个 scope，请检查应用的权限或配置中的 scopes。",
    },
    redirect_mismatch: {
      en: "Add the redirect URI to the application, letter for letter.",
      "zh-CN": "请在应用中逐字添加重定向 URI。",
    },
    issuer_mismatch: {
      en: "With a custom domain, give that domain: it changes the issuer.",
      "zh-CN": "使用自定义域名时，请填写自定义域名：它会改变 issuer。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
