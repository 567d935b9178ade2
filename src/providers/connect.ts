import { PosternError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import { authorizationUrl } from "../oauth/authorization-code.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Outbound } from "../oauth/outbound.ts";
import type { ProviderDefinition } from "./definition.ts";
import { finish } from "./internal/finish.ts";
import { type Server, serverOf } from "./internal/server.ts";
import { createTrouble } from "./internal/trouble.ts";
import type { Provider, StartInput } from "./provider.ts";

export interface ConnectDeps {
  readonly outbound: Outbound;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** How long a page waits for discovery, in milliseconds. Default 2000. */
  readonly patience?: number;
}

/** How long a page waits for discovery, in milliseconds. */
const PATIENCE = 2_000;
/** How long after a failure a page does not ask at all, in milliseconds. */
const RECENTLY = 10_000;

/** Makes a definition into a place where people can sign in. It asks the provider nothing until it is needed. */
export function connect(definition: ProviderDefinition, deps: ConnectDeps): Provider {
  const { outbound, now, log } = deps;
  const discover = serverOf(definition, deps);
  const trouble = createTrouble(now);
  let failedAt = Number.NEGATIVE_INFINITY;

  async function findServer(): Promise<Server> {
    try {
      const server = await discover();
      failedAt = Number.NEGATIVE_INFINITY;
      return server;
    } catch (error) {
      failedAt = now();
      throw error;
    }
  }

  function failed(error: unknown): OAuthFailure {
    // Anything else is a defect of ours, for the caller to tell.
    if (!(error instanceof OAuthFailure)) throw error;
    if (error.code === "provider_unavailable") trouble.note();
    return error;
  }

  return {
    id: definition.id,
    name: definition.name,
    mark: definition.mark,
    clientId: definition.clientId,
    issuer: definition.issuer,
    responseMode: "query",

    async formActionOrigins() {
      // The page that tells of a silent provider must not wait for it as well, nor whoever presses its button.
      if (Math.abs(now() - failedAt) < RECENTLY) return origins(definition, null);
      const finding = findServer().catch((error: unknown) => {
        const { code, reason } = failed(error);
        log.warn(
          { provider: definition.id, code, reason },
          "The provider's discovery document cannot be had.",
        );
        return null;
      });
      const server = await atMost(finding, deps.patience ?? PATIENCE);
      return origins(definition, server);
    },

    async start(input) {
      const server = await findServer().catch((error: unknown) => {
        const { code, reason } = failed(error);
        throw new PosternError(code, `${definition.id}: discovery failed`, { reason });
      });
      return authorizationUrl(server.authorizationEndpoint, request(definition, input));
    },

    async finish(input) {
      try {
        return await finish(definition, await findServer(), input, deps);
      } catch (error) {
        const { code, reason, detail } = failed(error);
        return { kind: "failed", code, reason, detail };
      }
    },

    isTroubled: () => trouble.isFrequent(),
    close: () => outbound.close(),
  };
}

function request(definition: ProviderDefinition, input: StartInput) {
  const { authorize, checks, clientId, kind } = definition;
  return {
    clientId,
    redirectUri: input.redirectUri,
    scope: authorize.scopes.join(authorize.scopeSeparator),
    state: input.state,
    nonce: kind === "oidc" ? input.nonce : null,
    codeVerifier: checks.pkce === "off" ? null : input.codeVerifier,
    extra: authorize.parameters,
  };
}

// Without discovery the issuer's own origin is the best guess: most providers sign people in there.
function origins(definition: ProviderDefinition, server: Server | null): readonly string[] {
  const first = URL.parse(server?.authorizationEndpoint ?? definition.issuer);
  return [...new Set([...(first === null ? [] : [first.origin]), ...definition.redirectOrigins])];
}

async function atMost<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
