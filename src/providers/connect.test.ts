import type { ServerResponse } from "node:http";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answerJson,
  CANARIES,
  DISCOVERY,
  halfHash,
  metadata,
  NOW,
  newKey,
  publicJwk,
  type RecordingLog,
  RSA_KEY,
  recordingLog,
  type ScriptedProvider,
  START,
  sign,
  standardClaims,
  startScriptedProvider,
  tokenAnswer,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound, type OutboundTimeouts } from "../oauth/outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import { type OidcOptions, oidc } from "./oidc.ts";
import type { FinishResult, Provider } from "./provider.ts";

let idp: ScriptedProvider;
let log: RecordingLog;
let outbound: Outbound;
let clock: { now: number };

beforeEach(async () => {
  idp = await startScriptedProvider();
  log = recordingLog();
  clock = { now: NOW };
  outbound = newOutbound();
});

afterEach(async () => {
  await outbound.close();
  await idp.close();
});

function newOutbound(timeouts: OutboundTimeouts = { retry: 1 }): Outbound {
  return createOutbound({ allowedHosts: new Set([idp.host]), now: () => clock.now, log, timeouts });
}

function corp(options: Partial<OidcOptions> = {}): ProviderDefinition {
  return oidc({
    id: "corp",
    name: "Corp SSO",
    issuer: idp.url,
    clientId: "client-1",
    clientSecret: CANARIES.clientSecret,
    ...options,
  });
}

function connected(definition = corp()): Provider {
  return connect(definition, { outbound, now: () => clock.now, log });
}

function comeBack(provider: Provider, change: Record<string, string> = {}): Promise<FinishResult> {
  const parameters = new URLSearchParams({ code: CANARIES.code, state: START.state, ...change });
  return provider.finish({ ...START, parameters });
}

/** The promise that holds for every ending: no secret leaves, not even into a log line. */
function expectNoSecrets(...told: unknown[]): void {
  const text = JSON.stringify([told, log.lines]);
  for (const secret of Object.values(CANARIES)) expect(text).not.toContain(secret);
}

describe("a sign-in that works", () => {
  test("sends the browser off with everything the protocol asks for", async () => {
    const { url } = await connected().start(START);
    expect(url.href.replace(idp.url, "")).toMatchInlineSnapshot(
      `"/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
    );
  });

  test("asks for a refresh token only where tokens are kept, and for both wishes of the prompt", async () => {
    const asked = async (keepTokens: boolean, authorizationParameters?: Record<string, string>) => {
      const plain = corp({ keepTokens, authorizationParameters });
      const refresh = {
        scopes: ["offline_access"],
        parameters: { access_type: "offline", prompt: "consent" },
      };
      const lifecycle = { refresh: { ...refresh, rotates: false }, revoke: null, endSession: null };
      const { url } = await connected({ ...plain, lifecycle }).start(START);
      return Object.fromEntries(
        ["scope", "access_type", "prompt"].map((name) => [name, url.searchParams.get(name)]),
      );
    };
    const usual = "openid profile email";
    expect(await asked(false)).toEqual({ scope: usual, access_type: null, prompt: null });
    const offline = { scope: `${usual} offline_access`, access_type: "offline" };
    expect(await asked(true)).toEqual({ ...offline, prompt: "consent" });
    const both = await asked(true, { prompt: "select_account" });
    expect(both).toEqual({ ...offline, prompt: "select_account consent" });
    expect(await asked(true, { prompt: "none" })).toEqual({ ...offline, prompt: "none" });
  });

  test("proves the client, verifies the token and tells who has arrived", async () => {
    const result = await comeBack(connected(), { iss: idp.url, session_state: "ignored" });
    expect(result).toMatchObject({
      kind: "arrived",
      userInfo: {
        issuer: idp.url,
        subject: "248289761001",
        handle: "ana@example.com",
        name: "Ana Li",
        email: "ana@example.com",
        emailVerified: true,
        picture: null,
      },
      tokens: {
        accessToken: CANARIES.accessToken,
        refreshToken: CANARIES.refreshToken,
        expiresAt: NOW + 3_600_000,
        scope: "openid profile email",
      },
    });
    const token = idp.requests.find(({ path }) => path === "/token");
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: "authorization_code",
      code: CANARIES.code,
      redirect_uri: START.redirectUri,
      code_verifier: START.codeVerifier,
    });
    const basic = Buffer.from(`client-1:${CANARIES.clientSecret}`).toString("base64");
    expect(token?.headers.authorization).toBe(`Basic ${basic}`);
    expect(idp.count("/userinfo")).toBe(0);
    expectNoSecrets();
  });

  test.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const)(
    "with an ID token signed by %s",
    async (algorithm) => {
      const key = newKey(algorithm, "k2");
      idp.json("/jwks", { keys: [await publicJwk(RSA_KEY), await publicJwk(key)] });
      idp.idToken(await sign(key, { ...standardClaims(idp.url), at_hash: undefined }));
      expect(await comeBack(connected())).toMatchObject({ kind: "arrived" });
    },
  );

  test("with a key that has no name, when it is the only one", async () => {
    const { kid: _, ...jwk } = await publicJwk(RSA_KEY);
    idp.json("/jwks", { keys: [jwk] });
    idp.idToken(await sign(RSA_KEY, standardClaims(idp.url), { kid: undefined }));
    expect(await comeBack(connected())).toMatchObject({ kind: "arrived" });
  });

  test("among keys that cannot be read", async () => {
    const odd = [
      null,
      7,
      {},
      { kty: "RSA", kid: "k1", use: "enc" },
      { kty: "oct", k: "" },
      { kty: "EC", kid: "k9", crv: "P-256" },
    ];
    idp.json("/jwks", { keys: [...odd, await publicJwk(RSA_KEY)] });
    expect(await comeBack(connected())).toMatchObject({ kind: "arrived" });
  });

  test("asks userinfo when the ID token lacks the name, and keeps each e-mail with its own word", async () => {
    idp.claims({ name: undefined, email: undefined });
    idp.json("/userinfo", {
      sub: "248289761001",
      name: "Ana Li",
      email: "ana@userinfo.example",
      email_verified: false,
    });
    expect(await comeBack(connected())).toMatchObject({
      kind: "arrived",
      userInfo: { name: "Ana Li", email: "ana@userinfo.example", emailVerified: false },
    });
    const asked = idp.requests.find(({ path }) => path === "/userinfo");
    expect(asked?.headers.authorization).toBe(`Bearer ${CANARIES.accessToken}`);
  });

  test("takes a signed userinfo answer", async () => {
    idp.claims({ name: undefined });
    const signed = await sign(RSA_KEY, {
      iss: idp.url,
      aud: "client-1",
      sub: "248289761001",
      name: "Ana Signed",
    });
    idp.on(
      "/userinfo",
      (_request, response) => void response.writeHead(200, { "content-type": "application/jwt" }).end(signed),
    );
    expect(await comeBack(connected())).toMatchObject({ kind: "arrived", userInfo: { name: "Ana Signed" } });
  });

  test("a public client names itself in the form", async () => {
    const result = await comeBack(connected(corp({ clientSecret: undefined, clientAuthentication: "none" })));
    expect(result.kind).toBe("arrived");
    const token = idp.requests.find(({ path }) => path === "/token");
    expect(token?.headers.authorization).toBeUndefined();
    expect(new URLSearchParams(token?.body).get("client_id")).toBe("client-1");
  });

  test("only the boolean true means that the e-mail is verified", async () => {
    idp.claims({ email_verified: "true" });
    expect(await comeBack(connected())).toMatchObject({ userInfo: { emailVerified: null } });
  });
});

/** Claims that make an ID token worthless, and the word for each. */
const WRONG_CLAIMS: readonly [Record<string, unknown>, string, string][] = [
  [{ iss: "https://evil.example" }, "provider_untrusted", "issuer_mismatch"],
  [{ iss: undefined }, "provider_untrusted", "issuer_mismatch"],
  [{ iss: null }, "provider_untrusted", "issuer_mismatch"],
  [{ aud: "client-2" }, "provider_untrusted", "audience_mismatch"],
  [{ aud: undefined }, "provider_untrusted", "audience_mismatch"],
  [{ aud: "" }, "provider_untrusted", "audience_mismatch"],
  [{ aud: [] }, "provider_untrusted", "audience_mismatch"],
  [{ aud: ["client-1", "client-2"] }, "provider_untrusted", "audience_mismatch"],
  [{ aud: [["client-1"]] }, "provider_untrusted", "audience_mismatch"],
  [{ aud: "Client-1" }, "provider_untrusted", "audience_mismatch"],
  [{ azp: "client-2" }, "provider_untrusted", "authorized_party_mismatch"],
  [{ nonce: undefined }, "provider_untrusted", "nonce_mismatch"],
  [{ nonce: "another" }, "provider_untrusted", "nonce_mismatch"],
  [{ nonce: [START.nonce] }, "provider_untrusted", "nonce_mismatch"],
  [{ exp: NOW / 1000 - 7200, iat: NOW / 1000 - 10_800 }, "provider_untrusted", "token_expired"],
  [{ exp: NOW / 1000 - 300, iat: NOW / 1000 - 600 }, "clock_skew", "token_expired"],
  [{ iat: NOW / 1000 + 600 }, "clock_skew", "issued_in_future"],
  [{ nbf: NOW / 1000 + 86_400 }, "provider_untrusted", "token_not_yet_valid"],
  [{ iat: undefined }, "provider_untrusted", "claim_missing"],
  [{ exp: "soon" }, "provider_untrusted", "claim_missing"],
  [{ at_hash: halfHash("another token") }, "provider_untrusted", "at_hash_mismatch"],
  [{ at_hash: null }, "provider_untrusted", "at_hash_mismatch"],
  [{ c_hash: halfHash("another code") }, "provider_untrusted", "c_hash_mismatch"],
  [{ s_hash: halfHash("another state") }, "provider_untrusted", "s_hash_mismatch"],
  [{ sub: undefined }, "no_identifier", "subject_missing"],
  [{ sub: null }, "no_identifier", "subject_missing"],
  [{ sub: "" }, "no_identifier", "subject_missing"],
  [{ sub: 248289761001 }, "no_identifier", "subject_invalid"],
  [{ sub: "x".repeat(256) }, "no_identifier", "subject_invalid"],
  [{ sub: "ana\u0000" }, "no_identifier", "subject_invalid"],
  [{ sub: "аna" }, "no_identifier", "subject_invalid"],
];

test.each(WRONG_CLAIMS)("an ID token with %j: %s, %s", async (claims, code, reason) => {
  idp.claims(claims);
  const result = await comeBack(connected());
  expect(result).toMatchObject({ kind: "failed", code, reason });
  expectNoSecrets(result);
});

test.each([
  { azp: "client-1" },
  { aud: ["client-1"] },
  { c_hash: halfHash(CANARIES.code) },
  { s_hash: halfHash(START.state) },
  { sub: " Ana " },
])("an ID token with %j is fine", async (claims) => {
  idp.claims(claims);
  expect(await comeBack(connected())).toMatchObject({ kind: "arrived" });
});

test("a wrong clock is measured", async () => {
  idp.claims({ iat: NOW / 1000 + 754, exp: NOW / 1000 + 4354 });
  expect(await comeBack(connected())).toMatchObject({
    code: "clock_skew",
    detail: { claim: "iat", offBySeconds: 754, providerClockAheadBySeconds: 754 },
  });
});

describe("a forged ID token", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = () => standardClaims(idp.url);

  /** Each answers the token that a forger would try. */
  const FORGERIES: readonly [string, () => string | Promise<string>, string][] = [
    ...["none", "None", "NONE", "nOnE"].map((alg): [string, () => string, string] => [
      `alg ${alg}`,
      () => `${encode({ alg, kid: "k1" })}.${encode(claims())}.`,
      "algorithm_refused",
    ]),
    ["alg absent", () => `${encode({ kid: "k1" })}.${encode(claims())}.AAAA`, "algorithm_refused"],
    [
      "alg as a list",
      () => `${encode({ alg: ["RS256"], kid: "k1" })}.${encode(claims())}.AAAA`,
      "algorithm_refused",
    ],
    [
      "alg as a member of every object",
      () => `${encode({ alg: "constructor" })}.${encode(claims())}.AAAA`,
      "algorithm_refused",
    ],
    [
      "the public key as shared secret",
      () => {
        const pem = RSA_KEY.publicKey.export({ type: "spki", format: "pem" });
        return new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(Buffer.from(pem));
      },
      "algorithm_refused",
    ],
    [
      "the client secret as shared secret",
      () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: "HS256" })
          .sign(Buffer.from(CANARIES.clientSecret.padEnd(32))),
      "algorithm_refused",
    ],
    [
      "an algorithm nobody agreed on",
      () => sign({ ...RSA_KEY, algorithm: "RS512" }, claims()),
      "algorithm_refused",
    ],
    [
      "an algorithm that is not the key's",
      () => sign({ ...RSA_KEY, algorithm: "PS256" }, claims()),
      "unknown_key",
    ],
    ["another key under the known name", () => sign(newKey("RS256", "k1"), claims()), "signature_invalid"],
    ["an unknown key", () => sign(newKey("RS256", "k2"), claims()), "unknown_key"],
    [
      "its own key in the header",
      async () => {
        const own = newKey("ES256", "k2");
        return sign(own, claims(), { jwk: await publicJwk(own), jku: `${idp.url}/own-jwks` });
      },
      "unknown_key",
    ],
    [
      "a changed payload",
      async () => {
        const [header, , signature] = (await sign(RSA_KEY, claims())).split(".");
        return `${header}.${encode({ ...claims(), sub: "somebody else" })}.${signature}`;
      },
      "signature_invalid",
    ],
    ["five parts", async () => `${await sign(RSA_KEY, claims())}.AAAA.AAAA`, "token_malformed"],
    ["a million dots", () => `${encode({ alg: "RS256" })}${".".repeat(16_000)}`, "token_malformed"],
    ["a header that is no JSON", () => "AAAA.AAAA.AAAA", "token_malformed"],
    ["a critical extension", () => sign(RSA_KEY, claims(), { crit: ["b64"], b64: true }), "token_malformed"],
    ["a payload that is no object", () => signText("[]"), "token_malformed"],
    ["a payload that is no text", () => signText("\xff\xfe"), "token_malformed"],
  ];

  async function signText(text: string): Promise<string> {
    const { CompactSign } = await import("jose");
    return new CompactSign(Buffer.from(text, "latin1"))
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .sign(RSA_KEY.privateKey);
  }

  test.each(FORGERIES)("with %s", async (_name, forge, reason) => {
    idp.idToken(await forge());
    const result = await comeBack(connected());
    expect(result).toMatchObject({ kind: "failed", code: "provider_untrusted", reason });
    expect(idp.count("/own-jwks")).toBe(0);
    expectNoSecrets(result);
  });

  test("with any byte of its signature changed", async () => {
    const token = await sign(RSA_KEY, claims());
    const [header, payload, signature = ""] = token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    const provider = connected();
    for (let index = 0; index < bytes.length; index += 16) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      idp.idToken(`${header}.${payload}.${changed.toString("base64url")}`);
      expect(await comeBack(provider)).toMatchObject({ reason: "signature_invalid" });
    }
  });

  test("by an algorithm that this provider does not announce", async () => {
    const key = newKey("ES256", "k2");
    idp.json(DISCOVERY, { ...metadata(idp.url), id_token_signing_alg_values_supported: ["RS256"] });
    idp.json("/jwks", { keys: [await publicJwk(RSA_KEY), await publicJwk(key)] });
    idp.idToken(await sign(key, claims()));
    expect(await comeBack(connected())).toMatchObject({ reason: "algorithm_refused" });
  });
});

describe("keys", () => {
  test("a rotated key is fetched once for everybody, and nobody notices", async () => {
    const provider = connected();
    await comeBack(provider);
    const next = newKey("RS256", "k2");
    idp.json("/jwks", { keys: [await publicJwk(next)] });
    idp.idToken(await sign(next, standardClaims(idp.url)));
    const results = await Promise.all(Array.from({ length: 10 }, () => comeBack(provider)));
    expect(results.map(({ kind }) => kind)).toEqual(Array(10).fill("arrived"));
    expect(idp.count("/jwks")).toBe(2);
  });

  test("unknown keys cost the provider one request in thirty seconds", async () => {
    const provider = connected();
    await comeBack(provider);
    idp.idToken(await sign(newKey("RS256", "k2"), standardClaims(idp.url)));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await comeBack(provider)).toMatchObject({ reason: "unknown_key" });
    }
    expect(idp.count("/jwks")).toBe(2);
    clock.now += 30_000;
    await comeBack(provider);
    await comeBack(provider);
    expect(idp.count("/jwks")).toBe(3);
  });

  test("a key that was taken back fails as soon as the copy is old", async () => {
    const provider = connected();
    await comeBack(provider);
    idp.json("/jwks", { keys: [await publicJwk(newKey("RS256", "k2"))] });
    clock.now += 10 * 60_000;
    idp.claims({ iat: clock.now / 1000, exp: clock.now / 1000 + 3600 });
    expect(await comeBack(provider)).toMatchObject({ reason: "unknown_key" });
  });

  test("discovery and keys are fetched once for everybody", async () => {
    const provider = connected();
    const results = await Promise.all(Array.from({ length: 20 }, () => comeBack(provider)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["arrived"]));
    expect(idp.count(DISCOVERY)).toBe(1);
    expect(idp.count("/jwks")).toBe(1);
  });

  const WORTHLESS: readonly [string, () => unknown, string][] = [
    ["none", () => ({ keys: [] }), "unknown_key"],
    ["no list", () => ({}), "jwks_malformed"],
    ["too many", () => ({ keys: Array(51).fill({ kty: "RSA" }) }), "too_many_keys"],
    [
      "two with one name",
      async () => ({ keys: [await publicJwk(RSA_KEY), await publicJwk(newKey("RS256", "k1"))] }),
      "unknown_key",
    ],
    ["an even exponent", async () => ({ keys: [{ ...(await publicJwk(RSA_KEY)), e: "Ag" }] }), "weak_key"],
    ["an exponent of one", async () => ({ keys: [{ ...(await publicJwk(RSA_KEY)), e: "AQ" }] }), "weak_key"],
    [
      "one for encryption",
      async () => ({ keys: [{ ...(await publicJwk(RSA_KEY)), use: "enc" }] }),
      "unknown_key",
    ],
    [
      "one of another kind",
      async () => ({ keys: [{ ...(await publicJwk(newKey("ES256", "k1"))), alg: undefined }] }),
      "unknown_key",
    ],
  ];

  test.each(WORTHLESS)("that are worthless: %s", async (_name, keys, reason) => {
    idp.json("/jwks", await keys());
    expect(await comeBack(connected())).toMatchObject({ kind: "failed", code: "provider_untrusted", reason });
  });

  test("a short RSA key is refused", async () => {
    const short = newKey("RS256", "k1", 1024);
    idp.json("/jwks", { keys: [await publicJwk(short)] });
    const [header, payload] = (await sign(RSA_KEY, standardClaims(idp.url))).split(".");
    const { sign: signBytes } = await import("node:crypto");
    const signature = signBytes("sha256", Buffer.from(`${header}.${payload}`), short.privateKey).toString(
      "base64url",
    );
    idp.idToken(`${header}.${payload}.${signature}`);
    expect(await comeBack(connected())).toMatchObject({ code: "provider_untrusted", reason: "weak_key" });
  });

  test("without a name among several, none is guessed", async () => {
    idp.json("/jwks", { keys: [await publicJwk(RSA_KEY), await publicJwk(newKey("RS256", "k2"))] });
    idp.idToken(await sign(RSA_KEY, standardClaims(idp.url), { kid: undefined }));
    expect(await comeBack(connected())).toMatchObject({ reason: "unknown_key" });
  });
});

type Answer = (response: ServerResponse) => void;
const html: Answer = (response) =>
  void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    answerJson(response, body, status);

/** What can come out of an endpoint that was asked for one thing. The provider echoes secrets where it can. */
const FAULTS: readonly [string, string, Answer, string, string][] = [
  ["/token", "hangs up", (response) => response.destroy(), "provider_unavailable", "connection_failed"],
  ["/token", "500", json({ error: "server_error" }, 500), "provider_unavailable", "server_error"],
  [
    "/token",
    "503 HTML",
    (response) => void response.writeHead(503).end("<h1>Down</h1>"),
    "provider_unavailable",
    "server_error",
  ],
  [
    "/token",
    "429",
    (response) => void response.writeHead(429, { "retry-after": "-1" }).end(),
    "provider_unavailable",
    "rate_limited",
  ],
  [
    "/token",
    "redirect",
    (response) => void response.writeHead(307, { location: "/elsewhere" }).end(),
    "provider_untrusted",
    "redirect_refused",
  ],
  [
    "/token",
    "204",
    (response) => void response.writeHead(204).end(),
    "provider_untrusted",
    "unexpected_status",
  ],
  ["/token", "HTML", html, "provider_untrusted", "content_type"],
  [
    "/token",
    "a form",
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/x-www-form-urlencoded" })
        .end("access_token=x"),
    "provider_untrusted",
    "content_type",
  ],
  [
    "/token",
    "broken JSON",
    (response) => void response.writeHead(200, { "content-type": "application/json" }).end("{"),
    "provider_untrusted",
    "json_malformed",
  ],
  ["/token", "a list", json([]), "provider_untrusted", "json_malformed"],
  [
    "/token",
    "too much",
    json({ access_token: "x".repeat(300_000) }),
    "provider_untrusted",
    "response_too_large",
  ],
  [
    "/token",
    "no access token",
    json({ ...tokenAnswer("x"), access_token: undefined }),
    "provider_untrusted",
    "token_response_malformed",
  ],
  [
    "/token",
    "an empty access token",
    json({ ...tokenAnswer("x"), access_token: "" }),
    "provider_untrusted",
    "token_response_malformed",
  ],
  [
    "/token",
    "an access token that breaks lines",
    json({ ...tokenAnswer("x"), access_token: "a\r\nb" }),
    "provider_untrusted",
    "token_response_malformed",
  ],
  [
    "/token",
    "another token type",
    json({ ...tokenAnswer("x"), token_type: "mac" }),
    "provider_untrusted",
    "token_response_malformed",
  ],
  ["/token", "no ID token", json(tokenAnswer(undefined)), "provider_untrusted", "id_token_missing"],
  [
    "/token",
    "an ID token that is none",
    json({ ...tokenAnswer("x"), id_token: { a: 1 } }),
    "provider_untrusted",
    "token_response_malformed",
  ],
  [
    "/token",
    "invalid_client",
    json({ error: "invalid_client", error_description: CANARIES.clientSecret }, 401),
    "provider_rejected",
    "client_invalid",
  ],
  [
    "/token",
    "401 without a word",
    (response) => void response.writeHead(401).end(),
    "provider_rejected",
    "client_invalid",
  ],
  [
    "/token",
    "invalid_grant",
    json({ error: "invalid_grant", error_description: CANARIES.code }, 400),
    "provider_rejected",
    "code_invalid",
  ],
  ["/token", "invalid_grant with 200", json({ error: "invalid_grant" }), "provider_rejected", "code_invalid"],
  [
    "/token",
    "a word of its own",
    json({ error: CANARIES.clientSecret }, 400),
    "provider_rejected",
    "refused",
  ],
  [
    "/token",
    "a word that every object has",
    json({ error: "constructor" }, 400),
    "provider_rejected",
    "refused",
  ],
  [
    "/token",
    "400 HTML",
    (response) => void response.writeHead(400).end("<script>"),
    "provider_rejected",
    "refused",
  ],
  [
    "/token",
    "temporarily_unavailable",
    json({ error: "temporarily_unavailable" }, 400),
    "provider_unavailable",
    "temporarily_unavailable",
  ],
  [
    "/userinfo",
    "another person",
    json({ sub: "248289761002" }),
    "provider_untrusted",
    "userinfo_subject_mismatch",
  ],
  ["/userinfo", "nobody", json({ name: "Ana" }), "provider_untrusted", "userinfo_subject_mismatch"],
  ["/userinfo", "HTML", html, "provider_untrusted", "content_type"],
  ["/userinfo", "401", json({ error: CANARIES.accessToken }, 401), "provider_rejected", "refused"],
  ["/userinfo", "500", json({}, 500), "provider_unavailable", "server_error"],
  [
    "/userinfo",
    "redirect",
    (response) => void response.writeHead(302, { location: "/elsewhere" }).end(),
    "provider_untrusted",
    "redirect_refused",
  ],
  [
    "/userinfo",
    "an unsigned token",
    (response) =>
      void response.writeHead(200, { "content-type": "application/jwt" }).end("eyJhbGciOiJub25lIn0.e30."),
    "provider_untrusted",
    "algorithm_refused",
  ],
  ["/jwks", "404", json({}, 404), "provider_untrusted", "jwks_status"],
  ["/jwks", "503", json({}, 503), "provider_unavailable", "jwks_status"],
  ["/jwks", "HTML", html, "provider_untrusted", "content_type"],
  ["/jwks", "too much", json({ keys: ["x".repeat(1_100_000)] }), "provider_untrusted", "response_too_large"],
  [DISCOVERY, "404", json({}, 404), "provider_untrusted", "discovery_status"],
  [DISCOVERY, "502", json({}, 502), "provider_unavailable", "discovery_status"],
  [DISCOVERY, "HTML", html, "provider_untrusted", "content_type"],
  [
    DISCOVERY,
    "another issuer",
    json({ issuer: "https://evil.example" }),
    "provider_untrusted",
    "issuer_mismatch",
  ],
];

test.each(FAULTS)("%s: %s", async (path, _name, misbehave, code, reason) => {
  idp.claims({ name: undefined });
  idp.on(path, (_request, response) => misbehave(response));
  const result = await comeBack(connected());
  expect(result).toMatchObject({ kind: "failed", code, reason });
  expect(idp.count("/elsewhere")).toBe(0);
  expect(idp.count("/token")).toBeLessThanOrEqual(1);
  expectNoSecrets(result);
});

test.each(["/token", "/userinfo", "/jwks", DISCOVERY])("%s never answers", async (path) => {
  idp.claims({ name: undefined });
  idp.on(path, () => {});
  outbound = newOutbound({ exchange: 500 });
  const result = await comeBack(connected());
  expect(result).toMatchObject({ kind: "failed", code: "provider_unavailable", reason: "timeout" });
  expectNoSecrets(result);
});

test("a provider that wants only unsigned tokens or shared secrets is none for us", async () => {
  idp.json(DISCOVERY, { ...metadata(idp.url), id_token_signing_alg_values_supported: ["none", "HS256"] });
  expect(await comeBack(connected())).toMatchObject({
    code: "provider_untrusted",
    reason: "no_usable_algorithm",
  });
});

test("an endpoint on a private host that nobody named is not called", async () => {
  const other = await startScriptedProvider();
  idp.json(DISCOVERY, { ...metadata(idp.url), token_endpoint: `${other.url}/token` });
  const result = await comeBack(connected());
  expect(result).toMatchObject({
    code: "provider_untrusted",
    reason: "ssrf_blocked",
    detail: { endpoint: "token" },
  });
  expect(other.requests).toHaveLength(0);
  await other.close();
});

describe("the callback", () => {
  test("a change of mind costs the provider no request", async () => {
    expect(await comeBack(connected(), { error: "access_denied" })).toEqual({ kind: "cancelled" });
    expect(idp.count("/token")).toBe(0);
  });

  test.each([
    [{ iss: "https://evil.example" }, "callback_invalid", "issuer_mismatch"],
    [{ state: "another" }, "callback_invalid", "state_mismatch"],
    [{ error: "invalid_scope" }, "provider_rejected", "invalid_scope"],
  ])("%j never reaches the token endpoint", async (change, code, reason) => {
    expect(await comeBack(connected(), change as Record<string, string>)).toMatchObject({
      kind: "failed",
      code,
      reason,
    });
    expect(idp.count("/token")).toBe(0);
  });

  test("the issuer must come along when the provider promised it", async () => {
    idp.json(DISCOVERY, { ...metadata(idp.url), authorization_response_iss_parameter_supported: true });
    const provider = connected();
    expect(await comeBack(provider)).toMatchObject({ code: "callback_invalid", reason: "issuer_missing" });
    expect(await comeBack(provider, { iss: idp.url })).toMatchObject({ kind: "arrived" });
  });
});

describe("discovery that cannot be had", () => {
  test("start says so, and recovers by itself", async () => {
    idp.json(DISCOVERY, {}, 503);
    const provider = connected();
    await expect(provider.start(START)).rejects.toMatchObject({
      name: "PosternError",
      code: "provider_unavailable",
      reason: "discovery_status",
    });
    idp.json(DISCOVERY, metadata(idp.url));
    expect((await provider.start(START)).url.origin).toBe(idp.url);
  });

  test("a copy goes on serving for a day after its time, then no more", async () => {
    const provider = connected();
    await provider.start(START);
    idp.json(DISCOVERY, { issuer: "https://evil.example" });
    clock.now += 24 * 3_600_000;
    expect((await provider.start(START)).url.origin).toBe(idp.url);
    clock.now += 3_600_000;
    await expect(provider.start(START)).rejects.toMatchObject({
      code: "provider_untrusted",
      reason: "issuer_mismatch",
    });
  });

  test("three outages within five minutes are trouble", async () => {
    idp.json(DISCOVERY, {}, 503);
    const provider = connected();
    for (let attempt = 0; attempt < 2; attempt += 1) await comeBack(provider);
    expect(provider.isTroubled()).toBe(false);
    await comeBack(provider);
    expect(provider.isTroubled()).toBe(true);
    clock.now += 5 * 60_000;
    expect(provider.isTroubled()).toBe(false);
  });
});

describe("where the sign-in form may lead", () => {
  test("to the authorization endpoint's origin and those that were listed", async () => {
    idp.json(DISCOVERY, {
      ...metadata(idp.url),
      authorization_endpoint: "https://login.example.com/authorize",
    });
    const provider = connected(
      corp({ redirectOrigins: ["https://mfa.example.com", "https://login.example.com"] }),
    );
    expect(await provider.formActionOrigins()).toEqual([
      "https://login.example.com",
      "https://mfa.example.com",
    ]);
  });

  test("to the issuer's origin when discovery fails", async () => {
    idp.json(DISCOVERY, {}, 503);
    expect(await connected().formActionOrigins()).toEqual([idp.url]);
  });

  test("to the issuer's origin when discovery takes too long for a page", async () => {
    idp.on(DISCOVERY, () => {});
    const provider = connect(corp(), { outbound, now: () => clock.now, log, patience: 20 });
    expect(await provider.formActionOrigins()).toEqual([idp.url]);
  });
});
