import type { Inspect } from "../../oauth/answer.ts";
import { isSignedBy, signParameters } from "../../oauth/gateway-signature.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { RequestDescription, SignedGateway } from "../hooks.ts";

/** The request with its signature, which stands where the parameters stand: in the form, else in the query. */
export function signRequest(request: RequestDescription, gateway: SignedGateway): RequestDescription {
  const inUrl = Object.fromEntries(new URL(request.url).searchParams);
  const form = request.body !== undefined && "form" in request.body ? request.body.form : null;
  const parameters = { ...inUrl, ...request.query, ...form };
  const signature = { [gateway.signatureParameter]: signParameters(parameters, gateway.privateKey()) };
  if (form !== null) return { ...request, body: { form: { ...form, ...signature } } };
  return { ...request, query: { ...request.query, ...signature } };
}

/** Refuses an answer that the provider has not signed. */
export function signatureCheck(gateway: SignedGateway | undefined, endpoint: string): Inspect | undefined {
  if (gateway === undefined) return undefined;
  return (raw) => {
    const part = gateway.signedPart(raw);
    if (part === null) throw new OAuthFailure("provider_untrusted", "signature_missing", { endpoint });
    if (!isSignedBy(part.text, part.signature, gateway.publicKey())) {
      throw new OAuthFailure("provider_untrusted", "signature_invalid", { endpoint });
    }
  };
}
