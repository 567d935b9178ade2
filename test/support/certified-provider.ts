import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider from "oidc-provider";
import { browserFetch } from "../../src/testing/browser-fetch.ts";
import { CookieJar } from "../../src/testing/cookie-jar.ts";

/** A client as the provider knows it (OpenID Connect Dynamic Registration §2). */
export interface CertifiedClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  readonly token_endpoint_auth_method: "client_secret_basic" | "client_secret_post";
  readonly id_token_signed_response_alg: "RS256" | "ES256";
  /** RP-Initiated Logout §3.1. */
  readonly post_logout_redirect_uris?: readonly string[];
  /** Back-Channel Logout §2.2. */
  readonly backchannel_logout_uri?: string;
  readonly backchannel_logout_session_required?: boolean;
}

/** `oidc-provider`, which is certified and which nobody here wrote, on a port that the system picked. */
export interface CertifiedProvider {
  readonly issuer: string;
  /** Requests so far, by path. */
  readonly requests: ReadonlyMap<string, number>;
  /** Begins to answer, as if restarted, for these clients. */
  register(clients: readonly CertifiedClient[]): void;
  /** Signs with new keys from now on; those before stay published. */
  rotateKeys(): Promise<void>;
  close(): Promise<void>;
}

export async function startCertifiedProvider(): Promise<CertifiedProvider> {
  const requests = new Map<string, number>();
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    requests.set(pathname, (requests.get(pathname) ?? 0) + 1);
    answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  let keys = await newKeys(1);
  let registered: readonly CertifiedClient[] = [];

  const register = (clients: readonly CertifiedClient[]) => {
    registered = clients;
    answer = listener(new Provider(issuer, configuration(clients, keys)));
  };
  return {
    issuer,
    requests,
    register,
    async rotateKeys() {
      keys = [...(await newKeys(keys.length)), ...keys];
      register(registered);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function newKeys(generation: number): Promise<readonly JWK[]> {
  return Promise.all(
    ["RS256", "ES256"].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: "sig", kid: `${alg}-${generation}` };
    }),
  );
}

function configuration(clients: readonly CertifiedClient[], keys: readonly JWK[]): object {
  return {
    clients,
    jwks: { keys },
    cookies: { keys: ["a key for the cookies of the tests"] },
    scopes: ["openid", "profile", "email"],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
    },
    // Its own way refuses addresses of this machine, and these tests have no others.
    fetch: (url: string, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, options),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `Person ${id}`, email: `${id}@demo.example`, email_verified: true }),
    }),
  };
}

function listener(provider: Provider): RequestListener {
  const protocol = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return protocol(request, response);
    interact(provider, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  };
}

/** The provider's own pages: one that asks who it is, and none for the consent, which everybody gives. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const finish = (result: object, mergeWithLastSubmission: boolean) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission });

  if (prompt.name === "consent") {
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
    grant.addOIDCScope(prompt.details.missingOIDCScope?.join(" ") ?? "");
    grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
    return finish({ consent: { grantId: await grant.save() } }, true);
  }
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html").end('<form method="post"><input name="account"></form>');
    return;
  }
  const account = new URLSearchParams(await text(request)).get("account");
  return account === null
    ? finish({ error: "access_denied" }, false)
    : finish({ login: { accountId: account } }, false);
}

/**
 * What a person's browser does at the provider: follows its redirects, answers its form, and leaves. Answers the
 * callback address. `account`: who to be; `null` = cancel.
 */
export async function visitCertifiedProvider(
  authorize: URL,
  account: string | null,
  jar = new CookieJar(),
): Promise<URL> {
  let here = authorize;
  let body: string | undefined;
  // A sign-in takes seven requests.
  for (let step = 0; step < 20; step++) {
    const response = await browserFetch(here, {
      headers: { cookie: jar.header(), "content-type": "application/x-www-form-urlencoded" },
      ...(body === undefined ? {} : { method: "POST", body }),
    });
    jar.take(response);
    body = undefined;
    const location = response.headers.get("location");
    if (location !== null) here = new URL(location, here);
    else if (response.status !== 200) throw new Error(`${here} answered ${response.status}`);
    else body = account === null ? "cancel=" : `account=${account}`;
    if (here.origin !== authorize.origin) return here;
  }
  throw new Error("The provider does not let go.");
}

/** What a person's browser does when it is sent there to sign out: confirms, and comes back. Answers the address. */
export async function signOutAtCertifiedProvider(endSession: URL, jar: CookieJar): Promise<URL> {
  const asked = await browserFetch(endSession, { headers: { cookie: jar.header() } });
  jar.take(asked);
  const page = await asked.text();
  const [, action = ""] = /action="([^"]*)"/.exec(page) ?? [];
  const [, xsrf = ""] = /name="xsrf" value="([^"]*)"/.exec(page) ?? [];
  const confirmed = await browserFetch(new URL(action, endSession), {
    method: "POST",
    body: new URLSearchParams({ xsrf, logout: "yes" }).toString(),
    headers: { cookie: jar.header(), "content-type": "application/x-www-form-urlencoded" },
  });
  jar.take(confirmed);
  const location = confirmed.headers.get("location");
  if (location === null) throw new Error(`${endSession.origin} answered ${asked.status}: ${page}`);
  return new URL(location, endSession);
}
