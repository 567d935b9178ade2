/** An application that may send people to the rehearsal provider. */
export interface RehearsalClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Compared character by character (RFC 9700 §2.1). Default: any loopback http address. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Where people may be sent after signing out, character by character. Default: any loopback http address. */
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  /** Told when a session ends by RP-initiated logout: `http://localhost:3000/auth/backchannel-logout/rehearsal`. Default nobody. */
  readonly backChannelLogoutUri?: string | undefined;
  /** SPKI PEM, where an application signs instead of knowing a secret. Default: that of `applicationKeys()`. */
  readonly publicKey?: string | undefined;
}

/** The secret of every client that is not registered. */
export const REHEARSAL_SECRET = "rehearsal-secret";

export interface Clients {
  /** Whether only registered clients exist. */
  readonly restricted: boolean;
  /** `null` = no such client. */
  find(clientId: string): RehearsalClient | null;
  allowsRedirect(client: RehearsalClient, redirectUri: string): boolean;
}

/** With a list only its clients exist; without one every id does, with `rehearsal-secret`. */
export function createClients(registered: readonly RehearsalClient[] | null): Clients {
  return {
    restricted: registered !== null,
    find(clientId) {
      if (registered !== null) return registered.find((client) => client.clientId === clientId) ?? null;
      return clientId === "" ? null : { clientId, clientSecret: REHEARSAL_SECRET };
    },
    allowsRedirect: (client, redirectUri) =>
      client.redirectUris === undefined
        ? isLoopbackHttp(redirectUri)
        : client.redirectUris.includes(redirectUri),
  };
}

/** Whether a host name can only mean this machine (RFC 6761 §6.3, RFC 8252 §8.3). */
export function isLoopbackHost(hostname: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]", "::1"].includes(hostname) || hostname.endsWith(".localhost");
}

/** Whether an address is plain http on this machine, without credentials or a fragment. */
export function isLoopbackHttp(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.protocol !== "http:" || address.includes("#")) return false;
  return url.username === "" && url.password === "" && isLoopbackHost(url.hostname);
}
