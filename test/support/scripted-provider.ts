import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, SignJWT } from "jose";
import type { Log } from "../../src/model/log.ts";

/** Secrets that must never show up in a result, an error or a log line. */
export const CANARIES = {
  clientSecret: "canary-client-secret-7f3a",
  code: "canary-code-91bc",
  codeVerifier: "canary-verifier-dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  accessToken: "canary-access-token-55e0",
  refreshToken: "canary-refresh-token-20aa",
};

export const START = {
  redirectUri: "https://admin.example.com/auth/callback/corp",
  state: "S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP",
  nonce: "n0Kf3vB9sT6uY2hQ",
  codeVerifier: CANARIES.codeVerifier,
};

/** 2026-11-19T10:13:20Z: what the clock says in these tests, in milliseconds. */
export const NOW = 1_795_083_200_000;
const SECONDS = NOW / 1000;

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly algorithm: string;
  readonly id: string;
}

/** A key pair for the algorithm. */
export function newKey(
  algorithm: "RS256" | "PS256" | "ES256" | "ES384" | "EdDSA",
  id: string,
  bits = 2048,
): SigningKey {
  switch (algorithm) {
    case "RS256":
    case "PS256":
      return { ...generateKeyPairSync("rsa", { modulusLength: bits }), algorithm, id };
    case "ES256":
      return { ...generateKeyPairSync("ec", { namedCurve: "P-256" }), algorithm, id };
    case "ES384":
      return { ...generateKeyPairSync("ec", { namedCurve: "P-384" }), algorithm, id };
    case "EdDSA":
      return { ...generateKeyPairSync("ed25519"), algorithm, id };
  }
}

export async function publicJwk(key: SigningKey): Promise<Record<string, unknown>> {
  return { ...(await exportJWK(key.publicKey)), kid: key.id, use: "sig", alg: key.algorithm };
}

export function sign(
  key: SigningKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, kid: key.id, ...header })
    .sign(key.privateKey);
}

/** `at_hash` and its like for a SHA-256 algorithm. */
export function halfHash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Handler = (request: RecordedRequest, response: http.ServerResponse) => void | Promise<void>;

/** A provider on this machine whose every answer can be replaced. By default it is a correct OpenID provider. */
export interface ScriptedProvider {
  readonly url: string;
  /** `host:port` */
  readonly host: string;
  readonly requests: readonly RecordedRequest[];
  /** How often the path was asked. */
  count(path: string): number;
  on(path: string, handler: Handler): void;
  /** Answers JSON with this status. */
  json(path: string, body: unknown, status?: number): void;
  /** Replaces claims of the ID token; `undefined` removes one. */
  claims(change: Record<string, unknown>): void;
  /** Replaces the ID token in the token answer. */
  idToken(token: string): void;
  close(): Promise<void>;
}

export const RSA_KEY = newKey("RS256", "k1");

export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const requests: RecordedRequest[] = [];
  const handlers = new Map<string, Handler>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "", url = "", headers } = request;
      const recorded = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(recorded);
      const handler = handlers.get(url.split("?")[0] ?? "");
      if (handler === undefined) response.writeHead(404).end();
      else await handler(recorded, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}`;

  let change: Record<string, unknown> = {};
  let fixedIdToken: string | null = null;
  const provider: ScriptedProvider = {
    url,
    host,
    requests,
    count: (path) => requests.filter((request) => request.path.split("?")[0] === path).length,
    on: (path, handler) => void handlers.set(path, handler),
    json: (path, body, status = 200) =>
      provider.on(path, (_request, response) => answerJson(response, body, status)),
    claims: (changes) => {
      change = changes;
    },
    idToken: (token) => {
      fixedIdToken = token;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  provider.json(DISCOVERY, metadata(url));
  provider.json("/jwks", { keys: [await publicJwk(RSA_KEY)] });
  provider.on("/token", async (_request, response) => {
    const token = fixedIdToken ?? (await sign(RSA_KEY, { ...standardClaims(url), ...change }));
    answerJson(response, tokenAnswer(token));
  });
  provider.json("/userinfo", { sub: "248289761001", name: "Ana Li", nickname: "ana" });
  return provider;
}

export const DISCOVERY = "/.well-known/openid-configuration";

export function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ["RS256", "PS256", "ES256", "ES384", "EdDSA"],
  };
}

export function standardClaims(issuer: string): Record<string, unknown> {
  return {
    iss: issuer,
    aud: "client-1",
    sub: "248289761001",
    nonce: START.nonce,
    iat: SECONDS,
    exp: SECONDS + 3600,
    at_hash: halfHash(CANARIES.accessToken),
    name: "Ana Li",
    email: "ana@example.com",
    email_verified: true,
  };
}

export function tokenAnswer(idToken: string | undefined): Record<string, unknown> {
  return {
    access_token: CANARIES.accessToken,
    refresh_token: CANARIES.refreshToken,
    token_type: "Bearer",
    expires_in: 3600,
    scope: "openid profile email",
    id_token: idToken,
  };
}

export function answerJson(response: http.ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export interface RecordingLog extends Log {
  readonly lines: readonly unknown[];
}

/** A log that keeps what it is told. */
export function recordingLog(): RecordingLog {
  const lines: unknown[] = [];
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  return { lines, debug: write, info: write, warn: write, error: write };
}
