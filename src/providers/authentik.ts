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

export interface AuthentikOptions {
  /** Default `authentik`. */
  readonly id?: string | undefined;
  /** Default `authentik`. */
  readonly name?: string | LocalizedName | undefined;
  /** `https://sso.example.com`. */
  readonly baseUrl: string | undefined;
  /** The application's slug, as it stands in its address: `back-office`. */
  readonly application: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The provider's "Issuer mode". Default `per_provider`: each has its own issuer; `global`: all have the same. */
  readonly issuerMode?: "per_provider" | "global" | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as an outside source. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: every e-mail counts as verified, although authentik says that none is. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A gate with two leaves, ajar. */
const MARK = "M3 3h18v4h-3v14h-5V7h-2v14H6V7H3Z";
const WHERE = "authentik admin interface → Applications → Providers → your OAuth2/OpenID provider.";

/**
 * authentik: one application of it.
 *
 * - The issuer ends in a slash and belongs to the application: `{baseUrl}/application/o/{slug}/`. With the issuer mode
 *   "same for all" it is `{baseUrl}/` (seen, not documented), while discovery stays at the application.
 * - Since 2025.10 the built-in mapping says `email_verified: false` of everybody, so a `false` tells nothing here.
 *   An operator who vouches for the directory sets `trustEmail`; a mapping that says `true` counts as it is.
 * - The subject follows the provider's "subject mode"; changing that makes everybody a stranger.
 * - Without a signing key ID tokens are HS256 with the client secret, which is refused.
 */
export function authentik<const Id extends string = "authentik", Keeps extends boolean = false>(
  options: AuthentikOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function authentik(options: AuthentikOptions): ProviderDefinition {
  const { id = "authentik", name = "authentik", issuerMode = "per_provider" } = options;
  const base = trimSlashes(options.baseUrl);
  const home = `${base}/application/o/${encodeURIComponent(given(options.application))}/`;
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: issuerMode === "global" ? `${base}/` : home,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      scopes: options.scopes,
      parameters: options.authorizationParameters,
      redirectOrigins: options.redirectOrigins,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "baseUrl application clientSecret issuerMode scopes authorizationParameters redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkBaseUrl(options.baseUrl),
          checkApplication(options.application),
          checkCredentials(options, WHERE),
          checkScopes(options.scopes),
          checkParameters(options.authorizationParameters),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    discoveryUrl: `${home}.well-known/openid-configuration`,
    profile,
    membership: { group: claimMembership("ops", "groups") },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

function profile(sources: Sources): Profile {
  const found = oidcProfile(sources);
  return { ...found, emailVerified: found.emailVerified === true ? true : null };
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    const { pathname = "" } = URL.parse(given(baseUrl)) ?? {};
    if (/\/application\/o\//.test(pathname)) {
      return [
        problem(
          "baseUrl",
          "holds the application",
          'Write baseUrl: "https://sso.example.com", application: "back-office".',
        ),
      ];
    }
    if (/\/if\//.test(pathname)) return [problem("baseUrl", "is a page of authentik", 'Leave out "/if/…".')];
    return checkEndpoint("baseUrl", baseUrl)();
  };
}

function checkApplication(slug: string | undefined): Check {
  return () =>
    /^[\w-]+$/.test(given(slug))
      ? []
      : [
          problem(
            "application",
            given(slug) === "" ? "is missing (is its environment variable set?)" : "is not a slug",
            'Write the application\'s slug: application: "back-office".',
          ),
        ];
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    email_unverified: {
      en: "authentik says of every e-mail that it is not verified. Set trustEmail when you vouch for the directory, or change the e-mail scope mapping there.",
      "zh-CN":
        "authentik 会把所有邮箱标为未验证。如果你信任该目录，请启用 trustEmail，或在 authentik 中修改邮箱的 scope mapping。",
    },
    no_usable_algorithm: {
      en: "Choose a signing key on the provider: without one its tokens are signed with the client secret.",
      "zh-CN": "请在该 provider 中选择签名密钥（Signing Key），否则令牌会用客户端密钥签名。",
    },
    issuer_mismatch: {
      en: "Compare the provider's issuer mode with issuerMode, and the outer address with baseUrl.",
      "zh-CN": "请核对 provider 的 Issuer mode 与 issuerMode，以及外部地址与 baseUrl。",
    },
    client_invalid: {
      en: "The client id or secret is wrong. Copy both again from the provider's page.",
      "zh-CN": "Client ID 或 Client Secret 不正确，请从 provider 页面重新复制。",
    },
  },
  facts: { subject: "sub (by subject mode)", emailVerified: "no" },
};
