import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { huawei } from "./huawei.ts";

const CLIENT = "104380001";
const BASE = "https://oauth-login.cloud.huawei.com";
const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
const KEYS = `GET ${BASE}/oauth2/v3/certs`;
const TOKEN = `POST ${BASE}/oauth2/v3/token`;
const REST = "POST https://account.cloud.huawei.com/rest.php";
const ISSUER = "https://accounts.huawei.com";

const make: ProviderFixtures["make"] = ({ clientSecret }) => huawei({ clientId: CLIENT, clientSecret });

const claims = {
  sub: "MDFAdemoUnionId",
  display_name: "ana",
  picture: "https://img.example/demo.jpg",
  email: "ana@example.com",
  email_verified: true,
};
const nameless = { display_name: undefined, picture: undefined };
const token = {
  access_token: SUITE.accessToken,
  refresh_token: SUITE.refreshToken,
  expires_in: 3600,
  id_token: ID_TOKEN,
  scope: "openid profile email",
  token_type: "Bearer",
};
const refused = (error: number, sub_error?: number) => ({
  [TOKEN]: { status: 400, json: { error, sub_error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make,
  authorizeUrl: `${BASE}/oauth2/v3/authorize?response_type=code&client_id=${CLIENT}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${BASE}/oauth2/v3/authorize`,
        token_endpoint: `${BASE}/oauth2/v3/token`,
        revocation_endpoint: `${BASE}/oauth2/v3/revoke`,
        jwks_uri: `${BASE}/oauth2/v3/certs`,
        response_modes_supported: ["form_post"],
        token_endpoint_auth_methods_supported: ["client_secret_post"],
        code_challenge_methods_supported: ["S256"],
        id_token_signing_alg_values_supported: ["RS256", "PS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: { json: token },
  },
  idToken: claims,
  arrives: {
    issuer: ISSUER,
    subject: "MDFAdemoUnionId",
    handle: null,
    name: "ana",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://img.example/demo.jpg",
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a change of mind as a number": {
      callback: { error: "1107", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a name that is not in the ID token": {
      idToken: nameless,
      answers: {
        [REST]: {
          text: JSON.stringify({ displayName: "安娜", headPictureURL: "https://img.example/h.jpg" }),
        },
      },
      ends: { arrives: { name: "安娜", picture: "https://img.example/h.jpg" } },
    },
    "a refusal costs only the name": {
      idToken: nameless,
      answers: { [REST]: { text: JSON.stringify({ NSP_STATUS: 102, error: SUITE.freeText }) } },
      ends: { arrives: { subject: "MDFAdemoUnionId", name: null, picture: null } },
    },
    "a telephone number instead of an address": {
      idToken: { email: undefined, email_verified: undefined },
      ends: { arrives: { email: null, emailVerified: null } },
    },
    "whether it is verified, as a text": {
      idToken: { email_verified: "false" },
      ends: { arrives: { emailVerified: false } },
    },
    "nothing but an id": {
      idToken: { ...nameless, email: undefined, email_verified: undefined },
      answers: { [REST]: { json: {} } },
      ends: { arrives: { subject: "MDFAdemoUnionId", name: null, email: null, picture: null } },
    },
    "a wrong secret": {
      answers: refused(1101, 12304),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "1101.12304" } },
    },
    "another refusal keeps its numbers": {
      answers: refused(1101, 20155),
      ends: { fails: { code: "provider_rejected", reason: "refused", providerCode: "1101.20155" } },
    },
    "a refusal with one number": {
      answers: refused(1203),
      ends: { fails: { code: "provider_rejected", reason: "refused", providerCode: "1203" } },
    },
    "a refusal as the standard tells it": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_grant" } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
  },
};

providerSuite("huawei", fixtures);

test("two live side by side, another site has other addresses", () => {
  expect(make(CREDENTIALS).namedHosts()).toEqual([]);
  const other = huawei({
    id: "huawei-lab",
    clientId: "lab",
    clientSecret: "s",
    issuer: "https://lab.example",
    baseUrl: "http://127.0.0.1:7001/",
    apiUrl: "http://127.0.0.1:7002",
  });
  expect(other).toMatchObject({
    id: "huawei-lab",
    issuer: "https://lab.example",
    discoveryUrl: "http://127.0.0.1:7001/.well-known/openid-configuration",
    redirectOrigins: [],
  });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["lab.example:443", "127.0.0.1:7001", "127.0.0.1:7002"]);
});

test("mistakes are told, all at once", () => {
  const found = huawei({ id: "H", clientId: "app", clientSecret: "", scopes: ["a b"], apiUrl: "account" });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientSecret",
    "clientId",
    "scopes[0]",
    "apiUrl",
  ]);
});
