import { PosternError } from "../../errors.ts";
import { atAddress } from "../../limits/counted.ts";
import { receiveLogoutToken } from "../../logout/receive-logout-token.ts";
import type { Call } from "../call.ts";
import { readForm } from "../read-form.ts";

/**
 * `POST /auth/backchannel-logout/{provider}`: the provider itself tells that a session there has ended. 200 when that
 * is done, 400 for everything that is no logout token of it (OpenID Connect Back-Channel Logout §2.8).
 */
export async function hearBackChannelLogout({ runtime, request, params, visit }: Call): Promise<Response> {
  const tokens = await logoutTokens(request);
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return refused();
  const input = { provider: params.provider ?? "", token, address: visit.address };
  const receipt = await receiveLogoutToken(runtime, input);
  if (receipt.kind === "accepted") return new Response(null);
  // A token that is one is always heard: the provider must not be kept from it by whoever shares its address.
  runtime.limits.take("logoutTokens", atAddress(visit.address));
  return refused();
}

/** A body that cannot be read holds none. */
async function logoutTokens(request: Request): Promise<readonly string[]> {
  try {
    return (await readForm(request)).getAll("logout_token");
  } catch (error) {
    if (error instanceof PosternError && error.status < 500) return [];
    throw error;
  }
}

/** Why it was refused is in the log, and nobody else's business. */
function refused(): Response {
  return Response.json({ error: "invalid_request" }, { status: 400 });
}
