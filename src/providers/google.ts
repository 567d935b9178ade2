import type { ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { pageByParameter } from "./internal/api-pages.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { given } from "./internal/defaults.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface GoogleOptions {
  /** Default `google`. */
  readonly id?: string | undefined;
  /** Default `Google`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Only accounts of this Google Workspace domain; `*` = of any Workspace. Default: every Google account. */
  readonly hostedDomain?: string | undefined;
  /** Beside `openid`. Default `email` and `profile`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. Default `{ prompt: "select_account" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default false. Google tells for every account whether its e-mail is verified, so this hardly changes anything. */
  readonly trustEmail?: boolean | undefined;
  /** One issuer in place of `https://accounts.google.com`; its discovery document tells the rest. For tests and stand-ins. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const ISSUER = "https://accounts.google.com";
/** Each product has a host of its own; more lie below `www.googleapis.com`. */
const API_ORIGINS = [
  "admin",
  "chat",
  "cloudidentity",
  "docs",
  "gmail",
  "people",
  "sheets",
  "slides",
  "tasks",
].map((product) => `https://${product}.googleapis.com`);
/** A ring with an opening and a bar. */
const MARK = "M20.5 11H12v3h5.1a5.5 5.5 0 1 1-1.3-5.9l2.1-2.1A8.5 8.5 0 1 0 20.5 12.5Z";
const WHERE =
  "Google Cloud console → APIs & Services → Credentials → OAuth 2.0 Client IDs (type: Web application).";

/**
 * Google and Google Workspace.
 *
 * - Old tokens carry the issuer without `https://`: both spellings count, identities keep the one with it.
 * - The `hd` parameter only pre-selects and people can take it out; the `hd` claim of the ID token decides.
 *   Consumer accounts have no such claim.
 * - All claims are in the ID token, so userinfo is never asked.
 * - A wrong redirect URI or an "internal" application is told on Google's page and never comes back.
 * - ID tokens have no `auth_time`: a step-up can see no more than that people have been there and back.
 */
export function google<const Id extends string = "google", Keeps extends boolean = false>(
  options: GoogleOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function google(options: GoogleOptions): ProviderDefinition {
  const { id = "google", name = "Google", hostedDomain, baseUrl } = options;
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: baseUrl === undefined ? ISSUER : trimSlashes(baseUrl),
    issuerAliases: baseUrl === undefined ? ["accounts.google.com"] : [],
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: options.scopes ?? ["email", "profile"],
    parameters: {
      ...(hostedDomain === undefined ? {} : { hd: hostedDomain }),
      ...(options.authorizationParameters ?? { prompt: "select_account" }),
    },
    idTokenAlgorithms: ["RS256"],
    userInfo: "never",
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    restrict: (sources) => (isFrom(hostedDomain, sources) ? null : "hosted_domain"),
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "clientSecret hostedDomain scopes authorizationParameters trustEmail baseUrl",
        ),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        ...(baseUrl === undefined ? [checkClientId(options.clientId)] : []),
        checkHostedDomain(hostedDomain),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkAddresses({ baseUrl }),
      ),
  });
  return {
    ...definition,
    freshness: ROUND_TRIP,
    namedHosts: () => givenHosts({ baseUrl }),
    membership: {
      hostedDomain: {
        example: "example.com",
        // Every Workspace account has the claim, no other account has: without it the answer is no.
        fromSources: ({ idToken }) => (typeof idToken?.hd === "string" ? [idToken.hd] : []),
        matches: (domain, wanted) => domain.toLowerCase() === wanted.toLowerCase(),
      },
    },
    api: {
      baseUrl: baseUrl === undefined ? "https://www.googleapis.com" : trimSlashes(baseUrl),
      origins: baseUrl === undefined ? API_ORIGINS : [],
      paging: pageByParameter("nextPageToken", "pageToken"),
    },
    lifecycle: {
      // Without `prompt=consent` only the first sign-in of all brings one.
      refresh: { parameters: { access_type: "offline", prompt: "consent" }, rotates: false },
      revoke: "rfc7009",
      endSession: null,
    },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: "https://console.cloud.google.com/auth/clients",
  redirectRules: ["https_only", "no_ip", "public_tld_only", "exact"],
  advice: {
    client_invalid: {
      en: "Google refuses the client secret. Copy it again from the OAuth client of the type Web application.",
      "zh-CN": "Google 拒绝了客户端密钥。请从“Web 应用”类型的 OAuth 客户端重新复制。",
    },
    redirect_uri_mismatch: {
      en: "Google shows this on its own page: add the callback address to the client's authorised redirect URIs, exactly. A change takes minutes to hours.",
      "zh-CN":
        "此错误只显示在 Google 页面上：请把回调地址原样加入已获授权的重定向 URI，生效需要几分钟到几小时。",
    },
    org_internal: {
      en: "Google shows this on its own page: the application is internal, and the account belongs to another organisation.",
      "zh-CN": "此错误只显示在 Google 页面上：应用为“内部”类型，而该账号属于其他组织。",
    },
    hosted_domain: {
      en: "The account does not belong to the Workspace domain that is set as hostedDomain.",
      "zh-CN": "该账号不属于 hostedDomain 所设置的 Workspace 域名。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};

function isFrom(hostedDomain: string | undefined, { idToken }: Sources): boolean {
  if (hostedDomain === undefined) return true;
  const domain = idToken?.hd;
  if (typeof domain !== "string" || domain === "") return false;
  return hostedDomain === "*" || domain.toLowerCase() === hostedDomain.toLowerCase();
}

function checkClientId(clientId: string | undefined): Check {
  return () => {
    const id = given(clientId);
    if (id === "" || id.endsWith(".apps.googleusercontent.com")) return [];
    return [
      problem(
        "clientId",
        'does not end in ".apps.googleusercontent.com"',
        `Copy the whole client ID. ${WHERE}`,
      ),
    ];
  };
}

function checkHostedDomain(hostedDomain: unknown): Check {
  return () => {
    const fine =
      hostedDomain === undefined ||
      (typeof hostedDomain === "string" && /^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i.test(hostedDomain));
    return fine
      ? []
      : [problem("hostedDomain", "is not a domain", 'Write "example.com", or "*" for any Google Workspace.')];
  };
}
