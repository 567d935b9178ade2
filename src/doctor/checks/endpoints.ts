import { endpointFault } from "../../oauth/endpoint-url.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import type { Server } from "../../providers/internal/server.ts";
import type { Outcome } from "../finding.ts";

/** Whether secrets and codes go only where nobody can read them on the way. */
export function checkEndpoints(definition: ProviderDefinition, server: Server): Outcome {
  const addresses = Object.entries({
    authorization: server.authorizationEndpoint,
    requestToken: definition.endpoints?.requestToken,
    token: server.tokenEndpoint,
    userInfo: server.userInfoEndpoint,
    revocation: server.revocationEndpoint,
    endSession: server.endSessionEndpoint,
  }).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "");
  const unsafe = addresses.filter(([, address]) => endpointFault(address) !== null).map(([name]) => name);
  const evidence = addresses.map(([name, address]) => `${name} ${withoutQuery(address)}`);
  return unsafe.length === 0
    ? { status: "ok", evidence, say: (texts) => texts.endpointsFine() }
    : { status: "fail", evidence, say: (texts) => texts.endpointsUnsafe(unsafe) };
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, "");
}
