import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
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
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { verified } from "./internal/verified.ts";
import type { LocalizedName } from "./provider.ts";

export interface CognitoOptions {
  /** Default `cognito`. */
  readonly id?: string | undefined;
  /** Default `Amazon Cognito`. */
  readonly name?: string | LocalizedName | undefined;
  /** As the console shows it: `eu-west-1_AbCdEf123`. Its beginning is the region. */
  readonly userPoolId: string | undefined;
  /** The pool's own or custom domain: `https://acme.auth.eu-west-1.amazoncognito.com`. */
  readonly domain: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Skips the choice of providers: the name of one in the pool, such as `Google` or `COGNITO`. */
  readonly identityProvider?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. Each must be ticked on the app client. */
  readonly scopes?: readonly string[] | undefined;
  /** Default `https://cognito-idp.{region}.amazonaws.com/{userPoolId}`. */
  readonly issuer?: string | undefined;
  /** Where the pool sends people on to: origins of its outside identity providers, when its own page is skipped. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless the pool says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A shield with a keyhole. */
const MARK =
  "M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5ZM12 8a2.5 2.5 0 0 1 1 4.8V16h-2v-3.2A2.5 2.5 0 0 1 12 8Z";
const WHERE = "Amazon Cognito console → your user pool → App clients → your app client.";

/**
 * Amazon Cognito user pools.
 *
 * - The issuer and the endpoints are on different hosts; both follow from the options, so nothing is discovered.
 * - Sign-out is an address of its own: `/logout` wants `client_id` and `logout_uri` instead of the standard parameters.
 * - Scopes must be parted by `%20`; a `+` is refused.
 * - `email_verified` is the text "true" in userinfo. That is tolerated in the ID token too.
 * - The ID token always tells `cognito:username`, and `cognito:groups` only of people who are in one.
 * - PKCE is not announced, but works (seen, not documented).
 * - A wrong callback address is told on Cognito's page and never comes back.
 */
export function cognito<const Id extends string = "cognito", Keeps extends boolean = false>(
  options: CognitoOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function cognito(options: CognitoOptions): ProviderDefinition {
  const { id = "cognito", name = "Amazon Cognito", identityProvider } = options;
  const domain = trimSlashes(given(options.domain));
  const issuer = options.issuer ?? issuerOf(given(options.userPoolId));
  return {
    ...oidcDefinition({
      ...options,
      id,
      name,
      mark: MARK,
      issuer,
      clientAuthentication: "client_secret_basic",
      idTokenAlgorithms: ["RS256"],
      parameters: identityProvider === undefined ? {} : { identity_provider: identityProvider },
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "userPoolId domain clientSecret identityProvider scopes issuer redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkUserPool(options.userPoolId),
          checkDomain(options.domain),
          checkCredentials(options, WHERE),
          checkAddresses({ issuer: options.issuer }),
          checkScopes(options.scopes),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    endpoints: {
      authorization: `${domain}/oauth2/authorize`,
      token: `${domain}/oauth2/token`,
      userInfo: `${domain}/oauth2/userInfo`,
      jwks: `${issuer}/.well-known/jwks.json`,
      revocation: `${domain}/oauth2/revoke`,
    },
    profile,
    membership: { group: { example: "admins", fromSources: groups } },
    lifecycle: {
      refresh: { rotates: "unknown" },
      revoke: "rfc7009",
      endSession: ({ clientId, returnTo }) =>
        `${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: returnTo })}`,
    },
    guide: GUIDE,
    namedHosts: () => givenHosts({ domain: options.domain, issuer: options.issuer }),
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact", "https_only"],
  advice: {
    redirect_mismatch: {
      en: "Add the callback address, word for word, to the app client's allowed callback URLs.",
      "zh-CN": "请把回调地址原样加入应用客户端的“允许的回调 URL”。",
    },
    client_invalid: {
      en: "The client secret is wrong. An app client made without a secret cannot be given one: make a new one.",
      "zh-CN": "客户端密钥不正确。创建时没有密钥的应用客户端无法补加密钥，请新建一个。",
    },
    unauthorized_client: {
      en: "Allow the authorization code grant for the app client, under its login pages settings.",
      "zh-CN": "请在应用客户端的登录页面设置中允许“授权码授予”。",
    },
    invalid_scope: {
      en: "Tick openid, email and profile among the app client's OpenID Connect scopes.",
      "zh-CN": "请在应用客户端的 OpenID Connect 范围中勾选 openid、email 和 profile。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};

function issuerOf(userPoolId: string): string {
  const [region = ""] = userPoolId.split("_");
  return region === "" ? "" : `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
}

function profile(sources: Sources): Profile {
  const standard = oidcProfile(sources);
  const { claims } = standard;
  return {
    ...standard,
    handle: claims.preferred_username ?? claims["cognito:username"] ?? claims.username ?? claims.email,
    emailVerified: verified(claims.email_verified),
  };
}

function groups({ idToken }: Sources): readonly string[] | null {
  const claim = idToken?.["cognito:groups"];
  if (Array.isArray(claim)) return claim.filter((group) => typeof group === "string");
  // Whoever is in no group has no such claim; but without the pool's own claims the token tells nothing.
  return claim === undefined && idToken?.["cognito:username"] !== undefined ? [] : null;
}

function checkUserPool(userPoolId: string | undefined): Check {
  return () => {
    const id = given(userPoolId);
    if (/^[a-z]{2}(-[a-z]+)+-\d_\w+$/.test(id)) return [];
    if (id.startsWith("arn:") || id.startsWith("https:")) {
      return [problem("userPoolId", "is an address and not the id", 'Only its end: "eu-west-1_AbCdEf123".')];
    }
    return [problem("userPoolId", 'is not of the form "eu-west-1_AbCdEf123"', "User pool → Overview.")];
  };
}

function checkDomain(domain: string | undefined): Check {
  return () => {
    if (/^https:\/\/cognito-idp\./.test(given(domain))) {
      return [
        problem("domain", "is the host of the issuer", "User pool → Branding → Domain shows the domain."),
      ];
    }
    return checkEndpoint("domain", domain)();
  };
}
