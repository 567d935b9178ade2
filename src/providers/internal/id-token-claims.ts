import { asObject, type JsonObject, parseJson } from "../../oauth/json.ts";

/** The claims of an ID token that was verified when it came; `null` without one. */
export function idTokenClaims(idToken: string | null): JsonObject | null {
  const payload = idToken?.split(".")[1];
  return payload === undefined ? null : asObject(parseJson(Buffer.from(payload, "base64url").toString()));
}
