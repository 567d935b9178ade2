import type { RehearsalContext } from "../context.ts";
import type { TokenRefusal } from "../openid/openid-rules.ts";
import { uuidOf } from "../person-ids.ts";
import { json } from "../responses.ts";

/** Status, OAuth error, number and text. */
type Refusal = readonly [status: number, error: string, code: number, text: string];

const REFUSALS: Readonly<Record<TokenRefusal | "secret" | "tenant", Refusal>> = {
  code: [400, "invalid_grant", 54005, "The authorization code is unknown, expired or was already used."],
  client: [400, "invalid_grant", 70000, "The authorization code was given to another application."],
  redirect: [400, "invalid_grant", 500112, "The reply address does not match the one of the request."],
  verifier: [400, "invalid_grant", 501481, "The code_verifier does not match the code_challenge."],
  refresh_token: [400, "invalid_grant", 70008, "The refresh token has expired or was revoked."],
  grant_type: [400, "unsupported_grant_type", 70003, "The grant type is not supported."],
  doubled: [400, "invalid_request", 90014, "A parameter is given twice."],
  secret: [401, "invalid_client", 7000215, "Invalid client secret provided."],
  tenant: [400, "invalid_tenant", 90002, "The tenant was not found."],
};

/** An error with its number, at the front of the text and in a list, as the real one has it. */
export function refusal(why: keyof typeof REFUSALS, now: number): Response {
  const [status, error, code, text] = REFUSALS[why];
  const traceId = uuidOf(`trace:${why}`);
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  return json(
    {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${traceId} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: traceId,
    },
    { status },
  );
}

/** The same for a rule of `OpenidRules`. */
export function refuseTokens(why: TokenRefusal, _detail: string | null, { now }: RehearsalContext): Response {
  return refusal(why, now());
}
