import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { coding } from "./coding.ts";

const BASE = "https://acme.coding.net";
const TOKEN = `GET ${BASE}/api/oauth/access_token`;
const USER = `GET ${BASE}/api/account/current_user`;

const token = {
  access_token: SUITE.accessToken,
  token_type: "Bearer",
  expires_in: 780469,
  refresh_token: SUITE.refreshToken,
  team: "acme",
};
const user = {
  id: 100001,
  name: "安娜",
  global_key: "AbCdEf",
  avatar: "/static/fruit_avatar/Fruit-1.png",
  email: "ana@example.com",
  path: "/u/AbCdEf",
};
const told = (code: number | string) => ({ json: { code, msg: { error: SUITE.freeText } } });

const fixtures: ProviderFixtures = {
  make: (credentials) => coding({ ...credentials, team: "acme" }),
  authorizeUrl: `${BASE}/oauth_authorize.html?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=user%2Cuser%3Aemail&state=${SUITE.state}`,
  answers: { [TOKEN]: { json: token }, [USER]: { json: { code: 0, data: user } } },
  arrives: {
    issuer: BASE,
    subject: "100001",
    handle: "AbCdEf",
    name: "安娜",
    email: "ana@example.com",
    emailVerified: null,
    picture: "https://coding.net/static/fruit_avatar/Fruit-1.png",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["data.id"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a directory that is trusted": {
      make: (credentials) => coding({ ...credentials, team: "acme", trustEmail: true }),
      ends: { arrives: { email: "ana@example.com", emailVerified: true } },
    },
    "a picture with its whole address": {
      answers: { [USER]: { json: { code: "0", data: { ...user, avatar: "https://img.example/a.png" } } } },
      ends: { arrives: { picture: "https://img.example/a.png" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { code: 0, data: { id: 100001 } } } },
      ends: { arrives: { subject: "100001", handle: null, name: null, email: null, picture: null } },
    },
    "a refused code": {
      answers: { [TOKEN]: told(3001) },
      ends: { fails: { code: "provider_rejected", reason: "refused", providerCode: "3001" } },
    },
    "a refused code, as the standard tells it": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_client" } } },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a token that the API refuses": {
      answers: { [USER]: told(1000) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "1000" } },
    },
    "an envelope without content": {
      answers: { [USER]: { json: { code: 0 } } },
      ends: { fails: { code: "no_identifier", reason: "subject_missing" } },
    },
  },
};

providerSuite("coding", fixtures);

test("two teams live side by side, or a deployment of one's own", () => {
  const other = coding({ ...CREDENTIALS, id: "coding-beta", team: "beta", scopeSeparator: " " });
  expect(other).toMatchObject({ id: "coding-beta", issuer: "https://beta.coding.net" });
  expect(other.authorize.scopeSeparator).toBe(" ");
  expect(other.namedHosts()).toEqual([]);
  const own = coding({ ...CREDENTIALS, team: undefined, baseUrl: "https://coding.example.com/" });
  expect(own.issuer).toBe("https://coding.example.com");
  expect(own.problems()).toEqual([]);
  expect(own.namedHosts()).toEqual(["coding.example.com:443"]);
});

test("mistakes are told, all at once", () => {
  const found = coding({ id: "C", team: "acme.coding.net", clientId: "", clientSecret: "", scopes: ["a b"] });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "team",
    "clientId",
    "clientSecret",
    "scopes[0]",
  ]);
  expect(coding({ ...CREDENTIALS, team: undefined }).problems()).toMatchObject([{ path: "team" }]);
});
