import { discoverServer, type ServerMetadata } from "../../oauth/discovery.ts";
import { createKeySet, type KeySet } from "../../oauth/key-set.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { knownAlgorithms, type SignatureAlgorithm } from "../../oauth/signature-algorithms.ts";
import type { FixedEndpoints, ProviderDefinition } from "../definition.ts";

/** What is needed to verify signatures. */
export interface Verification {
  readonly keys: KeySet;
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** Where and how to talk to a provider, whether it was discovered or written down. */
export interface Server {
  readonly authorizationEndpoint: string;
  /** Empty where there is no token request. */
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string | null;
  readonly revocationEndpoint: string | null;
  readonly endSessionEndpoint: string | null;
  readonly backChannelLogout: boolean;
  readonly clientAuthentications: readonly string[] | null;
  readonly sendsIssuer: boolean;
  /** `null` where there is no ID token. */
  readonly verification: Verification | null;
}

interface Deps {
  readonly outbound: Outbound;
  readonly now: () => number;
}

/** Answers a function that finds the server; cheap to call at every sign-in. It rejects with an OAuthFailure. */
export function serverOf(definition: ProviderDefinition, deps: Deps): () => Promise<Server> {
  if (isDiscovered(definition)) return discovered(definition, deps);
  const server = written(definition, deps);
  return async () => server;
}

/** Whether the provider is asked where its endpoints are. */
export function isDiscovered({ kind, endpoints, discoveryUrl }: ProviderDefinition): boolean {
  if (kind !== "oidc") return false;
  if (discoveryUrl !== undefined || endpoints === null) return true;
  const { authorization, token, jwks } = endpoints;
  return authorization === undefined || token === undefined || jwks === undefined;
}

function written(definition: ProviderDefinition, deps: Deps): Server {
  const endpoints = definition.endpoints ?? {};
  const verification =
    definition.kind === "oidc" && endpoints.jwks !== undefined
      ? {
          keys: createKeySet(endpoints.jwks, deps),
          algorithms: knownAlgorithms(definition.checks.idTokenAlgorithms),
        }
      : null;
  return {
    authorizationEndpoint: endpoints.authorization ?? "",
    tokenEndpoint: endpoints.token ?? "",
    userInfoEndpoint: endpoints.userInfo ?? null,
    revocationEndpoint: endpoints.revocation ?? null,
    endSessionEndpoint: endpoints.endSession ?? null,
    backChannelLogout: false,
    clientAuthentications: null,
    sendsIssuer: false,
    verification,
  };
}

function discovered(definition: ProviderDefinition, deps: Deps): () => Promise<Server> {
  const target = {
    issuer: definition.issuerTemplate?.discovered ?? definition.issuer,
    url: definition.discoveryUrl ?? null,
    overrides: overridesOf(definition.endpoints ?? {}),
  };
  const document = discoverServer(target, deps);
  let current: { readonly metadata: ServerMetadata; readonly server: Server } | null = null;
  let keys: { readonly uri: string; readonly set: KeySet } | null = null;
  return async () => {
    const metadata = await document.get();
    if (current?.metadata === metadata) return current.server;
    if (keys?.uri !== metadata.jwksUri) {
      keys = { uri: metadata.jwksUri, set: createKeySet(metadata.jwksUri, deps) };
    }
    const server = {
      ...metadata,
      verification: { keys: keys.set, algorithms: algorithms(definition, metadata) },
    };
    current = { metadata, server };
    return server;
  };
}

/** Under the names that the discovery document uses (OpenID Connect Discovery §3). */
function overridesOf(endpoints: FixedEndpoints): Readonly<Record<string, string | null>> {
  const members = {
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userInfo,
    jwks_uri: endpoints.jwks,
    revocation_endpoint: endpoints.revocation,
    end_session_endpoint: endpoints.endSession,
  };
  const given = Object.entries(members).filter(
    (entry): entry is [string, string | null] => entry[1] !== undefined,
  );
  return Object.fromEntries(given);
}

// Both sides must want an algorithm. A provider that announces only `none` or shared secrets is not one for us.
function algorithms(definition: ProviderDefinition, metadata: ServerMetadata): readonly SignatureAlgorithm[] {
  const ours = knownAlgorithms(definition.checks.idTokenAlgorithms);
  const both = ours.filter((name) => metadata.idTokenAlgorithms?.includes(name) ?? true);
  if (both.length === 0)
    throw new OAuthFailure("provider_untrusted", "no_usable_algorithm", { endpoint: "discovery" });
  return both;
}
