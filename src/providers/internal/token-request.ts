import { basicAuthorization, type ClientAuthenticationMethod } from "../../oauth/client-authentication.ts";
import { readTokenResponse, type TokenAnswer } from "../../oauth/token-response.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { RequestDescription, TokenRequestHook } from "../hooks.ts";
import { signatureCheck } from "./gateway.ts";

/** How the client proves itself in one request. */
export interface ProvingClient {
  readonly definition: ProviderDefinition;
  readonly method: ClientAuthenticationMethod;
  readonly secret: string | null;
}

/** A token request where its shape is not that of the RFC: `grant` in the protocol's own words. */
export function describeTokenRequest(
  url: string,
  grant: Readonly<Record<string, string>>,
  { definition, method, secret }: ProvingClient,
  { body = "form", rename = {}, omit = [] }: TokenRequestHook,
): RequestDescription {
  const extra = definition.exchange === "none" ? { headers: {}, parameters: {} } : definition.exchange;
  const basic = method === "client_secret_basic" && secret !== null;
  const protocol: Readonly<Record<string, string>> = {
    ...grant,
    ...(basic ? {} : { client_id: definition.clientId }),
    ...(basic || secret === null ? {} : { client_secret: secret }),
  };
  const renamed = Object.entries(protocol)
    .filter(([name]) => !omit.includes(name))
    .map(([name, value]) => [rename[name] ?? name, value]);
  const parameters = { ...extra.parameters, ...Object.fromEntries(renamed) };
  const headers = basic
    ? { ...extra.headers, authorization: basicAuthorization(definition.clientId, secret) }
    : extra.headers;
  if (body === "query") return { url, headers, query: parameters };
  const content = body === "json" ? { json: parameters } : { form: parameters };
  return { method: "POST", url, headers, body: content };
}

/** Reads an answer of the token endpoint as this provider writes it. @throws OAuthFailure */
export async function readTokens(
  definition: ProviderDefinition,
  response: Response,
  now: number,
): Promise<TokenAnswer> {
  const { read, tokenFields, tokenType, signedGateway } = definition;
  const reading = {
    ...read,
    // Called on the hook itself, so that a method keeps its `this`.
    error: (body: Readonly<Record<string, unknown>>) => read.error(body),
    fields: tokenFields ?? {},
    tokenTypeOptional: tokenType === "optional",
  };
  const check = signatureCheck(signedGateway, "token");
  const { tokens, others } = await readTokenResponse(response, reading, now, check);
  const remembers = definition.lifecycle?.remembers ?? [];
  if (remembers.length === 0) return { tokens, others };
  const told = remembers.filter((name) => Object.hasOwn(others, name)).map((name) => [name, others[name]]);
  return { tokens: { ...tokens, remembered: Object.fromEntries(told) }, others };
}
