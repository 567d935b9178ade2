import * as oauth from "oauth4webapi";

/** As it is registered at the provider. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callback: string;
}

/** A login begun: where the browser goes, and what is done with what it comes back with. */
export interface Attempt {
  readonly authorize: URL;
  finish(callback: URL): Promise<unknown>;
}

/** The same login with `oauth4webapi` and the built-in fetch, straight from their documentation; nothing is stored. */
export async function bareClient(
  issuer: string,
  { clientId, clientSecret, callback: redirectUri }: Registration,
): Promise<() => Promise<Attempt>> {
  const options = { [oauth.allowInsecureRequests]: true };
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  const client: oauth.Client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(clientSecret);
  const keys: oauth.JWKSCacheInput = {};

  return async () => {
    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ];
    const authorize = new URL(server.authorization_endpoint ?? "");
    authorize.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "openid profile email",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    }).toString();
    const finish = async (callback: URL) => {
      const parameters = oauth.validateAuthResponse(server, client, callback, state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        parameters,
        redirectUri,
        verifier,
        options,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(server, response, {
        ...options,
        [oauth.jwksCache]: keys,
      });
      return oauth.getValidatedIdTokenClaims(tokens);
    };
    return { authorize, finish };
  };
}
