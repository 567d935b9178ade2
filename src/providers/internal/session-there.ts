import type { TokenSet } from "../../model/token-set.ts";
import { endSessionUrl } from "../../oauth/end-session.ts";
import type { JsonObject } from "../../oauth/json.ts";
import { type LogoutToken, verifyLogoutToken } from "../../oauth/logout-token.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { ProviderDefinition, Sources } from "../definition.ts";
import type { EndSessionInput, SessionThere, SignOutThere } from "../provider.ts";
import { couldBeIssuer } from "./issuer-template.ts";
import type { Server } from "./server.ts";

/** Longest ID token that is sent along to the provider, in characters: some servers refuse addresses of 8 KiB. */
const LONGEST_HINT = 6 * 1024;

/** What an ID token tells of the session that somebody has at the provider; `null` without one. */
export function sessionThere(
  definition: ProviderDefinition,
  server: Server,
  { idToken }: Pick<Sources, "idToken">,
  tokens: TokenSet | null,
): SessionThere | null {
  if (idToken === null || typeof tokens?.idToken !== "string") return null;
  const { iss, sub, sid, auth_time: authTime } = idToken;
  return {
    issuer: String(iss),
    subject: String(sub),
    sid: typeof sid === "string" && /^[\x20-\x7e]{1,255}$/.test(sid) ? sid : null,
    authenticatedAt: typeof authTime === "number" && Number.isFinite(authTime) ? authTime * 1000 : null,
    idToken: tokens.idToken.length <= LONGEST_HINT ? tokens.idToken : null,
    canBeEnded: endsSessions(definition, server),
    tellsOfItsEnd: server.backChannelLogout,
  };
}

/** Where the browser goes to be signed out there; `null` = the provider does not offer it. */
export function signOutThere(
  definition: ProviderDefinition,
  server: Server,
  { idToken, returnTo, state }: EndSessionInput,
): SignOutThere | null {
  const { clientId, lifecycle } = definition;
  const way = lifecycle?.endSession ?? null;
  if (typeof way === "function") {
    // An address of its own has no place for a state: coming back at all is the answer.
    const url = URL.parse(way({ clientId, returnTo }));
    return url === null || !/^https?:$/.test(url.protocol) ? null : { url, confirms: false };
  }
  if (way === null || server.endSessionEndpoint === null) return null;
  const url = endSessionUrl(server.endSessionEndpoint, { clientId, idToken, returnTo, state });
  return { url, confirms: true };
}

function endsSessions({ lifecycle }: ProviderDefinition, server: Server): boolean {
  const way = lifecycle?.endSession ?? null;
  return typeof way === "function" || (way === "oidc" && server.endSessionEndpoint !== null);
}

/** Verifies a logout token of this provider. @throws OAuthFailure */
export async function readLogoutToken(
  definition: ProviderDefinition,
  { verification }: Server,
  token: string,
  now: () => number,
): Promise<LogoutToken> {
  const { issuerTemplate } = definition;
  if (verification === null) throw new OAuthFailure("provider_untrusted", "no_keys");
  const expected = {
    issuers: definition.idTokenIssuers,
    ...(issuerTemplate !== undefined && {
      // It need not name the tenant beside the issuer; which one it is decides whose sessions it finds.
      issuerFits: ({ iss }: JsonObject) => typeof iss === "string" && couldBeIssuer(issuerTemplate, iss),
    }),
    clientId: definition.clientId,
    algorithms: verification.algorithms,
  };
  return verifyLogoutToken(token, expected, verification.keys, now);
}
