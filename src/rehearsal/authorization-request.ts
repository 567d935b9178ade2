import type { RehearsalClient } from "./clients.ts";
import type { Call, RehearsalContext } from "./context.ts";
import { doubledParameter } from "./doubled-parameter.ts";
import type { Flavour } from "./endpoints.ts";
import type { Grant } from "./grants.ts";
import { type MisbehaviourMode, parseMisbehaviour } from "./misbehaviours.ts";
import type { Persona } from "./personas.ts";

type Parameters = Readonly<Record<string, string>>;

/** What differs between kinds of provider when they are asked to authorize. */
export interface AuthorizationRules {
  readonly flavour: Flavour;
  /** Which application asks, and where it wants people back. Default: `client_id` and `redirect_uri`. */
  readonly party?: (context: RehearsalContext, parameters: URLSearchParams) => Party;
  /** The first thing wrong with the request: an OAuth error and the reason; `null` when it is right. */
  readonly check: (parameters: URLSearchParams) => { error: string; description: string } | null;
  /** Who is told of what `check` finds. Default: the client, through its own address. */
  readonly tells?: "client" | "person";
  /** The scopes that are granted of those asked for. */
  readonly grantScope: (asked: readonly string[]) => readonly string[];
  readonly newCode: () => string;
  /** Why this person may not sign in here, as the provider's own page says it; `null` = may. */
  readonly turnAway?: (persona: Persona, request: AuthorizationRequest) => string | null;
  /** What comes back with a person. Default: the code as `code`. */
  readonly granted?: (code: string, grant: Grant, persona: Persona) => Parameters;
  /** What comes back when the person cancels; `null` = nobody comes back at all. */
  readonly cancelled: (request: AuthorizationRequest) => Parameters | null;
  /** What the callback carries as `iss` (RFC 9207). Default: no `iss`. */
  readonly callbackIssuer?: (issuer: string, request: Pick<AuthorizationRequest, "place">) => string;
  /** How people come back. Default `query`. */
  readonly responseMode?: (parameters: URLSearchParams) => "query" | "form_post";
  /** The fragment that the address must end in. A server never sees it, so `pickPersona` looks. */
  readonly fragment?: string;
}

/** The two things that must be known to be good before anybody is sent anywhere. */
export interface Party {
  readonly clientId: string;
  readonly redirectUri: string;
}

/** A request that the picker can be shown for. */
export interface AuthorizationRequest {
  readonly client: RehearsalClient;
  readonly redirectUri: string;
  readonly responseMode: "query" | "form_post";
  readonly state: string | null;
  readonly nonce: string | null;
  readonly scope: readonly string[];
  readonly codeChallenge: string | null;
  readonly misbehave: MisbehaviourMode | null;
  /** Every parameter, as it was given. */
  readonly asked: Parameters;
  /** The first `{}` of the path: a tenant, a realm. */
  readonly place: string | null;
}

export type ReadAuthorizationRequest =
  | { readonly kind: "valid"; readonly request: AuthorizationRequest }
  /** The client may be told, through its own address. */
  | { readonly kind: "refused"; readonly request: AuthorizationRequest; readonly answer: Parameters }
  /** Nobody may be sent anywhere (RFC 6749 §4.1.2.1). */
  | { readonly kind: "untrusted"; readonly reason: string };

/** Checks client and redirect URI first: until both are known to be good, errors stay on a page of ours. */
export function readAuthorizationRequest(
  rules: AuthorizationRules,
  context: RehearsalContext,
  { url: { searchParams: parameters }, segments }: Pick<Call, "url" | "segments">,
): ReadAuthorizationRequest {
  const untrusted = (reason: string) => ({ kind: "untrusted", reason }) as const;
  const doubled = doubledParameter(parameters);
  if (doubled !== null) return untrusted(`${doubled} is given twice`);
  const { clientId, redirectUri } = (rules.party ?? standardParty)(context, parameters);
  const client = context.clients.find(clientId);
  if (client === null) return untrusted("client_id is unknown or missing");
  if (!context.clients.allowsRedirect(client, redirectUri)) {
    return untrusted("redirect_uri is not one of this client, or not http on this machine");
  }
  const misbehaveText = parameters.get("misbehave") ?? "";
  const misbehave = parseMisbehaviour(misbehaveText);
  if (misbehave === null && misbehaveText !== "") return untrusted("misbehave is unknown");

  const request: AuthorizationRequest = {
    client,
    redirectUri,
    responseMode: rules.responseMode?.(parameters) ?? "query",
    state: parameters.get("state"),
    nonce: parameters.get("nonce"),
    scope: rules.grantScope((parameters.get("scope") ?? "").split(/[ ,]+/).filter(Boolean)),
    codeChallenge: parameters.get("code_challenge"),
    misbehave,
    asked: Object.fromEntries(parameters),
    place: segments[0] ?? null,
  };
  const problem = rules.check(parameters);
  if (problem === null) return { kind: "valid", request };
  const { error, description } = problem;
  if (rules.tells === "person") return untrusted(`${error}: ${description}`);
  return { kind: "refused", request, answer: { error, error_description: description } };
}

/** The parties of a provider that calls `client_id` something else. */
export function partyNamed(clientIdParameter: string): NonNullable<AuthorizationRules["party"]> {
  return (_, parameters) => ({
    clientId: parameters.get(clientIdParameter) ?? "",
    redirectUri: parameters.get("redirect_uri") ?? "",
  });
}

const standardParty = partyNamed("client_id");

/** What the client is sent: our answer, its state, and who we are where the provider tells that. */
export function callbackParameters(
  rules: AuthorizationRules,
  issuer: string,
  request: AuthorizationRequest,
  answer: Parameters,
): URLSearchParams {
  const parameters = new URLSearchParams(answer);
  if (request.state !== null) parameters.append("state", request.state);
  if (rules.callbackIssuer !== undefined) parameters.append("iss", rules.callbackIssuer(issuer, request));
  return parameters;
}
