import { expect, test } from "vitest";
import { providerSuite, SUITE } from "../testing/provider-suite.ts";
import { facebook } from "./facebook.ts";

const TOKEN = "POST https://graph.facebook.com/v24.0/oauth/access_token";
const USER = "GET https://graph.facebook.com/v24.0/me";
const OPTIONS = { clientId: "4417000011112222", clientSecret: SUITE.clientSecret };
const PERSON = {
  id: "10177000011112222",
  name: "Hui Ma",
  email: "hui@example.com",
  picture: { data: { height: 50, is_silhouette: false, url: "https://img.example/hui.jpg", width: 50 } },
};

function says(error: object, status = 400) {
  const body = { error: { message: SUITE.freeText, type: "OAuthException", fbtrace_id: "A1b2", ...error } };
  return { status, json: body };
}

providerSuite("Facebook", {
  make: ({ clientSecret }) => facebook({ ...OPTIONS, clientSecret }),
  authorizeUrl:
    "https://www.facebook.com/v24.0/dialog/oauth?response_type=code&client_id=4417000011112222&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=public_profile%2Cemail&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [TOKEN]: { json: { access_token: SUITE.accessToken, token_type: "bearer", expires_in: 5183944 } },
    [USER]: { json: PERSON },
  },
  arrives: {
    issuer: "https://www.facebook.com",
    subject: "10177000011112222",
    name: "Hui Ma",
    email: "hui@example.com",
    emailVerified: null,
    picture: "https://img.example/hui.jpg",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["id"] },
  cases: {
    "a change of mind": {
      callback: {
        error: "access_denied",
        error_reason: "user_denied",
        error_code: "200",
        error_description: SUITE.freeText,
      },
      ends: "cancelled",
    },
    "an expired code": {
      answers: { [TOKEN]: says({ code: 100, error_subcode: 36007 }) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "100.36007" } },
    },
    "another callback address": {
      answers: { [TOKEN]: says({ code: 100, error_subcode: 36008 }) },
      ends: { fails: { code: "provider_rejected", reason: "redirect_mismatch", providerCode: "100.36008" } },
    },
    "a used code": {
      answers: { [TOKEN]: says({ code: 100, error_subcode: 36009 }) },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "100.36009" } },
    },
    "a parameter that it does not like": {
      answers: { [TOKEN]: says({ code: 100 }) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "100" } },
    },
    "a wrong secret": {
      answers: { [TOKEN]: says({ code: 1 }) },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "1" } },
    },
    "an unknown app": {
      answers: { [TOKEN]: says({ code: 101 }) },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "an error with 200, as text/javascript": {
      answers: {
        [TOKEN]: {
          text: JSON.stringify(says({ code: 100, error_subcode: 36009 }).json),
          headers: { "content-type": "text/javascript; charset=UTF-8" },
        },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "asked too often": {
      answers: { [USER]: says({ code: 4 }, 403) },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "an outage": {
      answers: { [USER]: says({ code: 1 }, 500) },
      ends: { fails: { code: "provider_unavailable", reason: "transient" } },
    },
    "an error without a code": {
      answers: { [USER]: says({}) },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "missing" } },
    },
    "somebody who unticked the e-mail, without a picture": {
      answers: { [USER]: { json: { id: PERSON.id, name: "Hui Ma" } } },
      ends: { arrives: { subject: PERSON.id, email: null, emailVerified: null, picture: null } },
    },
    "an e-mail that the operator vouches for": {
      make: ({ clientSecret }) => facebook({ ...OPTIONS, clientSecret, trustEmail: true }),
      ends: { arrives: { email: "hui@example.com", emailVerified: true } },
    },
  },
});

test("another version, another host, side by side", () => {
  const second = facebook({
    ...OPTIONS,
    id: "facebook-lab",
    graphVersion: "v25.0",
    baseUrl: "http://127.0.0.1:4000",
    apiUrl: "http://127.0.0.1:4001/graph/",
  });
  expect(second).toMatchObject({
    id: "facebook-lab",
    issuer: "http://127.0.0.1:4000",
    endpoints: {
      authorization: "http://127.0.0.1:4000/v25.0/dialog/oauth",
      token: "http://127.0.0.1:4001/graph/v25.0/oauth/access_token",
    },
    redirectOrigins: [],
  });
  expect(second.namedHosts()).toEqual(["127.0.0.1:4000", "127.0.0.1:4001"]);
  expect(facebook(OPTIONS).namedHosts()).toEqual([]);
  expect([...facebook(OPTIONS).problems(), ...second.problems()]).toEqual([]);
});

test("a token is revoked by taking back what was allowed", () => {
  const revoke = facebook(OPTIONS).lifecycle?.revoke;
  const context = { clientId: OPTIONS.clientId, clientSecret: () => null };
  expect(typeof revoke === "function" && revoke(context, "EAAB-1")).toEqual({
    method: "DELETE",
    url: "https://graph.facebook.com/v24.0/me/permissions",
    headers: { authorization: "Bearer EAAB-1" },
  });
});

test("mistakes are told", () => {
  const found = facebook({
    clientId: "my-app",
    clientSecret: "xxxx",
    graphVersion: "24",
    scopes: ["public_profile,email", ""],
    apiUrl: "graph.facebook.com",
  }).problems();
  expect(found.map(({ path }) => path)).toEqual([
    "clientSecret",
    "clientId",
    "graphVersion",
    "scopes[1]",
    "apiUrl",
  ]);
});
