import { expect, test } from "vitest";
import { type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { weibo } from "./weibo.ts";

const APP = "1000000001";
const BASE = "https://api.weibo.com";
const TOKEN = `POST ${BASE}/oauth2/access_token`;
const USER = `GET ${BASE}/2/users/show.json`;

const token = {
  access_token: SUITE.accessToken,
  remind_in: "157679999",
  expires_in: 157679999,
  uid: "1400000001",
  isRealName: "true",
};
const user = {
  id: 1400000001,
  idstr: "1400000001",
  screen_name: "ana",
  name: "安娜",
  location: "北京",
  profile_image_url: "https://img.example/50.jpg",
  avatar_large: "https://img.example/180.jpg",
};
// Weibo says text/plain.
const plain = (content: unknown, status = 200) => ({ status, text: JSON.stringify(content) });
const refused = (error: string, error_code: number, status = 400) => ({
  [TOKEN]: plain(
    { error, error_code, request: "/oauth2/access_token", error_description: SUITE.freeText },
    status,
  ),
});

const fixtures: ProviderFixtures = {
  make: ({ clientSecret }) => weibo({ clientId: APP, clientSecret }),
  authorizeUrl: `${BASE}/oauth2/authorize?response_type=code&client_id=${APP}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}`,
  answers: { [TOKEN]: { json: token }, [USER]: { json: user } },
  arrives: {
    issuer: BASE,
    subject: "1400000001",
    handle: "ana",
    name: "安娜",
    email: null,
    emailVerified: null,
    picture: "https://img.example/180.jpg",
  },
  asks: [TOKEN, USER],
  subject: { answer: TOKEN, paths: ["uid"] },
  cases: {
    "a change of mind": {
      callback: {
        error_uri: "/oauth2/authorize",
        error: "access_denied",
        error_description: SUITE.freeText,
        error_code: "21330",
      },
      ends: "cancelled",
    },
    "a change of mind, told by its number only": { callback: { error_code: "21330" }, ends: "cancelled" },
    "a used code": {
      answers: refused("invalid_grant", 21325),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "21325" } },
    },
    "the same with status 200": {
      answers: refused("invalid_grant", 21325, 200),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "an expired code": {
      answers: refused("expired_token", 21327),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "21327" } },
    },
    "a wrong secret": {
      answers: refused("invalid_client", 21324),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "21324" } },
    },
    "another callback address": {
      answers: refused("redirect_uri_mismatch", 21322),
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch", providerCode: "21322" } },
    },
    "an application that is not reviewed": {
      answers: { [USER]: plain({ error: SUITE.freeText, error_code: 21321 }, 403) },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "21321" } },
    },
    "too many requests": {
      answers: { [USER]: plain({ error: SUITE.freeText, error_code: 10023 }, 403) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited", providerCode: "10023" } },
    },
    "an error without a number": {
      answers: { [TOKEN]: plain({ error: "invalid_grant" }, 400) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "content types are not relied on": {
      answers: { [TOKEN]: plain(token), [USER]: plain(user) },
      ends: { arrives: { subject: "1400000001", name: "安娜" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: {} } },
      ends: { arrives: { subject: "1400000001", handle: null, name: null, picture: null } },
    },
  },
};

providerSuite("weibo", fixtures);

test("people type their password again when that is wanted", () => {
  const { parameters } = weibo({ clientId: APP, clientSecret: "s", forceLogin: true }).authorize;
  expect(parameters).toEqual({ forcelogin: "true" });
});

test("a token is revoked by a request of its own", () => {
  const { lifecycle } = weibo({ clientId: APP, clientSecret: "s" });
  const revoke = lifecycle?.revoke;
  expect(typeof revoke === "function" && revoke({ clientId: APP, clientSecret: () => "s" }, "t-1")).toEqual({
    url: `${BASE}/oauth2/revokeoauth2`,
    query: { access_token: "t-1" },
  });
});

test("two live side by side, elsewhere if need be", () => {
  expect(weibo({ clientId: APP, clientSecret: "s" }).namedHosts()).toEqual([]);
  const other = weibo({
    id: "weibo-two",
    clientId: "any",
    clientSecret: "s",
    baseUrl: "http://127.0.0.1:7001/",
  });
  expect(other).toMatchObject({ id: "weibo-two", issuer: "http://127.0.0.1:7001" });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
});

test("mistakes are told, all at once", () => {
  const found = weibo({ id: "", clientId: "app-key", clientSecret: "xxxx", scopes: ["a,b c"] });
  expect(found.problems().map(({ path }) => path)).toEqual(["id", "clientSecret", "clientId", "scopes[0]"]);
});
