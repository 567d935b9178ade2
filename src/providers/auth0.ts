import type { ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { LifecycleHook, MembershipCheck, SetupGuide } from "./hooks.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkNotEmpty } from "./internal/check-not-empty.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
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

export interface Auth0Options {
  /** Default `auth0`. */
  readonly id?: string | undefined;
  /** Default `Auth0`. */
  readonly name?: string | LocalizedName | undefined;
  /** `acme.eu.auth0.com`, or your custom domain; also as an address: `https://login.acme.example`. */
  readonly domain: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Only members of this organization, signed in through it: `org_…`, or its name. Default everybody. */
  readonly organization?: string | undefined;
  /** The claim that an Action puts roles in: `https://acme.example/roles`. Default none, and then no rule on roles. */
  readonly rolesClaim?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address: `{ connection: "google-oauth2" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as another place with `connection`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Auth0 says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A nut with a round hole. */
const MARK = "M12 2 20.5 7v10L12 22l-8.5-5V7Zm0 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z";
const WHERE = "Auth0 dashboard → Applications → your application (Regular Web Application) → Settings.";

/**
 * Auth0.
 *
 * - The issuer ends in a slash, and a custom domain changes it. Only the domain is asked for; the rest is made of it.
 * - Subjects hold a `|`: `auth0|65…`, `google-oauth2|110…`.
 * - The parameter `organization` can be taken out of the address by the person, so the claim `org_id` (or `org_name`)
 *   decides.
 * - Roles are in no token until an Action puts them there, under a claim with a name of your own.
 * - `access_denied` is a change of mind, and also what an Action answers that turns somebody away: they look the same.
 * - Bad codes are answered with status 403, a wrong secret with 401 and `access_denied` (seen).
 */
export function auth0<const Id extends string = "auth0", Keeps extends boolean = false>(
  options: Auth0Options & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function auth0(options: Auth0Options): ProviderDefinition {
  const { id = "auth0", name = "Auth0", organization, rolesClaim } = options;
  const base = baseOf(options.domain);
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: `${base}/`,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: "client_secret_post",
      scopes: options.scopes,
      parameters: {
        ...options.authorizationParameters,
        ...(organization === undefined ? {} : { organization }),
      },
      restrict: (sources) => (isIn(organization, sources) ? null : "organization"),
      redirectOrigins: options.redirectOrigins,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "domain clientSecret organization rolesClaim scopes authorizationParameters redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkDomain(options.domain),
          checkCredentials(options, WHERE),
          checkNotEmpty("organization", organization),
          checkNotEmpty("rolesClaim", rolesClaim),
          checkScopes(options.scopes),
          checkParameters(options.authorizationParameters),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    // A wrong secret is told in a word that elsewhere means a change of mind.
    read: { ...STANDARD_READ, errorNames: { access_denied: "invalid_client" } },
    membership: {
      organization: ORGANIZATION,
      ...(rolesClaim === undefined ? {} : { role: claimMembership("ops", [rolesClaim]) }),
    },
    lifecycle: lifecycle(base),
    guide: GUIDE,
  };
}

function baseOf(domain: string | undefined): string {
  const text = trimSlashes(domain);
  return text.includes("://") ? text : `https://${text}`;
}

function isIn(organization: string | undefined, { idToken }: Sources): boolean {
  if (organization === undefined) return true;
  if (organization.startsWith("org_")) return idToken?.org_id === organization;
  return idToken?.org_name === organization.toLowerCase();
}

/** By id or by name. Only somebody who signed in through an organization has one. */
const ORGANIZATION: MembershipCheck = {
  example: "org_9f3kQ2",
  fromSources: ({ idToken }) => {
    const names = [idToken?.org_id, idToken?.org_name].filter((name) => typeof name === "string");
    return names.length === 0 ? null : names;
  },
};

function lifecycle(base: string): LifecycleHook {
  return {
    refresh: { scopes: ["offline_access"], rotates: "unknown" },
    revoke: "rfc7009",
    // Older tenants do not announce the OpenID endpoint; this one all of them have.
    endSession: ({ clientId, returnTo }) =>
      `${base}/v2/logout?${new URLSearchParams({ client_id: clientId, returnTo })}`,
  };
}

function checkDomain(domain: string | undefined): Check {
  const fix = 'Copy "Domain" from the application\'s settings: "acme.eu.auth0.com".';
  return () => {
    if (given(domain) === "")
      return [problem("domain", "is missing (is its environment variable set?)", fix)];
    const url = URL.parse(baseOf(domain));
    if (url?.hostname.startsWith("manage.") === true) {
      return [problem("domain", "is the dashboard's", fix)];
    }
    if (url !== null && url.pathname !== "/") return [problem("domain", "has a path", fix)];
    return checkEndpoint("domain", baseOf(domain))();
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client secret is wrong, or the application is of a type without one. It must be a Regular Web Application.",
      "zh-CN": "Client Secret 不正确，或应用类型没有密钥。应用类型必须是 Regular Web Application。",
    },
    unauthorized_client: {
      en: "The application may not use the authorization code grant. Tick it under Advanced Settings → Grant Types.",
      "zh-CN": "该应用未启用 Authorization Code。请在 Advanced Settings → Grant Types 中勾选。",
    },
    issuer_mismatch: {
      en: "With a custom domain, give that domain: it changes the issuer.",
      "zh-CN": "使用自定义域名时，请填写自定义域名：它会改变 issuer。",
    },
    organization: {
      en: "The person did not sign in through the organization. Enable organizations for the application.",
      "zh-CN": "该人员不是通过指定的 Organization 登录的。请为应用启用 Organizations。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
