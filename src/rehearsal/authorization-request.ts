import type { RehearsalClient } from "./clients.ts";
import type { RehearsalContext } from "./context.ts";
import { doubledParameter } from "./doubled-parameter.ts";
import type { Flavour } from "./endpoints.ts";
import { type MisbehaviourMode, parseMisbehaviour } from "./misbehaviours.ts";

/** What differs between the two kinds of provider when they are asked to authorize. */
export interface AuthorizationRules {
  readonly flavour: Flavour;
  /** What the callback carries as `iss` (RFC 9207). */
  readonly callbackIssuer: (issuer: string) => string;
  /** The first thing wrong with the request: an OAuth error and the reason; `null` when it is right. */
  readonly check: (parameters: URLSearchParams) => { error: string; description: string } | null;
  /** The scopes that are granted of those asked for. */
  readonly grantScope: (asked: readonly string[]) => readonly string[];
  readonly newCode: () => string;
  /** What accompanies `error=access_denied`. */
  readonly onCancel: Readonly<Record<string, string>>;
}

/** A request that the picker can be shown for. */
export interface AuthorizationRequest {
  readonly client: RehearsalClient;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly scope: readonly string[];
  readonly codeChallenge: string | null;
  readonly misbehave: MisbehaviourMode | null;
}

export type ReadAuthorizationRequest =
  | { readonly kind: "valid"; readonly request: AuthorizationRequest }
  /** The client may be told, through its own address. */
  | { readonly kind: "refused"; readonly callback: URL }
  /** Nobody may be sent anywhere (RFC 6749 §4.1.2.1). */
  | { readonly kind: "untrusted"; readonly reason: string };

/** Checks client and redirect URI first: until both are known to be good, errors stay on a page of ours. */
export function readAuthorizationRequest(
  rules: AuthorizationRules,
  context: RehearsalContext,
  parameters: URLSearchParams,
): ReadAuthorizationRequest {
  const doubled = doubledParameter(parameters);
  if (doubled !== null) return { kind: "untrusted", reason: `${doubled} is given twice` };
  const client = context.clients.find(parameters.get("client_id") ?? "");
  if (client === null) return { kind: "untrusted", reason: "client_id is unknown or missing" };
  const redirectUri = parameters.get("redirect_uri") ?? "";
  if (!context.clients.allowsRedirect(client, redirectUri)) {
    return {
      kind: "untrusted",
      reason: "redirect_uri is not one of this client, or not http on this machine",
    };
  }
  const misbehaveText = parameters.get("misbehave") ?? "";
  const misbehave = parseMisbehaviour(misbehaveText);
  if (misbehave === null && misbehaveText !== "")
    return { kind: "untrusted", reason: "misbehave is unknown" };

  const state = parameters.get("state");
  const problem = rules.check(parameters);
  if (problem !== null) {
    const answer = { error: problem.error, error_description: problem.description };
    return { kind: "refused", callback: callbackUrl(rules, context.issuer, { redirectUri, state }, answer) };
  }
  return {
    kind: "valid",
    request: {
      client,
      redirectUri,
      state,
      nonce: parameters.get("nonce"),
      scope: rules.grantScope((parameters.get("scope") ?? "").split(/[ ,]+/).filter(Boolean)),
      codeChallenge: parameters.get("code_challenge"),
      misbehave,
    },
  };
}

/** The client's address with our answer, its state and who we are. */
export function callbackUrl(
  rules: AuthorizationRules,
  issuer: string,
  request: Pick<AuthorizationRequest, "redirectUri" | "state">,
  answer: Readonly<Record<string, string>>,
): URL {
  const url = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.append(name, value);
  if (request.state !== null) url.searchParams.append("state", request.state);
  url.searchParams.append("iss", rules.callbackIssuer(issuer));
  return url;
}
