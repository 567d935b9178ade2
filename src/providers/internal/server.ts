import { discoverServer, type ServerMetadata } from "../../oauth/discovery.ts";
import { createKeySet, type KeySet } from "../../oauth/key-set.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { knownAlgorithms, type SignatureAlgorithm } from "../../oauth/signature-algorithms.ts";
import type { ProviderDefinition } from "../definition.ts";

/** What is needed to verify signatures. */
export interface Verification {
  readonly keys: KeySet;
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** Where and how to talk to a provider, whether it was discovered or written down. */
export interface Server {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string | null;
  readonly clientAuthentications: readonly string[] | null;
  readonly sendsIssuer: boolean;
  /** `null` where there is no ID token. */
  readonly verification: Verification | null;
}

/** Answers a function that finds the server; cheap to call at every sign-in. It rejects with an OAuthFailure. */
export function serverOf(
  definition: ProviderDefinition,
  deps: { readonly outbound: Outbound; readonly now: () => number },
): () => Promise<Server> {
  const { endpoints } = definition;
  if (endpoints !== null) {
    const server: Server = {
      authorizationEndpoint: endpoints.authorization ?? "",
      tokenEndpoint: endpoints.token ?? "",
      userInfoEndpoint: null,
      clientAuthentications: null,
      sendsIssuer: false,
      verification: null,
    };
    return async () => server;
  }

  const document = discoverServer(definition.issuer, deps);
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

// Both sides must want an algorithm. A provider that announces only `none` or shared secrets is not one for us.
function algorithms(definition: ProviderDefinition, metadata: ServerMetadata): readonly SignatureAlgorithm[] {
  const ours = knownAlgorithms(definition.checks.idTokenAlgorithms);
  const both = ours.filter((name) => metadata.idTokenAlgorithms?.includes(name) ?? true);
  if (both.length === 0)
    throw new OAuthFailure("provider_untrusted", "no_usable_algorithm", { endpoint: "discovery" });
  return both;
}
