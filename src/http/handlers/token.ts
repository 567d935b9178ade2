import { PosternError } from "../../errors.ts";
import { issueToken } from "../../tokens/issue-token.ts";
import type { Call, SignedInCall } from "../call.ts";
import { readJson } from "../read-json.ts";
import { json } from "../responses.ts";

/** `POST /auth/token`: a proof of sign-in for the service that the body names: `{"audience":"orders-api"}`. */
export async function handOutToken({ runtime, request, self }: SignedInCall): Promise<Response> {
  const { audience } = await readJson(request);
  if (typeof audience !== "string")
    throw new PosternError("request_malformed", "The body names no audience, or not by a text.");
  return json(issueToken(runtime, self, audience));
}

/** `GET /auth/.well-known/jwks.json`: what such tokens are verified with. Public keys are for everybody, from everywhere. */
export async function showKeys({ runtime }: Call): Promise<Response> {
  const keys = runtime.sealer.signingKeys().map(({ publicJwk }) => publicJwk);
  const response = json({ keys });
  response.headers.set("cache-control", "public, max-age=300");
  response.headers.set("access-control-allow-origin", "*");
  response.headers.set("cross-origin-resource-policy", "cross-origin");
  return response;
}
