import type { Clients } from "../clients.ts";
import type { Call, RehearsalContext } from "../context.ts";
import { oauthError } from "../responses.ts";

export type ClientAuthentication =
  | { readonly kind: "known"; readonly clientId: string }
  | { readonly kind: "refused"; readonly response: Response };

/** `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1), never both at once. */
export function authenticateClient(clients: Clients, { request, form }: Call): ClientAuthentication {
  const header = request.headers.get("authorization");
  if (header !== null && form.has("client_secret")) {
    return refused(oauthError(400, "invalid_request", "two ways of client authentication at once"));
  }
  const credentials = header === null ? postedCredentials(form) : basicCredentials(header);
  const client = credentials === null ? null : clients.find(credentials.clientId);
  if (client === null || client.clientSecret !== credentials?.clientSecret) {
    const challenge = header === null ? undefined : { "www-authenticate": 'Basic realm="rehearsal"' };
    return refused(oauthError(401, "invalid_client", "unknown client or wrong secret", challenge));
  }
  return { kind: "known", clientId: client.clientId };
}

/** The same at a provider with words of its own for a client it does not know. */
export function authenticateOr(refuse: () => Response) {
  return ({ clients }: Pick<RehearsalContext, "clients">, call: Call): ClientAuthentication => {
    const client = authenticateClient(clients, call);
    return client.kind === "known" ? client : refused(refuse());
  };
}

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

function postedCredentials(form: URLSearchParams): Credentials | null {
  const clientId = form.get("client_id");
  const clientSecret = form.get("client_secret");
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret };
}

/** Both halves are form-encoded before they are joined: many clients forget it, so it is worth rehearsing. */
function basicCredentials(header: string): Credentials | null {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const [clientId, clientSecret, ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  if (clientId === undefined || clientSecret === undefined || rest.length > 0) return null;
  return { clientId: formDecode(clientId), clientSecret: formDecode(clientSecret) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`text=${text.replaceAll("&", "%26")}`).get("text") ?? "";
}

function refused(response: Response): ClientAuthentication {
  return { kind: "refused", response };
}
