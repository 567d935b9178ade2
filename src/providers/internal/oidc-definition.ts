import type { ConfigProblem } from "../../errors.ts";
import { hostKey } from "../../oauth/host-key.ts";
import { SIGNATURE_ALGORITHMS } from "../../oauth/signature-algorithms.ts";
import type { ClientAuthentication, ProviderDefinition, Sources } from "../definition.ts";
import type { LocalizedName } from "../provider.ts";
import { given, keepSecret, localized, STANDARD_READ, standardCallback } from "./defaults.ts";
import { oidcProfile } from "./oidc-profile.ts";

/** What distinguishes one OpenID Connect provider from another. */
export interface OidcTraits {
  readonly id: string;
  readonly name: string | LocalizedName;
  readonly mark: string;
  readonly issuer: string | undefined;
  /** Other spellings of the issuer in its ID tokens and callbacks. */
  readonly issuerAliases?: readonly string[];
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly clientAuthentication?: ClientAuthentication | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly idTokenAlgorithms?: readonly string[] | undefined;
  readonly userInfo?: ProviderDefinition["userInfo"] | undefined;
  readonly redirectOrigins?: readonly string[] | undefined;
  readonly privateHosts?: readonly string[] | undefined;
  readonly restrict?: (sources: Sources) => string | null;
  /** The operator's word that this directory's e-mail can be believed. */
  readonly trustEmail?: boolean | undefined;
  readonly keepTokens?: boolean | undefined;
  readonly problems: () => readonly ConfigProblem[];
}

/** A definition of the plain OpenID Connect kind: discovery, PKCE, nonce, a signed ID token, standard claims. */
export function oidcDefinition(traits: OidcTraits): ProviderDefinition {
  const issuer = given(traits.issuer);
  const issuers = [issuer, ...(traits.issuerAliases ?? [])];
  return {
    id: traits.id,
    kind: "oidc",
    name: localized(traits.name),
    mark: traits.mark,
    clientId: given(traits.clientId),
    clientSecret: keepSecret(traits.clientSecret),
    issuer,
    idTokenIssuers: issuers,
    endpoints: null,
    authorize: {
      scopes: [...new Set(["openid", ...(traits.scopes ?? ["profile", "email"])])],
      scopeSeparator: " ",
      parameters: traits.parameters ?? {},
    },
    checks: {
      pkce: "S256",
      idTokenAlgorithms: traits.idTokenAlgorithms ?? Object.keys(SIGNATURE_ALGORITHMS),
    },
    callback: standardCallback(issuers),
    clientAuthentication: traits.clientAuthentication ?? null,
    exchange: { headers: {}, parameters: {} },
    read: STANDARD_READ,
    userInfo: traits.userInfo ?? "when_needed",
    identity: [],
    profile: oidcProfile,
    restrict: traits.restrict ?? (() => null),
    trustEmail: traits.trustEmail ?? false,
    keepTokens: traits.keepTokens ?? false,
    redirectOrigins: traits.redirectOrigins ?? [],
    problems: traits.problems,
    namedHosts: () => [...hostsOf(issuer), ...(traits.privateHosts ?? [])],
  };
}

/** The hosts behind addresses that the operator wrote down; those that cannot be read name none. */
export function hostsOf(...addresses: readonly string[]): readonly string[] {
  return addresses.flatMap((address) => {
    const url = URL.parse(address);
    return url === null ? [] : [hostKey(url)];
  });
}
