import { PosternError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import type { TokenSet } from "../model/token-set.ts";
import { authorizationUrl } from "../oauth/authorization-code.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Outbound } from "../oauth/outbound.ts";
import type { ProviderDefinition } from "./definition.ts";
import { apiDoor } from "./internal/api-door.ts";
import { createAppToken } from "./internal/app-token.ts";
import type { Deps } from "./internal/deps.ts";
import { finish } from "./internal/finish.ts";
import { freshnessOf } from "./internal/freshness.ts";
import { isTheirs, lookAgain } from "./internal/look-again.ts";
import { finishOAuth1, startOAuth1 } from "./internal/oauth1.ts";
import { refresh } from "./internal/refresh.ts";
import { revoke } from "./internal/revoke.ts";
import { type Server, serverOf } from "./internal/server.ts";
import { readLogoutToken, signOutThere } from "./internal/session-there.ts";
import { createTrouble } from "./internal/trouble.ts";
import type { FinishInput, Provider, StartInput } from "./provider.ts";

export interface ConnectDeps {
  readonly outbound: Outbound;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** How long a page waits for discovery, in milliseconds. Default 2000. */
  readonly patience?: number;
  /** Membership checks that the access rules use now: only their scopes are asked for. Default none. */
  readonly usedChecks?: () => Promise<readonly string[]>;
}

/** How long a page waits for discovery, in milliseconds. */
const PATIENCE = 2_000;
/** How long after a failure a page does not ask at all, in milliseconds. */
const RECENTLY = 10_000;

/** Makes a definition into a place where people can sign in. It asks the provider nothing until it is needed. */
export function connect(definition: ProviderDefinition, given: ConnectDeps): Provider {
  const outbound = callingAs(definition.id, given.outbound);
  const deps = { ...given, outbound };
  const { now, log } = deps;
  const { appToken } = definition;
  const works: Deps = {
    outbound,
    now,
    log,
    appToken: appToken === undefined ? null : createAppToken(appToken, definition, deps),
  };
  const discover = serverOf(definition, deps);
  const trouble = createTrouble(now);
  /** Each has the budget of one exchange. */
  const revoking = new Set<Promise<unknown>>();
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

  /** The server, as soon as a page may wait for it. */
  async function serverSoon(): Promise<Server | null> {
    // The page that tells of a silent provider must not wait for it as well, nor whoever presses its button.
    if (Math.abs(now() - failedAt) < RECENTLY) return null;
    const finding = findServer().catch((error: unknown) => {
      const { code, reason } = failed(error);
      log.warn({ provider: definition.id, code, reason }, "The provider's discovery document cannot be had.");
      return null;
    });
    return atMost(finding, deps.patience ?? PATIENCE);
  }

  async function tellRevoked(tokens: TokenSet) {
    try {
      await revoke(definition, await findServer(), tokens, works);
      return null;
    } catch (error) {
      const { code, reason } = failed(error);
      return { code, reason };
    }
  }

  return {
    id: definition.id,
    name: definition.name,
    mark: definition.mark,
    clientId: definition.clientId,
    issuer: definition.issuer,
    responseMode: definition.authorize.responseMode ?? "query",
    freshness: freshnessOf(definition).authTime ? "auth_time" : "round_trip",
    keepsTokens: definition.keepTokens ?? false,

    async formActionOrigins() {
      return origins(definition, await serverSoon());
    },

    async start(input) {
      if (definition.kind === "oauth1") {
        return startOAuth1(definition, input, works).catch((error: unknown) => {
          const { code, reason } = failed(error);
          throw new PosternError(code, `${definition.id}: no temporary token`, { reason });
        });
      }
      const server = await findServer().catch((error: unknown) => {
        const { code, reason } = failed(error);
        throw new PosternError(code, `${definition.id}: discovery failed`, { reason });
      });
      const endpoint =
        definition.authorize.pickEndpoint?.(input.userAgent ?? null) ?? server.authorizationEndpoint;
      const usedChecks = hasScopesForChecks(definition) ? ((await deps.usedChecks?.()) ?? []) : [];
      return { url: authorizationUrl(endpoint, request(definition, input, usedChecks)) };
    },

    async finish(input) {
      try {
        if (definition.kind === "oauth1") return await finishOAuth1(definition, input, works);
        return await finish(definition, await findServer(), input, works);
      } catch (error) {
        const { code, reason, detail } = failed(error);
        // Some tell of it only when they are asked for the token.
        if (reason === "cancelled") return { kind: "cancelled" };
        return { kind: "failed", code, reason, detail: withoutSecrets(detail, definition, input) };
      }
    },

    async signOut(input) {
      const server = await serverSoon();
      return server === null ? null : signOutThere(definition, server, input);
    },

    async tellsOfLogouts() {
      return (await serverSoon())?.backChannelLogout ?? false;
    },

    async readLogout(token) {
      try {
        const read = await readLogoutToken(definition, await findServer(), token, now);
        return { kind: "valid", token: read };
      } catch (error) {
        const { code, reason } = failed(error);
        return { kind: "refused", code, reason };
      }
    },

    revoke(tokens) {
      const asked = tellRevoked(tokens);
      revoking.add(asked);
      return asked.finally(() => revoking.delete(asked));
    },

    refreshToken: useOfRefreshToken(definition),
    api: definition.api === undefined ? null : apiDoor(definition, definition.api, works),

    async refresh(tokens, redirectUri) {
      try {
        return await refresh({ definition, server: await findServer(), tokens, redirectUri }, works);
      } catch (error) {
        const { code, reason, detail } = failed(error);
        return { kind: "failed", code, reason, detail, retryAfter: null };
      }
    },

    async lookAgain(input) {
      if (definition.kind === "oauth1") return { kind: "needs_a_sign_in", reason: "oauth1" };
      try {
        return await lookAgain(definition, await findServer(), input, works);
      } catch (error) {
        const failure = failed(error);
        const { code, reason, detail } = failure;
        if (code === "not_allowed") return { kind: "left", reason };
        const isRefused = detail.status === 401 && isTheirs(definition, failure);
        return { kind: isRefused ? "refused" : "untold", reason };
      }
    },

    isCutOff: () => outbound.isCutOff(definition.id),
    isTroubled: () => trouble.isFrequent(),
    async close() {
      // Whoever ends a process right after ending somebody's tokens (a command does) has them ended there too.
      await Promise.allSettled(revoking);
      await outbound.close();
    },
  };
}

/** So that it can be told whom a host that does not answer concerns. */
function callingAs(caller: string, outbound: Outbound): Outbound {
  return { ...outbound, fetch: (url, init) => outbound.fetch(url, { ...init, caller }) };
}

// What is not known to be used again is taken for something that is used up.
function useOfRefreshToken({ lifecycle }: ProviderDefinition): Provider["refreshToken"] {
  const refreshing = lifecycle?.refresh ?? null;
  if (refreshing === null) return null;
  return refreshing.rotates === false ? "again" : "once";
}

// A provider's code is nearly its own words, and some echo what they were sent.
function withoutSecrets(
  detail: OAuthFailure["detail"],
  definition: ProviderDefinition,
  { parameters, codeVerifier, extra = {} }: FinishInput,
): OAuthFailure["detail"] {
  const { providerCode, ...rest } = detail;
  if (typeof providerCode !== "string") return detail;
  const secrets = [definition.clientSecret(), codeVerifier, ...parameters.values(), ...Object.values(extra)];
  const echoes = secrets.some(
    (secret) =>
      secret !== null &&
      secret.length >= 8 &&
      (secret.startsWith(providerCode) || providerCode.includes(secret)) &&
      secret !== parameters.get("error"),
  );
  return echoes ? rest : detail;
}

/** Where no check asks for more than every sign-in does, it does not matter which of them the rules use. */
function hasScopesForChecks({ membership = {} }: ProviderDefinition): boolean {
  return Object.values(membership).some(({ scopes = [] }) => scopes.length > 0);
}

function request(definition: ProviderDefinition, input: StartInput, usedChecks: readonly string[]) {
  const { authorize, checks, clientId, kind } = definition;
  const offline = definition.keepTokens === true ? definition.lifecycle?.refresh : null;
  const scopes = [
    ...authorize.scopes,
    ...usedChecks.flatMap((check) => definition.membership?.[check]?.scopes ?? []),
    ...(offline?.scopes ?? []),
  ];
  return {
    clientId,
    redirectUri: input.redirectUri,
    scope: [...new Set(scopes)].join(authorize.scopeSeparator),
    state: input.state,
    nonce: kind === "oidc" && checks.nonce !== false ? input.nonce : null,
    codeVerifier: checks.pkce === "off" ? null : input.codeVerifier,
    extra: {
      ...withOffline(authorize.parameters, offline?.parameters ?? {}),
      ...(input.freshSince === undefined ? {} : freshnessOf(definition).parameters),
    },
    rename: authorize.rename,
    omit: authorize.omit,
    fragment: authorize.fragment,
    encodeSpace: authorize.encodeSpace,
    responseMode: authorize.responseMode === "form_post" ? "form_post" : null,
  };
}

/** Both may want a `prompt`: it is a list of words (OpenID Connect Core §3.1.2.1), of which `none` stands alone. */
function withOffline(
  usual: Readonly<Record<string, string>>,
  offline: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const words = [usual.prompt, offline.prompt].flatMap((prompt) => prompt?.split(" ") ?? []);
  const prompt = words.includes("none") ? "none" : [...new Set(words)].join(" ");
  return { ...usual, ...offline, ...(prompt !== "" && { prompt }) };
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
