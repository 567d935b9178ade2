import { type ClientAuth, ClientSecretPost, None } from "oauth4webapi";

export type ClientAuthenticationMethod = "client_secret_basic" | "client_secret_post" | "none";

/**
 * How the client proves itself: as configured; else what the server announces, basic first; else basic, the default of
 * RFC 8414 §2. A client without a secret only says its name.
 */
export function chooseClientAuthentication(
  configured: ClientAuthenticationMethod | null,
  announced: readonly string[] | null,
  hasSecret: boolean,
): ClientAuthenticationMethod {
  if (!hasSecret) return "none";
  if (configured !== null) return configured;
  if (announced === null || announced.includes("client_secret_basic")) return "client_secret_basic";
  return announced.includes("client_secret_post") ? "client_secret_post" : "client_secret_basic";
}

/** Puts client id and secret into a token request. */
export function clientAuthentication(method: ClientAuthenticationMethod, secret: string | null): ClientAuth {
  if (method === "none" || secret === null) return None();
  return method === "client_secret_post" ? ClientSecretPost(secret) : basic(secret);
}

// RFC 6749 §2.3.1 wants both parts form-encoded. Encoding no more than the form serializer does keeps the usual
// characters (`-`, `_`, `.`) as they are, and so pleases the many servers that forget to decode.
function basic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    headers.set("authorization", basicAuthorization(client.client_id, secret));
  };
}

/** The `Authorization` header of `client_secret_basic` (RFC 6749 §2.3.1). */
export function basicAuthorization(clientId: string, secret: string): string {
  const credentials = `${formEncode(clientId)}:${formEncode(secret)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function formEncode(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
