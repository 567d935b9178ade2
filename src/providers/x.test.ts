import { expect, test } from "vitest";
import { providerSuite, SUITE } from "../testing/provider-suite.ts";
import { x } from "./x.ts";

const TOKEN = "POST https://api.x.com/2/oauth2/token";
const USER = "GET https://api.x.com/2/users/me";
const OPTIONS = { clientId: SUITE.clientId, clientSecret: SUITE.clientSecret };
const PERSON = {
  id: "3355998877",
  name: "Kai",
  username: "kai_demo",
  profile_image_url: "https://img.example/kai_normal.jpg",
  confirmed_email: "kai@example.com",
};
const problem = (type: string, status: number) => ({
  status,
  text: JSON.stringify({ title: SUITE.freeText, detail: SUITE.freeText, status, type }),
  headers: { "content-type": "application/problem+json" },
});

providerSuite("X", {
  make: (credentials) => x(credentials),
  authorizeUrl:
    "https://x.com/i/oauth2/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=users.read%20tweet.read%20users.email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [TOKEN]: {
      json: {
        token_type: "bearer",
        expires_in: 7200,
        access_token: SUITE.accessToken,
        scope: "users.read tweet.read users.email",
      },
    },
    [USER]: { json: { data: PERSON } },
  },
  arrives: {
    issuer: "https://x.com",
    subject: "3355998877",
    handle: "kai_demo",
    name: "Kai",
    email: "kai@example.com",
    emailVerified: true,
    picture: "https://img.example/kai_normal.jpg",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["data.id"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: {
        [TOKEN]: { status: 400, json: { error: "invalid_request", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "invalid_request" } },
    },
    "a wrong secret": {
      answers: {
        [TOKEN]: { status: 401, json: { error: "unauthorized_client", error_description: SUITE.freeText } },
      },
      ends: {
        fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "unauthorized_client" },
      },
    },
    "an error as in RFC 6749": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_grant" } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "an app outside a project": {
      answers: { [USER]: problem("https://api.twitter.com/2/problems/client-forbidden", 403) },
      ends: {
        fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "client-forbidden" },
      },
    },
    "asked too often": {
      answers: { [USER]: problem("about:blank", 429) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited", providerCode: "429" } },
    },
    "the month's calls are used up": {
      answers: { [USER]: problem("https://api.twitter.com/2/problems/usage-capped", 429) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited", providerCode: "usage-capped" } },
    },
    "an outage": {
      answers: { [USER]: problem("about:blank", 503) },
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "200 with a list of errors": {
      answers: {
        [USER]: {
          json: {
            errors: [
              {
                title: SUITE.freeText,
                type: "https://api.twitter.com/2/problems/not-authorized-for-resource",
              },
            ],
          },
        },
      },
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed" } },
    },
    "200 with neither": {
      answers: { [USER]: { json: {} } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "200" } },
    },
    "an app that may not know the e-mail": {
      answers: { [USER]: { json: { data: { id: "3355998877", name: "Kai", username: "kai_demo" } } } },
      ends: { arrives: { email: null, emailVerified: null, picture: null, handle: "kai_demo" } },
    },
    "an answer with less than everything": {
      answers: { [USER]: { json: { data: { id: "3355998877" }, errors: [{ title: SUITE.freeText }] } } },
      ends: { arrives: { subject: "3355998877", name: null, handle: null } },
    },
  },
});

test("two apps stand side by side, and another address serves for tests", () => {
  const second = x({
    ...OPTIONS,
    id: "x-lab",
    baseUrl: "http://127.0.0.1:4000",
    apiUrl: "http://127.0.0.1:4001/",
    trustEmail: true,
  });
  expect(second).toMatchObject({
    id: "x-lab",
    issuer: "http://127.0.0.1:4000",
    endpoints: {
      token: "http://127.0.0.1:4001/2/oauth2/token",
      revocation: "http://127.0.0.1:4001/2/oauth2/revoke",
    },
  });
  expect(second.namedHosts()).toEqual(["127.0.0.1:4000", "127.0.0.1:4001"]);
  expect(x(OPTIONS).namedHosts()).toEqual([]);
  expect([...x(OPTIONS).problems(), ...second.problems()]).toEqual([]);
});

test.each([
  [{ scopes: ["users.read"] }, "scopes", "lacks users.read or tweet.read"],
  [{ clientId: undefined }, "clientId", "is missing (is its environment variable set?)"],
  [{ baseUrl: "x.com" }, "baseUrl", "is not an address"],
  [{ apiUrl: "http://api.x.example" }, "apiUrl", "is not https"],
])("%j is told", (change, path, message) => {
  expect(x({ ...OPTIONS, ...change }).problems()).toMatchObject([{ path, message }]);
});
