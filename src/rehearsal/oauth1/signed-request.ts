import type { Call, RehearsalContext } from "../context.ts";
import { json } from "../responses.ts";
import { isSame, oauthParameters, signatureOf } from "./signature.ts";
import type { Oauth1Token } from "./temporary-credentials.ts";

/** Seconds that clocks may differ by. */
const TOLERANCE = 300;

export type SignedRequest =
  | {
      readonly kind: "signed";
      readonly clientId: string;
      readonly oauth: URLSearchParams;
      /** The token it was signed with, `null` = with the application's secret alone. */
      readonly token: Oauth1Token | null;
    }
  | { readonly kind: "refused"; readonly response: Response };

/** Checks application, clock, nonce and signature of a request (RFC 5849 §3.2). */
export function readSignedRequest(
  context: RehearsalContext,
  call: Call,
  findToken: (token: string) => Oauth1Token | null,
): SignedRequest {
  const oauth = oauthParameters(call);
  const value = (name: string) => oauth.get(`oauth_${name}`) ?? "";
  const client = context.clients.find(value("consumer_key"));
  const token = value("token") === "" ? null : findToken(value("token"));
  const tokenIsFine = value("token") === "" || token?.clientId === client?.clientId;
  if (client === null || !tokenIsFine) return refused(401, 32, "Could not authenticate you.");

  const seconds = Math.floor(context.now() / 1000);
  if (!(Math.abs(Number(value("timestamp")) - seconds) <= TOLERANCE)) {
    return refused(401, 135, "Timestamp out of bounds.");
  }
  const expected = signatureOf(call, oauth, client.clientSecret, token?.secret ?? "");
  const signed = value("signature_method") === "HMAC-SHA1" && isSame(expected, value("signature"));
  const { clientId } = client;
  const fresh = context.temporaryCredentials.useNonce(clientId, value("timestamp"), value("nonce"));
  if (!signed || !fresh) return refused(401, 32, "Could not authenticate you.");
  return { kind: "signed", clientId, oauth, token };
}

/** A refusal with the provider's number. */
export function refused(status: number, code: number, message: string) {
  return { kind: "refused", response: json({ errors: [{ code, message }] }, { status }) } as const;
}
