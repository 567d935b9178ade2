import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface AutheliaOptions {
  /** Default `authelia`. */
  readonly id?: string | undefined;
  /** Default `Authelia`. */
  readonly name?: string | LocalizedName | undefined;
  /** The portal's address, which is also the issuer: `https://auth.example.com`. */
  readonly baseUrl: string | undefined;
  readonly clientId: string | undefined;
  /** The secret itself; Authelia's own configuration keeps its hash. */
  readonly clientSecret: string | undefined;
  /** The client's `token_endpoint_auth_method`. Default `client_secret_basic`, as it is there. */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post" | undefined;
  /** Beside `openid`. Default `profile`, `email` and `groups`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default false. True: an e-mail counts as verified unless Authelia says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A lantern. */
const MARK = "M10 2h4v2h-4Zm-3 4h10l2 4-3 10H8L5 10Zm3 3-1 2 1.7 6h2.6L15 11l-1-2Z";
const WHERE = "Authelia's configuration → identity_providers.oidc.clients → your client.";

/**
 * Authelia.
 *
 * - The issuer is the portal's address. It is always https, and Authelia makes it of the request: a proxy in front must
 *   pass `X-Forwarded-Proto` and the host.
 * - Since 4.39 the ID token tells nothing but the subject; name, e-mail and groups come from userinfo, so that is always
 *   asked.
 * - A client registered for one way of authentication is refused with the other. The default there is HTTP Basic.
 * - Authelia verifies no e-mail itself; `email_verified` is always true (seen), since the directory is the operator's.
 * - There is no place to sign out at.
 */
export function authelia<const Id extends string = "authelia", Keeps extends boolean = false>(
  options: AutheliaOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function authelia(options: AutheliaOptions): ProviderDefinition {
  const { id = "authelia", name = "Authelia", scopes = ["profile", "email", "groups"] } = options;
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: trimSlashes(options.baseUrl),
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      clientAuthentication: options.clientAuthentication ?? "client_secret_basic",
      scopes,
      parameters: options.authorizationParameters,
      userInfo: "always",
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "baseUrl clientSecret clientAuthentication scopes authorizationParameters trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkBaseUrl(options.baseUrl),
          checkCredentials(options, WHERE),
          checkHash(options.clientSecret),
          checkScopes(scopes),
          checkParameters(options.authorizationParameters),
        ),
    }),
    membership: { group: { ...claimMembership("ops", "groups"), scopes: ["groups"] } },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: "rfc7009",
      endSession: null,
    },
    guide: GUIDE,
  };
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    if (/\/(api\/oidc|\.well-known)(\/|$)/.test(given(baseUrl))) {
      return [
        problem(
          "baseUrl",
          "is the address of an endpoint",
          'Write the portal\'s: baseUrl: "https://auth.example.com".',
        ),
      ];
    }
    return checkIssuer(baseUrl)().map((found) => ({ ...found, path: "baseUrl" }));
  };
}

function checkHash(clientSecret: string | undefined): Check {
  return () =>
    /^\$(pbkdf2|argon2|bcrypt|2[aby]|scrypt|6|5)/.test(given(clientSecret))
      ? [
          problem(
            "clientSecret",
            "is the hash of the secret",
            "Give the secret itself here; the hash is for Authelia's configuration.",
          ),
        ]
      : [];
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The secret does not fit its hash in Authelia, or the client's token_endpoint_auth_method differs from clientAuthentication here.",
      "zh-CN":
        "密钥与 Authelia 配置中的哈希不符，或客户端的 token_endpoint_auth_method 与这里的 clientAuthentication 不一致。",
    },
    invalid_scope: {
      en: "The client may not ask for one of the scopes. Add it to the client's scopes.",
      "zh-CN": "该客户端无权请求某个 scope，请把它加入客户端的 scopes。",
    },
    issuer_mismatch: {
      en: "Authelia makes its issuer of the request. Let the proxy pass X-Forwarded-Proto and the host, and compare with baseUrl.",
      "zh-CN": "Authelia 根据请求生成 issuer。请让代理传递 X-Forwarded-Proto 和主机名，并核对 baseUrl。",
    },
    discovery_status: {
      en: "There is no OpenID provider at this address: identity_providers.oidc is not configured, or baseUrl is wrong.",
      "zh-CN": "该地址没有 OpenID 服务：未配置 identity_providers.oidc，或 baseUrl 不正确。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
