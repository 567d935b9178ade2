import type { ClientAuthentication, ProviderDefinition } from "./definition.ts";
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
}

/** A key: a plain one, since it may be anybody's door. */
const MARK =
  "M8 6a6 6 0 1 0 5.7 8H16v3h3v-3h3v-4h-8.3A6 6 0 0 0 8 6Zm0 3.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z";

/** Any OpenID Connect provider with a discovery document. */
export function oidc(options: OidcOptions): ProviderDefinition {
  return oidcDefinition({
    ...options,
    mark: MARK,
    clientSecret: options.clientSecret,
    parameters: options.authorizationParameters,
    problems: () =>
      findProblems(
        checkId(options.id),
        checkName(options.name),
        checkIssuer(options.issuer),
        checkCredentials(options, "The provider shows it on the page of the client."),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
  });
}
