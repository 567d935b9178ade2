import type { TokenSet } from "../../model/token-set.ts";
import { basicAuthorization, chooseClientAuthentication } from "../../oauth/client-authentication.ts";
import { mintSecret } from "../../oauth/minted-secret.ts";
import { statusFailure } from "../../oauth/resource.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { RequestDescription } from "../hooks.ts";
import type { Deps } from "./deps.ts";
import { send } from "./send.ts";
import type { Server } from "./server.ts";

/** Makes tokens worthless at the provider: by RFC 7009, by its own way, or not at all where it has none. @throws OAuthFailure */
export async function revoke(
  definition: ProviderDefinition,
  server: Server,
  { accessToken, refreshToken }: TokenSet,
  deps: Deps,
): Promise<void> {
  const { clientId, clientSecret, lifecycle } = definition;
  const way = lifecycle?.revoke ?? null;
  if (typeof way === "function") return tell(way({ clientId, clientSecret }, accessToken), definition, deps);
  if (way === null || server.revocationEndpoint === null) return;
  // The one that lives longer first: where only it arrives, the other has an hour at most.
  const tokens = { refresh_token: refreshToken, access_token: accessToken };
  for (const [token_type_hint, token] of Object.entries(tokens)) {
    if (token === null) continue;
    const form = { token, token_type_hint };
    await tell(
      await authenticated(server.revocationEndpoint, form, definition, server, deps),
      definition,
      deps,
    );
  }
}

async function tell(request: RequestDescription, definition: ProviderDefinition, deps: Deps): Promise<void> {
  const carried = { token: null, gateway: definition.signedGateway };
  const response = await send(request, carried, "revocation", deps.outbound);
  // 404 and 422 are how some say that they know the token no more.
  if (!response.ok && response.status !== 404 && response.status !== 422)
    throw statusFailure(response.status, "revocation");
}

async function authenticated(
  url: string,
  form: Readonly<Record<string, string>>,
  definition: ProviderDefinition,
  server: Server,
  { now }: Deps,
): Promise<RequestDescription> {
  const { clientId, mintedSecret } = definition;
  const secret =
    mintedSecret === undefined ? definition.clientSecret() : await mintSecret(mintedSecret, now());
  const { clientAuthentication: configured } = definition;
  const method = chooseClientAuthentication(configured, server.clientAuthentications, secret !== null);
  if (method === "client_secret_basic" && secret !== null) {
    const headers = { authorization: basicAuthorization(clientId, secret) };
    return { method: "POST", url, headers, body: { form } };
  }
  const proof = { client_id: clientId, ...(secret !== null && { client_secret: secret }) };
  return { method: "POST", url, body: { form: { ...form, ...proof } } };
}
