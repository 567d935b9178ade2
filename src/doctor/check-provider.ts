import type { Outbound } from "../oauth/outbound.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import { isDiscovered, type Server, serverOf } from "../providers/internal/server.ts";
import { checkCallbackRules } from "./checks/callback-rules.ts";
import { checkClient } from "./checks/client.ts";
import { checkClock } from "./checks/clock.ts";
import { checkConfiguration } from "./checks/configuration.ts";
import { discoveryTrouble, discoveryWorks } from "./checks/discovery.ts";
import { checkEndpoints } from "./checks/endpoints.ts";
import { checkKeys } from "./checks/keys.ts";
import { checkPkce } from "./checks/pkce.ts";
import type { Finding, Outcome } from "./finding.ts";
import { type Overheard, overhear } from "./overhear.ts";
import type { SkipCause } from "./texts/en.ts";

export interface CheckDeps {
  /** The callback address of this instance. */
  readonly redirectUri: string;
  /** With the limits of a sign-in, or tighter ones. */
  readonly outbound: Outbound;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Named = readonly [check: string, outcome: Outcome];

/**
 * Looks at everything about a provider that can be looked at without a person: options, callback address, discovery,
 * endpoints, PKCE, keys, clock and the client's credentials. Changes nothing there and never rejects for what a
 * provider says.
 */
export async function checkProvider(
  definition: ProviderDefinition,
  { redirectUri, outbound, now }: CheckDeps,
): Promise<readonly Finding[]> {
  const deps: Deps = { redirectUri, outbound: overhear(outbound), now };
  const configuration = checkConfiguration(definition);
  const outcomes: readonly Named[] = [
    ["config", configuration],
    ["callback", checkCallbackRules(definition, redirectUri)],
    ...(configuration.status === "ok"
      ? await askProvider(definition, deps)
      : skipped(remoteChecks(definition), "configuration")),
  ];
  return outcomes.map(([check, outcome]) => ({
    id: `${check}.${definition.id}`,
    provider: definition.id,
    ...outcome,
  }));
}

interface Deps {
  readonly redirectUri: string;
  readonly outbound: Overheard;
  readonly now: () => number;
}

async function askProvider(definition: ProviderDefinition, deps: Deps): Promise<readonly Named[]> {
  const discovered = isDiscovered(definition);
  let server: Server;
  try {
    server = await serverOf(definition, deps)();
  } catch (error) {
    const trouble = discoveryTrouble(definition, error);
    const rest = remoteChecks(definition).filter((check) => check !== "discovery");
    return [["discovery", trouble], ...skipped(rest, answered(deps) ? "discovery" : "unreachable")];
  }
  const { verification } = server;
  const document = deps.outbound.last("discovery");
  const clockUrl = document?.url ?? addressOf(definition, server);
  const [keys, clock, client] = await Promise.all([
    verification === null ? null : checkKeys(verification, deps.outbound),
    checkClock(clockUrl, deps),
    checkClient({ definition, server, redirectUri: deps.redirectUri }, deps),
  ]);
  return [
    ...(discovered
      ? ([["discovery", discoveryWorks(definition.issuer, verification?.algorithms ?? [])]] as const)
      : []),
    ["endpoints", checkEndpoints(definition, server)],
    ...(definition.kind === "oauth1"
      ? []
      : ([["pkce", checkPkce(definition, document?.body ?? null)]] as const)),
    ...(keys === null ? [] : ([["keys", keys]] as const)),
    ["clock", clock],
    ["client", client],
  ];
}

/** Every check that asks the provider, in its order. */
function remoteChecks(definition: ProviderDefinition): readonly string[] {
  return [
    ...(isDiscovered(definition) ? ["discovery"] : []),
    "endpoints",
    ...(definition.kind === "oauth1" ? [] : ["pkce"]),
    ...(definition.kind === "oidc" ? ["keys"] : []),
    "clock",
    "client",
  ];
}

function skipped(checks: readonly string[], cause: SkipCause): readonly Named[] {
  return checks.map((check) => [
    check,
    { status: "skip", evidence: [], say: (texts) => texts.skipped(cause) },
  ]);
}

function answered({ outbound }: Deps): boolean {
  return outbound.last("discovery") !== null;
}

/** Where the time is asked without discovery: an address that is asked at every sign-in, without what it is asked. */
function addressOf({ endpoints, appToken, clientId }: ProviderDefinition, server: Server): string {
  const address =
    endpoints?.requestToken ??
    (server.tokenEndpoint ||
      (appToken?.request({ clientId, clientSecret: () => "" }).url ?? server.authorizationEndpoint));
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
