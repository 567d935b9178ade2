/** A request to be signed out at the provider (OpenID Connect RP-Initiated Logout §2). */
export interface EndSessionRequest {
  readonly clientId: string;
  /** `null` = none is there, or it is too long for an address. */
  readonly idToken: string | null;
  /** Where the browser comes back to; registered at the provider. */
  readonly returnTo: string;
  readonly state: string;
}

/** The address that the browser goes to so that the provider signs the person out. What the endpoint's query says stays. */
export function endSessionUrl(endpoint: string, request: EndSessionRequest): URL {
  const url = new URL(endpoint);
  const parameters = {
    ...(request.idToken !== null && { id_token_hint: request.idToken }),
    client_id: request.clientId,
    post_logout_redirect_uri: request.returnTo,
    state: request.state,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
