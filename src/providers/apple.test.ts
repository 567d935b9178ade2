import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type AppleOptions, apple } from "./apple.ts";

const ISSUER = "https://appleid.apple.com";
const DISCOVERY = `GET ${ISSUER}/.well-known/openid-configuration`;
const TOKEN = `POST ${ISSUER}/auth/token`;
const KEYS = `GET ${ISSUER}/auth/keys`;
const PEM = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const OPTIONS: AppleOptions = {
  clientId: "com.example.admin.web",
  teamId: "TEAM123456",
  keyId: "KEY1234567",
  privateKey: PEM,
};
const SUBJECT = "000917.4f2e1d0c9b8a.1122";
const user = (value: unknown) => ({ code: SUITE.code, user: JSON.stringify(value) });

providerSuite("Apple", {
  make: () => apple(OPTIONS),
  authorizeUrl:
    "https://appleid.apple.com/auth/authorize?response_type=code&response_mode=form_post&client_id=com.example.admin.web&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20name%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/auth/authorize`,
        token_endpoint: `${ISSUER}/auth/token`,
        jwks_uri: `${ISSUER}/auth/keys`,
        response_modes_supported: ["query", "fragment", "form_post"],
        token_endpoint_auth_methods_supported: ["client_secret_post"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        token_type: "Bearer",
        expires_in: 3600,
        refresh_token: SUITE.refreshToken,
        id_token: ID_TOKEN,
      },
    },
  },
  idToken: {
    sub: SUBJECT,
    email: "k3v9@privaterelay.appleid.com",
    email_verified: "true",
    is_private_email: "true",
    nonce_supported: true,
  },
  callback: user({ name: { firstName: "Jia", lastName: "Sun" }, email: "evil@example.com" }),
  arrives: {
    issuer: ISSUER,
    subject: SUBJECT,
    name: "Jia Sun",
    email: "k3v9@privaterelay.appleid.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "user_cancelled_authorize" }, ends: "cancelled" },
    "a second time, without the name": {
      callback: { code: SUITE.code },
      ends: { arrives: { subject: SUBJECT, name: null } },
    },
    "a Chinese name": {
      callback: user({ name: { firstName: "佳", lastName: "孙" } }),
      ends: { arrives: { name: "孙佳" } },
    },
    "half a name": { callback: user({ name: { lastName: "Sun" } }), ends: { arrives: { name: "Sun" } } },
    "a form field that is not JSON": {
      callback: { code: SUITE.code, user: "Jia Sun" },
      ends: { arrives: { subject: SUBJECT, name: null } },
    },
    "a form field of another shape": {
      callback: user([{ name: { firstName: { $: 1 } } }]),
      ends: { arrives: { subject: SUBJECT, name: null } },
    },
    "booleans instead of texts": {
      idToken: { email_verified: true, is_private_email: false },
      ends: { arrives: { emailVerified: true } },
    },
    "an e-mail that is not verified": {
      idToken: { email_verified: "false" },
      ends: { arrives: { emailVerified: false } },
    },
    "no e-mail; that of the form field is not taken": {
      idToken: { email: undefined, email_verified: undefined },
      ends: { arrives: { email: null, emailVerified: null, handle: null } },
    },
    "an e-mail that the operator vouches for": {
      make: () => apple({ ...OPTIONS, trustEmail: true }),
      idToken: { email_verified: undefined },
      ends: { arrives: { emailVerified: true } },
    },
    "a used code": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_grant" } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a key of another team": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_client" } } },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
  },
});

test("the client secret is made for five minutes, and the key is not printed", () => {
  const definition = apple(OPTIONS);
  expect(definition.clientSecret()).toBeNull();
  expect(definition.mintedSecret?.keyId).toBe("KEY1234567");
  expect(definition.mintedSecret?.claims(1000)).toEqual({
    iss: "TEAM123456",
    sub: "com.example.admin.web",
    aud: ISSUER,
    iat: 1000,
    exp: 1300,
  });
  expect(JSON.stringify(definition)).not.toContain(PEM.split("\n")[1]);
});

test.each([
  ["as it is in the file", PEM],
  ["with line breaks as an environment variable has them", PEM.replaceAll("\n", "\\n")],
  ["on one line", PEM.replaceAll("\n", "")],
  ["with the line breaks of another system", PEM.replaceAll("\n", "\r\n")],
])("a private key %s is understood", (_how, privateKey) => {
  expect(apple({ ...OPTIONS, privateKey }).mintedSecret?.privateKey()).toBe(PEM);
});

test("two teams stand side by side, and another address serves for tests", () => {
  const second = apple({
    ...OPTIONS,
    id: "apple-lab",
    name: { en: "Apple (lab)", "zh-CN": "Apple（实验室）" },
    baseUrl: "http://127.0.0.1:4000/",
  });
  expect([second.id, second.issuer]).toEqual(["apple-lab", "http://127.0.0.1:4000"]);
  expect(second.mintedSecret?.claims(1).aud).toBe("http://127.0.0.1:4000");
  expect(second.namedHosts()).toEqual(["127.0.0.1:4000"]);
  expect(apple(OPTIONS).namedHosts()).toEqual([]);
  expect(second.problems()).toEqual([]);
});

test.each([
  [{ clientId: "TEAM123456.com.example.admin" }, "clientId", "is an App ID: it begins with the team"],
  [{ clientId: "" }, "clientId", "is missing (is its environment variable set?)"],
  [{ teamId: "team123456" }, "teamId", "is not ten capital letters and digits"],
  [{ keyId: undefined }, "keyId", "is not ten capital letters and digits"],
  [{ privateKey: undefined }, "privateKey", "is missing (is its environment variable set?)"],
  [{ privateKey: "AuthKey_KEY1234567.p8" }, "privateKey", "is not a private key in PKCS #8 PEM"],
  [
    { privateKey: "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----" },
    "privateKey",
    "is not a private key in PKCS #8 PEM",
  ],
  [{ baseUrl: "appleid.apple.com" }, "baseUrl", "is not an address"],
])("%j is told", (change, path, message) => {
  expect(apple({ ...OPTIONS, ...change }).problems()).toMatchObject([{ path, message }]);
});
