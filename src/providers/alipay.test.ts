import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { alipay } from "./alipay.ts";

const APP = "2021000000000001";
const FRONT = "https://openauth.alipay.com";
const GATEWAY = "POST https://openapi.alipay.com/gateway.do";
const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEYS = {
  privateKey: String(ours.privateKey.export({ format: "pem", type: "pkcs8" })),
  // As the console shows it: one line without head and foot.
  alipayPublicKey: theirs.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
};

/** Puts the signature of the content's own characters beside it, unless the answer has one already. */
function seal(body: string): string {
  const content = /^\{"\w+":(.*)\}$/s.exec(body)?.[1];
  if (content === undefined || body.includes('"sign":')) return body;
  return `${body.slice(0, -1)},"sign":"${signatureOf(content)}"}`;
}

function signatureOf(text: string): string {
  return sign("sha256", Buffer.from(text), theirs.privateKey).toString("base64");
}

const token = {
  alipay_system_oauth_token_response: {
    access_token: SUITE.accessToken,
    auth_start: "2026-11-23 23:00:00",
    expires_in: 1296000,
    re_expires_in: 2592000,
    refresh_token: SUITE.refreshToken,
    open_id: "open-id-demo-1",
  },
};
const content = {
  code: "10000",
  msg: "Success",
  open_id: "open-id-demo-1",
  nick_name: "安娜",
  avatar: "https://img.example/partner",
};
const user = (change: object = {}) => ({ alipay_user_info_share_response: { ...content, ...change } });
const refused = (sub_code: string | undefined, code = "40002") => ({
  error_response: { code, msg: "Invalid Arguments", sub_code, sub_msg: SUITE.freeText },
});
const answers = (first: object, second: object = user()) => ({
  [GATEWAY]: [{ json: first }, { json: second }],
});
const raw = (text: string) => ({ [GATEWAY]: { text } });
const written = JSON.stringify(token.alipay_system_oauth_token_response);

const fixtures: ProviderFixtures = {
  make: () => alipay({ clientId: APP, ...KEYS }),
  authorizeUrl: `${FRONT}/oauth2/publicAppAuthorize.htm?app_id=${APP}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=auth_user&state=${SUITE.state}`,
  answers: answers(token),
  seal,
  callback: { auth_code: SUITE.code, app_id: APP, scope: "auth_user", source: "alipay_wallet" },
  arrives: {
    issuer: FRONT,
    subject: "open-id-demo-1",
    subjectAliases: [],
    handle: null,
    name: "安娜",
    email: null,
    emailVerified: null,
    picture: "https://img.example/partner",
  },
  asks: [GATEWAY, GATEWAY],
  subject: { answer: GATEWAY, paths: ["alipay_user_info_share_response.open_id"] },
  cases: {
    "a change of mind, should it come back": { callback: { error: "access_denied" }, ends: "cancelled" },
    "an older application": {
      answers: answers(token, user({ open_id: undefined, user_id: "2088000000000001" })),
      ends: { arrives: { subject: "2088000000000001", subjectAliases: [] } },
    },
    "an application on its way to open_id": {
      answers: answers(token, user({ user_id: "2088000000000001" })),
      ends: { arrives: { subject: "open-id-demo-1", subjectAliases: ["2088000000000001"] } },
    },
    "nothing but an id": {
      answers: answers(token, {
        alipay_user_info_share_response: { code: "10000", open_id: "open-id-demo-1" },
      }),
      ends: { arrives: { subject: "open-id-demo-1", name: null, picture: null } },
    },
    "a certificate's serial beside the signature": {
      answers: {
        [GATEWAY]: [
          {
            text: `{"alipay_system_oauth_token_response":${written},"alipay_cert_sn":"0a1b","sign":"${signatureOf(written)}"}`,
          },
          { json: user() },
        ],
      },
      ends: { arrives: { subject: "open-id-demo-1" } },
    },
    "a used code": {
      answers: answers(refused("isv.code-invalid")),
      ends: {
        fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "isv.code-invalid" },
      },
    },
    "a signature that is not accepted": {
      answers: answers(refused("isv.invalid-signature")),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a clock that is wrong": {
      answers: answers(refused("isv.invalid-timestamp")),
      ends: {
        fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "isv.invalid-timestamp" },
      },
    },
    "a missing ability": {
      answers: answers(token, refused("isv.insufficient-isv-permissions", "40006")),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready" } },
    },
    "the same under the method's name": {
      answers: answers(token, user({ code: "40006", sub_code: "isv.new-word" })),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "isv.new-word" } },
    },
    "too many requests": {
      answers: answers(refused("isv.app-call-limited", "40005")),
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a gateway that is down for a while": {
      answers: answers(refused(undefined, "20000")),
      ends: { fails: { code: "provider_unavailable", reason: "transient", providerCode: "20000" } },
    },
    "an answer without a signature": {
      answers: raw(`{"alipay_system_oauth_token_response":${written},"sign":""}`),
      ends: { fails: { code: "provider_untrusted", reason: "signature_missing" } },
    },
    "an answer with the signature of another": {
      answers: raw(`{"alipay_system_oauth_token_response":${written},"sign":"${signatureOf("{}")}"}`),
      ends: { fails: { code: "provider_untrusted", reason: "signature_invalid" } },
    },
    "a second answer behind the signed one": {
      answers: raw(
        `{"alipay_system_oauth_token_response":${written},"sign":"${signatureOf(written)}","alipay_system_oauth_token_response":${written}}`,
      ),
      ends: { fails: { code: "provider_untrusted", reason: "signature_missing" } },
    },
    "a second answer between the signed one and its signature": {
      answers: raw(
        `{"alipay_system_oauth_token_response":${written},"sign":"x","alipay_system_oauth_token_response":{},"sign":"${signatureOf(written)}"}`,
      ),
      ends: { fails: { code: "provider_untrusted", reason: "signature_missing" } },
    },
    "an answer to another method": {
      answers: answers(user()),
      ends: { fails: { code: "provider_untrusted" } },
    },
  },
};

providerSuite("alipay", fixtures);

describe("requests", () => {
  const definition = alipay({ clientId: APP, ...KEYS, certificates: { app: "sn-1", root: "sn-2_sn-3" } });
  const context = {
    clientId: APP,
    clientSecret: () => null,
    code: "c-1",
    redirectUri: SUITE.redirectUri,
    tokenResponse: null,
    // 2026-11-23T15:00:00Z
    now: 1_795_446_000_000,
    callback: {},
    idToken: null,
    answers: {},
  };

  test("carry the time of Shanghai, and the serials in certificate mode", () => {
    const { tokenRequest } = definition;
    expect(typeof tokenRequest === "function" && tokenRequest(context).body).toEqual({
      form: {
        method: "alipay.system.oauth.token",
        app_id: APP,
        app_cert_sn: "sn-1",
        alipay_root_cert_sn: "sn-2_sn-3",
        charset: "utf-8",
        sign_type: "RSA2",
        timestamp: "2026-11-23 23:00:00",
        version: "1.0",
        grant_type: "authorization_code",
        code: "c-1",
      },
    });
  });

  test("are signed by the application's key, whatever form it was given in", () => {
    const bare = ours.privateKey.export({ format: "der", type: "pkcs1" }).toString("base64");
    const { signedGateway } = alipay({ clientId: APP, ...KEYS, privateKey: bare });
    const signature = sign("sha256", Buffer.from("a=1"), signedGateway?.privateKey() ?? "");
    expect(verify("sha256", Buffer.from("a=1"), ours.publicKey, signature)).toBe(true);
  });
});

test("keys that cannot be read do not stop the start of others, and are refused when they are used", () => {
  const { signedGateway } = alipay({ clientId: APP, privateKey: "nonsense", alipayPublicKey: undefined });
  expect([signedGateway?.privateKey(), signedGateway?.publicKey()]).toEqual(["", ""]);
});

test("the sandbox lives beside production", () => {
  expect(alipay({ clientId: APP, ...KEYS }).namedHosts()).toEqual([]);
  const sandbox = alipay({
    ...KEYS,
    id: "alipay-sandbox",
    clientId: "9021000000000001",
    baseUrl: "https://openauth-sandbox.dl.alipaydev.com/",
    apiUrl: "https://openapi-sandbox.dl.alipaydev.com",
  });
  expect(sandbox).toMatchObject({
    id: "alipay-sandbox",
    issuer: "https://openauth-sandbox.dl.alipaydev.com",
    endpoints: { token: "https://openapi-sandbox.dl.alipaydev.com/gateway.do" },
  });
  expect(sandbox.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = alipay({
    id: "Ali",
    clientId: "app-1",
    privateKey: "",
    alipayPublicKey: "MIIB",
    baseUrl: "http://openauth.example",
  });
  expect(found.problems().map(({ path, message }) => `${path} ${message}`)).toEqual([
    expect.stringContaining("id "),
    "clientId is not a number",
    "privateKey is missing (is its environment variable set?)",
    "alipayPublicKey is not an RSA key",
    "baseUrl is not https",
    "apiUrl is missing beside the other address",
  ]);
  const own = String(ours.publicKey.export({ format: "pem", type: "spki" }));
  expect(alipay({ clientId: APP, ...KEYS, alipayPublicKey: own }).problems()).toMatchObject([
    { path: "alipayPublicKey", message: "is the public key of the application itself" },
  ]);
});
