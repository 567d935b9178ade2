import type { ClientAuthentication, ProviderDefinition, Remembered } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { checkAddresses, givenHosts } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface OidcOptions {
  /** Instance id, in addresses and in `owners`: `corp`. */
  readonly id: string;
  /** What people read on the button. */
  readonly name: string | LocalizedName;
  /** Exactly as the provider writes it in its discovery document, trailing slash or not. */
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
  /** Leave out for a public client, and say so with `clientAuthentication: "none"`. */
  readonly clientSecret?: string | undefined;
  /** Default: what the provider announces, `client_secret_basic` first. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address: `{ prompt: "login" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default: RS256, PS256, ES256, ES384 and EdDSA, as far as the provider announces them. */
  readonly idTokenAlgorithms?: readonly string[] | undefined;
  /** Default `when_needed`: the ID token lacks name or e-mail. `always` when roles come from userinfo. */
  readonly userInfo?: ProviderDefinition["userInfo"] | undefined;
  /** Origins that the provider sends the browser on to while it signs in: `https://login.example.com`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Private hosts beside the issuer's that its discovery document may name: `keycloak.internal:8443`. */
  readonly privateHosts?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless the provider says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Where groups stand in the claims: `groups`, `realm_access.groups`; its names one by one where they hold dots. Default `groups`. */
  readonly groupsClaim?: string | readonly string[] | undefined;
  /** Where roles stand in the claims: `realm_access.roles`. Default `roles`. */
  readonly rolesClaim?: string | readonly string[] | undefined;
  /** The API that the person's token is for; relative paths of calls lie below it. Default none. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A key: a plain one, since it may be anybody's door. */
const MARK =
  "M8 6a6 6 0 1 0 5.7 8H16v3h3v-3h3v-4h-8.3A6 6 0 0 0 8 6Zm0 3.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z";

const GUIDE: SetupGuide = {
  register:
    "The provider's administration pages, as a confidential web client with the authorization code flow.",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The provider refuses the client: id or secret is wrong, or it wants another clientAuthentication.",
      "zh-CN": "身份提供方拒绝了该客户端：ID 或密钥有误，或需要其他 clientAuthentication 方式。",
    },
    issuer_mismatch: {
      en: "Write issuer exactly as the discovery document does, trailing slash or not.",
      "zh-CN": "issuer 必须与发现文档中的写法完全一致，包括末尾是否有斜杠。",
    },
    algorithm_refused: {
      en: "Choose an asymmetric signing algorithm such as RS256 for this client; HS256 is not accepted.",
      "zh-CN": "请为该客户端选择 RS256 等非对称签名算法；不接受 HS256。",
    },
  },
  facts: { subject: "sub", emailVerified: "sometimes" },
};

/** Any OpenID Connect provider with a discovery document. */
export function oidc<const Id extends string, Keeps extends boolean = false>(
  options: OidcOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function oidc(options: OidcOptions): ProviderDefinition {
  const definition = oidcDefinition({
    ...options,
    mark: MARK,
    clientSecret: options.clientSecret,
    parameters: options.authorizationParameters,
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "issuer apiUrl clientSecret clientAuthentication scopes authorizationParameters idTokenAlgorithms userInfo redirectOrigins privateHosts trustEmail groupsClaim rolesClaim",
        ),
        checkId(options.id),
        checkName(options.name),
        checkIssuer(options.issuer),
        checkAddresses({ apiUrl: options.apiUrl }),
        checkCredentials(options, "The provider shows it on the page of the client."),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
  });
  return {
    ...definition,
    membership: {
      group: claimMembership("ops", options.groupsClaim ?? "groups"),
      role: claimMembership("admin", options.rolesClaim ?? "roles"),
    },
    ...(options.apiUrl !== undefined && { api: { baseUrl: options.apiUrl } }),
    namedHosts: () => [...definition.namedHosts(), ...givenHosts({ apiUrl: options.apiUrl })],
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}
