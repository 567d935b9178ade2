import { createSign, generateKeyPairSync, verify } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CANARIES,
  NOW,
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
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import type { MembershipCheck, RequestDescription } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import type { FinishResult } from "./provider.ts";

let place: ScriptedProvider;
let log: RecordingLog;
let outbound: Outbound;
let clock: number;

beforeEach(async () => {
  place = await startScriptedProvider();
  log = recordingLog();
  clock = NOW;
  outbound = createOutbound({
    allowedHosts: new Set([place.host]),
    now: () => clock,
    log,
    timeouts: { retry: 1 },
  });
  place.json("/token", { access_token: CANARIES.accessToken, token_type: "Bearer", expires_in: 3600 });
  place.json("/me", { id: 7, name: "Ana Li" });
});

afterEach(async () => {
  await outbound.close();
  await place.close();
});

const PLAIN = {
  id: "corp",
  name: "Corp",
  mark: "M0 0h1Z",
  clientId: "client-1",
  clientSecret: CANARIES.clientSecret,
  problems: () => [],
};

function oauth2(change: Partial<ProviderDefinition> = {}): ProviderDefinition {
  return {
    ...oauth2Definition({
      ...PLAIN,
      issuer: place.url,
      endpoints: { authorization: `${place.url}/authorize`, token: `${place.url}/token` },
      scopes: ["read", "mail"],
      identity: [{ as: "user", url: `${place.url}/me` }],
      profile: ({ answers }) => ({ subject: at(answers.user, "id"), claims: {} }),
    }),
    ...change,
  };
}

function openId(change: Partial<ProviderDefinition> = {}): ProviderDefinition {
  return { ...oidcDefinition({ ...PLAIN, issuer: place.url }), ...change };
}

function connected(definition: ProviderDefinition, usedChecks: readonly string[] = []) {
  return connect(definition, { outbound, now: () => clock, log, usedChecks: async () => usedChecks });
}

function comeBack(
  definition: ProviderDefinition,
  parameters: Record<string, string> = { code: CANARIES.code },
): Promise<FinishResult> {
  return connected(definition).finish({
    ...START,
    parameters: new URLSearchParams({ state: START.state, ...parameters }),
  });
}

/** The request that was sent to this path last. */
function sent(path: string) {
  return place.requests.findLast((request) => request.path.split("?")[0] === path);
}

const query = (path: string) => Object.fromEntries(new URL(sent(path)?.path ?? "", place.url).searchParams);
const form = (path: string) => Object.fromEntries(new URLSearchParams(sent(path)?.body));

describe("the address that people are sent to", () => {
  const authorize = async (change: Partial<ProviderDefinition["authorize"]>) => {
    const definition = oauth2();
    const { url } = await connected({
      ...definition,
      authorize: { ...definition.authorize, ...change },
    }).start({ ...START, userAgent: "Mobile wxwork/4.1" });
    return url;
  };

  test("renames, leaves out, ends in a fragment", async () => {
    const url = await authorize({
      rename: { client_id: "appid" },
      omit: ["response_type", "state", "redirect_uri"],
      fragment: "redirect",
    });
    expect(url.searchParams.get("appid")).toBe("client-1");
    expect([...url.searchParams.keys()]).not.toContain("client_id");
    expect([...url.searchParams.keys()]).not.toContain("response_type");
    expect(url.searchParams.get("state")).toBe(START.state);
    expect(url.searchParams.get("redirect_uri")).toBe(START.redirectUri);
    expect(url.href).toMatch(/#redirect$/);
  });

  test("writes a space as it is read there", async () => {
    expect((await authorize({})).search).toContain("scope=read%20mail");
    expect((await authorize({ encodeSpace: "+" })).search).toContain("scope=read+mail");
  });

  test("depends on the browser", async () => {
    const pickEndpoint = (userAgent: string | null) =>
      userAgent?.includes("wxwork") === true ? "https://inside.example/authorize" : null;
    expect((await authorize({ pickEndpoint })).origin).toBe("https://inside.example");
    expect((await authorize({ pickEndpoint: () => null })).origin).toBe(place.url);
  });

  test("asks for a POST, and says so to whoever sets the cookie", async () => {
    const definition = openId();
    const posting = {
      ...definition,
      authorize: { ...definition.authorize, responseMode: "form_post" as const },
    };
    expect(connected(posting).responseMode).toBe("form_post");
    expect((await connected(posting).start(START)).url.searchParams.get("response_mode")).toBe("form_post");
    expect(connected(definition).responseMode).toBe("query");
  });

  test("has no nonce where none comes back, and the token needs none", async () => {
    const definition = openId();
    const without = { ...definition, checks: { ...definition.checks, nonce: false } };
    expect((await connected(without).start(START)).url.searchParams.has("nonce")).toBe(false);
    place.json(
      "/token",
      tokenAnswer(await sign(RSA_KEY, { ...standardClaims(place.url), nonce: undefined })),
    );
    expect(await comeBack(without)).toMatchObject({ kind: "arrived" });
    expect(await comeBack(definition)).toMatchObject({ reason: "nonce_mismatch" });
  });
});

describe("the callback", () => {
  const callback = (change: Partial<ProviderDefinition["callback"]>) => {
    const definition = oauth2();
    return { ...definition, callback: { ...definition.callback, ...change } };
  };

  test("calls the code as it likes", async () => {
    const definition = callback({ codeParameters: ["auth_code"] });
    expect(await comeBack(definition, { auth_code: CANARIES.code })).toMatchObject({ kind: "arrived" });
    expect(form("/token").code).toBe(CANARIES.code);
  });

  test("without code and error is a changed mind where that is how it looks", async () => {
    expect(await comeBack(callback({ noCodeIsCancelled: true }), {})).toEqual({ kind: "cancelled" });
    expect(await comeBack(oauth2(), {})).toMatchObject({ kind: "failed", reason: "code_missing" });
  });

  test("may tell something more", async () => {
    const definition = {
      ...callback({ capture: (parameters) => ({ name: parameters.get("user") }) }),
      profile: ({ callback: kept }: { callback: Readonly<Record<string, unknown>> }) => ({
        subject: "7",
        name: kept.name,
        claims: {},
      }),
    };
    expect(await comeBack(definition, { code: CANARIES.code, user: "Ana Li" })).toMatchObject({
      userInfo: { name: "Ana Li" },
    });
  });
});

describe("the token request", () => {
  test("as JSON, under other names, with the secret in the header", async () => {
    await comeBack(
      oauth2({
        tokenRequest: { body: "json", rename: { code: "authCode" }, omit: ["redirect_uri"] },
        clientAuthentication: "client_secret_basic",
      }),
    );
    expect(JSON.parse(sent("/token")?.body ?? "")).toEqual({
      grant_type: "authorization_code",
      authCode: CANARIES.code,
      code_verifier: START.codeVerifier,
    });
    expect(sent("/token")?.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      authorization: `Basic ${Buffer.from(`client-1:${CANARIES.clientSecret}`).toString("base64")}`,
    });
  });

  test("as a GET with everything in the query", async () => {
    const definition = oauth2({
      tokenRequest: { body: "query", rename: { client_secret: "secret" } },
      checks: { pkce: "off", idTokenAlgorithms: [] },
    });
    await comeBack(definition);
    expect(sent("/token")?.method).toBe("GET");
    expect(query("/token")).toEqual({
      grant_type: "authorization_code",
      code: CANARIES.code,
      redirect_uri: START.redirectUri,
      client_id: "client-1",
      secret: CANARIES.clientSecret,
    });
  });

  test("as the definition describes it", async () => {
    await comeBack(
      oauth2({
        tokenRequest: ({ code, now }) => ({
          method: "POST",
          url: `${place.url}/token`,
          body: { form: { ticket: code, at: String(now) } },
        }),
      }),
    );
    expect(form("/token")).toEqual({ ticket: CANARIES.code, at: String(NOW) });
  });

  test("not at all: a step uses the code", async () => {
    place.on("/ticket", (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"id":9}');
    });
    const result = await comeBack(
      oauth2({
        exchange: "none",
        identity: [
          {
            as: "user",
            placement: { token: "none" },
            request: ({ code }) => ({ url: `${place.url}/ticket`, query: { code } }),
          },
        ],
      }),
    );
    expect(result).toMatchObject({ kind: "arrived", tokens: null, userInfo: { subject: "9" } });
    expect(query("/ticket")).toEqual({ code: CANARIES.code });
    expect(place.count("/token")).toBe(0);
  });

  test("with a secret that is minted for each use", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const definition = oauth2({
      clientSecret: () => null,
      mintedSecret: {
        keyId: "key-1",
        privateKey: () => String(privateKey.export({ type: "pkcs8", format: "pem" })),
        claims: (now) => ({ iss: "team-1", iat: now, exp: now + 300 }),
      },
    });
    expect(await comeBack(definition)).toMatchObject({ kind: "arrived" });
    const secret = form("/token").client_secret ?? "";
    expect(decodeProtectedHeader(secret)).toEqual({ alg: "ES256", kid: "key-1" });
    const { payload } = await jwtVerify(secret, publicKey, { currentDate: new Date(NOW) });
    expect(payload).toEqual({ iss: "team-1", iat: NOW / 1000, exp: NOW / 1000 + 300 });
    expect(
      await comeBack({
        ...definition,
        mintedSecret: { keyId: "", privateKey: () => "x", claims: () => ({}) },
      }),
    ).toMatchObject({
      code: "provider_rejected",
      reason: "client_invalid",
    });
  });
});

describe("the token answer", () => {
  const read = (change: Partial<ProviderDefinition["read"]>) => ({ read: { ...STANDARD_READ, ...change } });

  test.each([
    ["form", "text/plain", `access_token=${CANARIES.accessToken}&expires_in=60`],
    ["auto", "text/html", `access_token=${CANARIES.accessToken}&expires_in=60`],
    ["json", "text/plain", `{"access_token":"${CANARIES.accessToken}","expires_in":"60"}`],
    ["jsonp", "text/html", `callback( {"access_token":"${CANARIES.accessToken}","expires_in":60} );`],
    ["auto", "text/html", `callback({"access_token":"${CANARIES.accessToken}","expires_in":60,"x":"a=b"})`],
  ] as const)("as %s, whatever it calls itself (%s)", async (codec, type, text) => {
    place.on(
      "/token",
      (_request, response) => void response.writeHead(200, { "content-type": type }).end(text),
    );
    expect(await comeBack(oauth2({ ...read({ codec }), tokenType: "optional" }))).toMatchObject({
      kind: "arrived",
      tokens: { accessToken: CANARIES.accessToken, expiresAt: NOW + 60_000 },
    });
  });

  test.each([
    ["form", "<html>"],
    ["jsonp", "{}"],
    ["json", "access_token=1"],
    ["auto", "<html>"],
    ["auto", ""],
  ] as const)("as %s it is not taken from %j", async (codec, text) => {
    place.on("/token", (_request, response) => void response.writeHead(200).end(text));
    expect(await comeBack(oauth2(read({ codec })))).toMatchObject({ code: "provider_untrusted" });
  });

  test("in an envelope, under other names; the rest of it is known to the mapping, its tokens are not", async () => {
    place.json("/token", {
      code: 0,
      data: { accessToken: CANARIES.accessToken, expireIn: 60, open_id: "ou_1", refresh_token: "r" },
    });
    const definition = oauth2({
      ...read({ unwrap: (body) => at(body, "data") }),
      tokenFields: { access_token: "accessToken", expires_in: "expireIn" },
      tokenType: "optional",
      identity: [],
      profile: ({ tokenResponse }) => ({ subject: tokenResponse?.open_id, claims: tokenResponse ?? {} }),
    });
    expect(await comeBack(definition)).toMatchObject({
      userInfo: { subject: "ou_1", claims: { expireIn: 60, open_id: "ou_1" } },
      tokens: { accessToken: CANARIES.accessToken, expiresAt: NOW + 60_000 },
    });
    place.json("/token", { data: { accessToken: CANARIES.accessToken, token_type: "mac" } });
    expect(await comeBack(definition)).toMatchObject({ reason: "token_response_malformed" });
  });

  test.each([
    ["code_invalid", "provider_rejected"],
    ["client_invalid", "provider_rejected"],
    ["redirect_mismatch", "provider_rejected"],
    ["app_not_ready", "provider_rejected"],
    ["user_not_allowed", "not_allowed"],
    ["rate_limited", "provider_unavailable"],
    ["transient", "provider_unavailable"],
    ["protocol", "provider_untrusted"],
  ] as const)("tells of %s", async (kind, code) => {
    const failure = (body: unknown) => ({ kind, code: String(at(body, "errcode")) });
    place.json("/token", { errcode: 40029, errmsg: "free text" });
    const result = await comeBack(oauth2(read({ failure })));
    expect(result).toMatchObject({ kind: "failed", code, reason: kind, detail: { providerCode: "40029" } });
    expect(JSON.stringify(result)).not.toContain("free text");
  });

  test("tells nothing while the server is down, unless it says that it is", async () => {
    place.json("/token", { message: "upstream" }, 502);
    const told = (kind: "protocol" | "rate_limited") =>
      comeBack(oauth2(read({ failure: () => ({ kind, code: "1" }) })));
    expect(await told("protocol")).toMatchObject({ code: "provider_unavailable", reason: "server_error" });
    expect(await told("rate_limited")).toMatchObject({ reason: "rate_limited" });
  });

  test("tells of a changed mind", async () => {
    const failure = () => ({ kind: "cancelled" as const, code: "1" });
    expect(await comeBack(oauth2(read({ failure })))).toEqual({ kind: "cancelled" });
  });

  test.each(["two words", "a".repeat(70), "<b>", CANARIES.code, CANARIES.clientSecret])(
    "keeps no more of the provider's code than a code: %j",
    async (code) => {
      const failure = () => ({ kind: "protocol" as const, code });
      const result = await comeBack(oauth2(read({ failure })));
      const kept = result.kind === "failed" ? result.detail.providerCode : "";
      expect(kept).toBe(code.startsWith("aa") ? "a".repeat(64) : undefined);
    },
  );
});

describe("steps", () => {
  test.each([
    [{ in: "bearer" }, { authorization: `Bearer ${CANARIES.accessToken}` }, {}],
    [{ in: { header: "X-Token" } }, { "x-token": CANARIES.accessToken }, {}],
    [{ in: { query: "token" } }, {}, { token: CANARIES.accessToken }],
  ] as const)("carry the token where it belongs: %j", async (placement, headers, parameters) => {
    await comeBack(oauth2({ identity: [{ as: "user", url: `${place.url}/me`, placement }] }));
    expect(sent("/me")?.headers).toMatchObject(headers);
    expect(query("/me")).toEqual(parameters);
  });

  test("carry it in a form", async () => {
    const request = () => ({ url: `${place.url}/me`, body: { form: { service: "info" } } });
    await comeBack(oauth2({ identity: [{ as: "user", request, placement: { in: { form: "token" } } }] }));
    expect(sent("/me")).toMatchObject({ method: "POST" });
    expect(form("/me")).toEqual({ service: "info", token: CANARIES.accessToken });
  });

  test("feed each other, and are left out when there is nothing to ask", async () => {
    place.json("/me", { id: 7, ticket: "t-1" });
    place.json("/detail", { mobile: "1" });
    const seen: unknown[] = [];
    await comeBack(
      oauth2({
        identity: [
          { as: "user", url: `${place.url}/me` },
          {
            as: "detail",
            request: ({ answers }) => ({
              url: `${place.url}/detail`,
              query: { ticket: String(at(answers.user, "ticket")) },
            }),
          },
          { as: "none", request: () => null },
          { as: "never", url: `${place.url}/never`, when: ({ answers }) => answers.detail === null },
        ],
        profile: ({ answers }) => {
          seen.push(answers);
          return { subject: "7", claims: {} };
        },
      }),
    );
    expect(query("/detail")).toEqual({ ticket: "t-1" });
    expect(seen).toEqual([
      { user: { id: 7, ticket: "t-1" }, detail: { mobile: "1" }, none: null, never: null },
    ]);
  });

  test.each([
    ["user_not_allowed", "arrived"],
    ["transient", "failed"],
    ["protocol", "failed"],
  ] as const)("that may be refused: %s, %s", async (kind, ending) => {
    place.json("/mail", { errcode: 1 });
    const read = { failure: () => ({ kind, code: "1" }) };
    const steps = [
      { as: "user", url: `${place.url}/me` },
      { as: "mail", url: `${place.url}/mail`, optional: true, read },
    ];
    expect(await comeBack(oauth2({ identity: steps }))).toMatchObject({ kind: ending });
  });
});

describe("the application's own token", () => {
  const app = (): ProviderDefinition =>
    oauth2({
      appToken: {
        request: ({ clientId, clientSecret }) => ({
          url: `${place.url}/app-token`,
          query: { id: clientId, secret: clientSecret() ?? "" },
        }),
        field: "token",
        expiresField: "expires_in",
        expiredCodes: ["42001"],
      },
      identity: [
        {
          as: "user",
          url: `${place.url}/me`,
          placement: { token: "app", in: { query: "access_token" } },
          read: {
            failure: (body) => (at(body, "errcode") === 42001 ? { kind: "protocol", code: "42001" } : null),
          },
        },
      ],
    });
  let issued: number;

  beforeEach(() => {
    issued = 0;
    place.on("/app-token", (_request, response) => {
      issued += 1;
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ token: `app-${issued}`, expires_in: 7200 }));
    });
  });

  const signIn = (provider: ReturnType<typeof connected>) =>
    provider.finish({ ...START, parameters: new URLSearchParams({ state: START.state, code: "c" }) });

  test("is had once for everybody, and again when its life is over", async () => {
    const provider = connected(app());
    await Promise.all([signIn(provider), signIn(provider), signIn(provider)]);
    expect(query("/me")).toEqual({ access_token: "app-1" });
    expect(issued).toBe(1);
    clock += 7_139_000;
    await signIn(provider);
    expect(issued).toBe(1);
    clock += 2_000;
    await signIn(provider);
    expect(query("/me")).toEqual({ access_token: "app-2" });
  });

  test("is had once more when the provider says that it has ended, and no more than once", async () => {
    const provider = connected(app());
    await signIn(provider);
    place.on("/me", (request, response) => {
      const fresh = request.path.includes("app-2");
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(fresh ? '{"id":7}' : '{"errcode":42001}');
    });
    expect(await signIn(provider)).toMatchObject({ kind: "arrived" });
    expect(issued).toBe(2);
    place.json("/me", { errcode: 42001 });
    expect(await signIn(provider)).toMatchObject({ kind: "failed", reason: "protocol" });
    expect(issued).toBe(3);
  });
});

describe("a gateway that signs", () => {
  const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = (body: string) => createSign("sha256").update(body).sign(theirs.privateKey, "base64");
  const answer = (body: string, signature: string | null) =>
    place.on("/gateway", (_request, response) => {
      const tail = signature === null ? "" : `,"sign":"${signature}"`;
      response.writeHead(200, { "content-type": "text/html" }).end(`{"answer":${body}${tail}}`);
    });
  const definition = () =>
    oauth2({
      signedGateway: {
        privateKey: () => String(ours.privateKey.export({ type: "pkcs8", format: "pem" })),
        publicKey: () => String(theirs.publicKey.export({ type: "spki", format: "pem" })),
        signatureParameter: "sign",
        signedPart: (raw) => {
          const [, text, signature] = /^\{"answer":(.*),"sign":"([^"]*)"\}$/.exec(raw) ?? [];
          return text === undefined || signature === undefined ? null : { text, signature };
        },
      },
      tokenRequest: ({ code }): RequestDescription => ({
        method: "POST",
        url: `${place.url}/gateway?charset=utf-8`,
        body: { form: { method: "token", code, empty: "", app_id: "client-1" } },
      }),
      read: { ...STANDARD_READ, codec: "json", unwrap: (body) => at(body, "answer") },
      tokenType: "optional",
      identity: [],
      profile: ({ tokenResponse }) => ({ subject: tokenResponse?.open_id, claims: {} }),
    });
  const body = `{"access_token":"${CANARIES.accessToken}","open_id":"o-1"}`;

  test("is asked with a signature over all that is said", async () => {
    answer(body, signed(body));
    expect(await comeBack(definition())).toMatchObject({ kind: "arrived", userInfo: { subject: "o-1" } });
    const { sign: signature = "" } = form("/gateway");
    const text = `app_id=client-1&charset=utf-8&code=${CANARIES.code}&method=token`;
    expect(verify("sha256", Buffer.from(text), ours.publicKey, Buffer.from(signature, "base64"))).toBe(true);
  });

  test("is not believed without its own", async () => {
    answer(body, null);
    expect(await comeBack(definition())).toMatchObject({
      code: "provider_untrusted",
      reason: "signature_missing",
    });
    answer(body, signed(`${body} `));
    expect(await comeBack(definition())).toMatchObject({
      code: "provider_untrusted",
      reason: "signature_invalid",
    });
  });
});

describe("endpoints and issuers", () => {
  test("what is written down wins over discovery, one by one", async () => {
    place.json("/userinfo-2", { sub: "248289761001", name: "Other" });
    const definition = openId({ userInfo: "always", endpoints: { userInfo: `${place.url}/userinfo-2` } });
    expect(await comeBack(definition)).toMatchObject({ kind: "failed" });
    place.json("/token", tokenAnswer(await sign(RSA_KEY, standardClaims(place.url))));
    expect(await comeBack(definition)).toMatchObject({ kind: "arrived" });
    expect(place.count("/userinfo-2")).toBe(1);
    expect(await comeBack({ ...definition, endpoints: { userInfo: null } })).toMatchObject({
      kind: "arrived",
    });
    expect(place.count("/userinfo")).toBe(0);
  });

  test("with all of them written down nothing is discovered", async () => {
    place.json("/token", tokenAnswer(await sign(RSA_KEY, standardClaims(place.url))));
    const { url } = place;
    const endpoints = { authorization: `${url}/authorize`, token: `${url}/token`, jwks: `${url}/jwks` };
    expect(await comeBack(openId({ endpoints, userInfo: "never" }))).toMatchObject({ kind: "arrived" });
    expect(place.count("/.well-known/openid-configuration")).toBe(0);
  });

  const template = (allowed: readonly string[] | null) => {
    const discovered = `${place.url}/{tenantid}/v2.0`;
    place.json("/common/configuration", {
      issuer: discovered,
      authorization_endpoint: `${place.url}/authorize`,
      token_endpoint: `${place.url}/token`,
      jwks_uri: `${place.url}/jwks`,
    });
    return openId({
      discoveryUrl: `${place.url}/common/configuration`,
      userInfo: "never",
      issuerTemplate: { discovered, template: `${place.url}/{tid}/v2.0`, claim: "tid", allowed },
    });
  };
  const tokenOf = async (tid: unknown, iss: string) =>
    place.json(
      "/token",
      tokenAnswer(await sign(RSA_KEY, { ...standardClaims(place.url), tid, iss: `${place.url}${iss}` })),
    );

  test("the issuer of a tenant becomes that of the identity", async () => {
    await tokenOf("t-1", "/t-1/v2.0");
    expect(await comeBack(template(null))).toMatchObject({ userInfo: { issuer: `${place.url}/t-1/v2.0` } });
  });

  test.each([
    ["t-1", "/t-2/v2.0"],
    ["t-1/v2.0/../../t-2", "/t-1/v2.0/../../t-2/v2.0"],
    [undefined, "/undefined/v2.0"],
    [["t-1"], "/t-1/v2.0"],
  ])("a token of tenant %j by issuer %s is refused", async (tid, iss) => {
    await tokenOf(tid, iss);
    expect(await comeBack(template(null))).toMatchObject({
      code: "provider_untrusted",
      reason: "issuer_mismatch",
    });
  });

  test("only the listed tenants may come", async () => {
    await tokenOf("t-1", "/t-1/v2.0");
    expect(await comeBack(template(["t-1"]))).toMatchObject({ kind: "arrived" });
    expect(await comeBack(template(["t-2"]))).toMatchObject({
      code: "not_allowed",
      reason: "tenant_not_allowed",
    });
  });

  test("a callback of another tenant than the token is refused", async () => {
    await tokenOf("t-1", "/t-1/v2.0");
    const from = (iss: string) =>
      comeBack(template(null), { code: CANARIES.code, iss: `${place.url}${iss}` });
    expect(await from("/t-1/v2.0")).toMatchObject({ kind: "arrived" });
    expect(await from("/t-2/v2.0")).toMatchObject({ code: "callback_invalid", reason: "issuer_mismatch" });
    expect(await from("/elsewhere")).toMatchObject({ code: "callback_invalid", reason: "issuer_mismatch" });
  });
});

describe("the identity", () => {
  const told = (profile: object, trustEmail = false) =>
    comeBack(oauth2({ profile: () => ({ subject: 7, claims: {}, ...profile }), trustEmail }));

  test("is of a tenant where ids are unique only there", async () => {
    expect(await told({ tenant: "T1" })).toMatchObject({ userInfo: { issuer: `${place.url}#T1` } });
    for (const tenant of [undefined, null, "", {}]) {
      expect(await told({ tenant })).toMatchObject({ code: "no_identifier", reason: "tenant_missing" });
    }
  });

  test("has other ids of the same person, as far as they are ids", async () => {
    expect(await told({ subjectAliases: ["old", 8, "7", null, {}, "old", Number.NaN] })).toMatchObject({
      userInfo: { subject: "7", subjectAliases: ["old", "8"] },
    });
  });

  test.each([
    [true, true],
    [null, true],
    [undefined, true],
    [false, false],
  ])("has an e-mail that is %s there and trusted by the operator: %s", async (emailVerified, expected) => {
    const profile = { email: "ana@example.com", ...(emailVerified === undefined ? {} : { emailVerified }) };
    expect(await told(profile, true)).toMatchObject({ userInfo: { emailVerified: expected } });
    expect(await told(profile)).toMatchObject({ userInfo: { emailVerified: emailVerified ?? null } });
  });

  test("has no verified e-mail without an e-mail", async () => {
    expect(await told({ email: null }, true)).toMatchObject({ userInfo: { emailVerified: null } });
  });
});

describe("memberships", () => {
  const TEAM: MembershipCheck = {
    example: "ops",
    scopes: ["teams"],
    request: () => ({ url: `${place.url}/teams`, query: { kind: "all" } }),
    groups: (body) => (Array.isArray(body) ? body.filter((name) => typeof name === "string") : []),
  };
  /** Signs in and hands over the question. */
  const arrived = async (change: Partial<MembershipCheck> = {}) => {
    const result = await comeBack(oauth2({ membership: { team: { ...TEAM, ...change } } }));
    if (result.kind !== "arrived") throw new Error("Nobody arrived.");
    return result.belongs;
  };
  /** Answers pages by their number, with a link to the next one. */
  const pages = (...all: readonly (readonly string[])[]) =>
    place.on("/teams", (request, response) => {
      const parameters = new URL(request.path, place.url).searchParams;
      const number = Number(parameters.get("page") ?? 1);
      const next = `<${place.url}/teams?kind=all&page=${number + 1}>; rel="next", <${place.url}/teams?page=99>; rel="last"`;
      response
        .writeHead(200, {
          "content-type": "application/json",
          ...(number < all.length ? { link: next } : {}),
        })
        .end(JSON.stringify(all[number - 1] ?? []));
    });

  test("nothing is asked before it is wanted, and nothing twice", async () => {
    pages(["ops"]);
    const belongs = await arrived();
    expect(place.count("/teams")).toBe(0);
    expect(await belongs("team", "ops")).toBe("yes");
    expect(await belongs("team", "ops")).toBe("yes");
    expect(await belongs("team", "sales")).toBe("no");
    expect(place.count("/teams")).toBe(1);
    expect(sent("/teams")?.headers.authorization).toBe(`Bearer ${CANARIES.accessToken}`);
  });

  test("scopes are asked for only when a rule uses the check", async () => {
    const definition = oauth2({ membership: { team: TEAM } });
    const scope = async (used: readonly string[]) =>
      (await connected(definition, used).start(START)).url.searchParams.get("scope");
    expect(await scope([])).toBe("read mail");
    expect(await scope(["team"])).toBe("read mail teams");
  });

  test("pages are followed by link, as far as needed", async () => {
    pages(["a"], ["ops"], ["never"]);
    expect(await (await arrived({ paging: "link" }))("team", "ops")).toBe("yes");
    expect(place.count("/teams")).toBe(2);
    expect(query("/teams")).toEqual({ kind: "all", page: "2" });
  });

  test("pages are followed by number until one is not full", async () => {
    pages(["a", "b"], ["c", "d"], ["e"]);
    const paging = { pageParameter: "page", sizeParameter: "size", size: 2 };
    expect(await (await arrived({ paging }))("team", "ops")).toBe("no");
    expect(place.count("/teams")).toBe(3);
    expect(query("/teams")).toEqual({ kind: "all", page: "3", size: "2" });
  });

  test("pages are followed as the answer says", async () => {
    pages(["a"], ["ops"]);
    const next = (_body: unknown, request: RequestDescription) =>
      request.query?.page === undefined ? { ...request, query: { ...request.query, page: "2" } } : null;
    expect(await (await arrived({ paging: { next } }))("team", "ops")).toBe("yes");
  });

  test("after twenty pages nobody can tell", async () => {
    pages(...Array.from({ length: 30 }, () => ["a"]));
    expect(await (await arrived({ paging: "link" }))("team", "ops")).toBe("cannot_tell");
    expect(place.count("/teams")).toBe(20);
  });

  test("a link to another place is not followed: the token stays here", async () => {
    place.on("/teams", (_request, response) => {
      response
        .writeHead(200, { "content-type": "application/json", link: '<https://evil.example/x>; rel="next"' })
        .end("[]");
    });
    expect(await (await arrived({ paging: "link" }))("team", "ops")).toBe("cannot_tell");
  });

  test.each([403, 404, 429, 500])("status %s: cannot tell, unless it is a plain no", async (status) => {
    place.json("/teams", { message: CANARIES.accessToken }, status);
    expect(await (await arrived())("team", "ops")).toBe("cannot_tell");
    expect(await (await arrived({ noStatuses: [status] }))("team", "ops")).toBe("no");
    expect(JSON.stringify(log.lines)).not.toContain(CANARIES.accessToken);
  });

  test("what fails inside a check is told to the log, and lets nobody in", async () => {
    pages(["ops"]);
    const belongs = await arrived({
      groups: () => {
        throw new TypeError("odd");
      },
    });
    expect(await belongs("team", "ops")).toBe("cannot_tell");
    expect(log.lines).toMatchObject([{ provider: "corp", check: "team", reason: "defect" }]);
  });

  test("without the scope a yes is a yes, a no is not known", async () => {
    place.json("/token", { access_token: CANARIES.accessToken, token_type: "Bearer", scope: "read,mail" });
    pages(["ops"]);
    const belongs = await arrived();
    expect(await belongs("team", "ops")).toBe("yes");
    expect(await belongs("team", "sales")).toBe("cannot_tell");
  });

  test("what the sources tell is not asked for", async () => {
    const belongs = await arrived({
      fromSources: () => ["ops/eu"],
      matches: (group, wanted) => group.startsWith(wanted),
    });
    expect(await belongs("team", "ops")).toBe("yes");
    expect(await belongs("team", "sales")).toBe("no");
    expect(place.count("/teams")).toBe(0);
  });

  test("a check that nobody knows, or that cannot be asked, cannot tell", async () => {
    const belongs = await arrived({ request: () => null });
    expect(await belongs("team", "ops")).toBe("cannot_tell");
    expect(await belongs("__proto__", "ops")).toBe("cannot_tell");
  });
});
