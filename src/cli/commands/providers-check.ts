import { checkProvider } from "../../doctor/check-provider.ts";
import { createOutbound } from "../../oauth/outbound.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import { type ConfiguredProviders, configuredProviders, findProvider } from "../configured-providers.ts";
import { showFindings } from "../findings.ts";
import type { Invocation } from "../invocation.ts";

/** How long one request may take, in milliseconds: somebody waits in front of it. */
const PATIENCE = 5_000;

/** `postern providers check [<provider>]`: all at once, since each waits for somebody else. */
export async function run(invocation: Invocation): Promise<void> {
  const [id] = invocation.operands;
  const configured = await configuredProviders(invocation);
  const { definitions } = configured;
  const wanted = id === undefined ? definitions : [findProvider(definitions, id)];
  const findings = await Promise.all(wanted.map((definition) => check(definition, configured)));
  showFindings(invocation, findings.flat());
}

async function check(definition: ProviderDefinition, configured: ConfiguredProviders) {
  const { settings, definitions, callbackOf } = configured;
  const { now, log } = settings;
  // The limits of a sign-in, with less patience.
  const outbound = createOutbound({
    allowedHosts: new Set(definitions.flatMap((other) => [...other.namedHosts()])),
    now,
    log,
    timeouts: { exchange: PATIENCE },
  });
  try {
    return await checkProvider(definition, { redirectUri: callbackOf(definition), outbound, now });
  } finally {
    await outbound.close();
  }
}
