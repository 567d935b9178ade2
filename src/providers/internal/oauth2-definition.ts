import type { ConfigProblem } from "../../errors.ts";
import type {
  AuthorizeHook,
  CallbackHook,
  ClientAuthentication,
  FixedEndpoints,
  IdentityStep,
  Profile,
  ProviderDefinition,
  Sources,
} from "../definition.ts";
import type { LocalizedName } from "../provider.ts";
import { given, keepSecret, localized, STANDARD_READ, standardCallback } from "./defaults.ts";

/** What distinguishes one OAuth 2.0 provider from another. Anything rarer is spread over the result. */
export interface OAuth2Traits {
  readonly id: string;
  readonly name: string | LocalizedName;
  readonly mark: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Who vouches for the subjects; also what `iss` in a callback is compared with. */
  readonly issuer: string;
  readonly endpoints: FixedEndpoints;
  readonly scopes: readonly string[];
  /** Default a space. */
  readonly scopeSeparator?: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Rarer hooks of the authorization address. */
  readonly authorize?: Partial<AuthorizeHook>;
  readonly callback?: Partial<CallbackHook>;
  /** Default `S256`. */
  readonly pkce?: "S256" | "off";
  /** Default `client_secret_post`. */
  readonly clientAuthentication?: ClientAuthentication;
  readonly identity: readonly IdentityStep[];
  readonly profile: (sources: Sources) => Profile;
  readonly restrict?: (sources: Sources) => string | null;
  /** The operator's word that this directory's e-mail can be believed. */
  readonly trustEmail?: boolean | undefined;
  readonly keepTokens?: boolean | undefined;
  readonly problems: () => readonly ConfigProblem[];
  /** Default none: nobody wrote the hosts down. */
  readonly namedHosts?: () => readonly string[];
}

/** A definition of the plain OAuth 2.0 kind: fixed endpoints, PKCE, a form POST for the token, steps that tell who it is. */
export function oauth2Definition(traits: OAuth2Traits): ProviderDefinition {
  return {
    id: traits.id,
    kind: "oauth2",
    name: localized(traits.name),
    mark: traits.mark,
    clientId: given(traits.clientId),
    clientSecret: keepSecret(traits.clientSecret),
    issuer: traits.issuer,
    idTokenIssuers: [],
    endpoints: traits.endpoints,
    authorize: {
      scopes: traits.scopes,
      scopeSeparator: traits.scopeSeparator ?? " ",
      parameters: traits.parameters ?? {},
      ...traits.authorize,
    },
    checks: { pkce: traits.pkce ?? "S256", idTokenAlgorithms: [] },
    callback: { ...standardCallback([traits.issuer]), ...traits.callback },
    clientAuthentication: traits.clientAuthentication ?? "client_secret_post",
    exchange: { headers: {}, parameters: {} },
    read: STANDARD_READ,
    userInfo: "never",
    identity: traits.identity,
    profile: traits.profile,
    restrict: traits.restrict ?? (() => null),
    trustEmail: traits.trustEmail ?? false,
    keepTokens: traits.keepTokens ?? false,
    redirectOrigins: [],
    problems: traits.problems,
    namedHosts: traits.namedHosts ?? (() => []),
  };
}
