import type { RehearsalContext } from "./context.ts";
import type { Flavour } from "./endpoints.ts";
import type { Grant } from "./grants.ts";
import { matchesChallenge } from "./pkce.ts";

/** What a client shows for a code. */
export interface PresentedCode {
  readonly flavour: Flavour;
  /** A client that has proved itself. */
  readonly clientId: string;
  readonly code: string;
  /** `undefined` = this provider does not ask for it again. */
  readonly redirectUri?: string | undefined;
  /** `undefined` = this provider knows no PKCE; `null` = none was sent. */
  readonly codeVerifier?: string | null | undefined;
}

/** Why there is nothing for a code; each provider has its own words for it. */
export type CodeRefusal = "code" | "client" | "redirect" | "verifier";

/** The grant behind a code. The code is spent whatever comes of it, so that nobody can try a second time. */
export function spendCode({ grants }: RehearsalContext, presented: PresentedCode): Grant | CodeRefusal {
  const grant = grants.spendCode(presented.code);
  if (grant === null || grant.flavour !== presented.flavour) return "code";
  if (grant.clientId !== presented.clientId) return "client";
  const { redirectUri, codeVerifier } = presented;
  if (redirectUri !== undefined && redirectUri !== grant.redirectUri) return "redirect";
  if (codeVerifier !== undefined && !matchesChallenge(codeVerifier, grant.codeChallenge)) return "verifier";
  return grant;
}

/** Whether an application knows its secret. */
export function provesItself(
  { clients }: RehearsalContext,
  clientId: string | null,
  clientSecret: string | null,
): clientId is string {
  const client = clients.find(clientId ?? "");
  return client !== null && client.clientSecret === clientSecret;
}
