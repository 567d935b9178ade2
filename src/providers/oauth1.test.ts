import { expect, test } from "vitest";
import { CREDENTIALS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { oauth1 } from "./oauth1.ts";

const WIKI = "https://wiki.example";
const OPTIONS = {
  id: "wiki",
  name: "Wiki",
  requestTokenUrl: `${WIKI}/oauth/request_token`,
  authorizationUrl: `${WIKI}/oauth/authenticate`,
  tokenUrl: `${WIKI}/oauth/access_token`,
  userUrl: `${WIKI}/api/me?fields=all`,
  fields: { subject: "id", handle: "login", name: "name", email: "email", emailVerified: "confirmed" },
};
const REQUEST = `POST ${OPTIONS.requestTokenUrl}`;
const TOKEN = `POST ${OPTIONS.tokenUrl}`;
const USER = `GET ${WIKI}/api/me`;
const USER_ANSWER = { id: 6253282, login: "ana", name: "Ana Li", email: "ana@example.com", confirmed: true };

providerSuite("oauth1", {
  make: (credentials) => oauth1({ ...OPTIONS, ...credentials }),
  authorizeUrl: `${WIKI}/oauth/authenticate?oauth_token=temporary-1`,
  answers: {
    [REQUEST]: { text: "oauth_token=temporary-1&oauth_token_secret=hidden-1&oauth_callback_confirmed=true" },
    [TOKEN]: {
      text: `oauth_token=${SUITE.accessToken}&oauth_token_secret=${SUITE.refreshToken}&user_id=6253282`,
    },
    [USER]: { json: USER_ANSWER },
  },
  callback: { oauth_token: "temporary-1", oauth_verifier: SUITE.code },
  arrives: {
    issuer: WIKI,
    subject: "6253282",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  asks: [REQUEST, TOKEN, USER],
  subject: { answer: USER, paths: ["id"] },
  cases: {
    "nothing but an id": {
      answers: { [USER]: { json: { id: 7 } } },
      ends: { arrives: { subject: "7", name: null, email: null, emailVerified: null } },
    },
    "a changed mind": { callback: { denied: "temporary-1" }, ends: "cancelled" },
    "a changed mind about another attempt": {
      callback: { denied: "temporary-2" },
      ends: { fails: { code: "callback_invalid", reason: "token_mismatch" } },
    },
    "the token of another attempt": {
      callback: { oauth_token: "temporary-2", oauth_verifier: SUITE.code },
      ends: { fails: { code: "callback_invalid", reason: "token_mismatch" } },
    },
    "no verifier": {
      callback: { oauth_token: "temporary-1" },
      ends: { fails: { code: "callback_invalid", reason: "code_missing" } },
    },
    "a verifier that has been used": {
      answers: { [TOKEN]: { status: 401, text: SUITE.freeText } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a token without its secret": {
      answers: { [TOKEN]: { text: `oauth_token=${SUITE.accessToken}` } },
      ends: { fails: { code: "provider_untrusted", reason: "token_response_malformed" } },
    },
    "a provider that is down": {
      answers: { [USER]: { status: 503, text: SUITE.freeText } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
  },
});

test.each([
  ["requestTokenUrl", "http://wiki.example/oauth/request_token"],
  ["fields", { subject: "" }],
])("a wrong %s is told", (name, value) => {
  const problems = oauth1({ ...OPTIONS, ...CREDENTIALS, [name]: value }).problems();
  expect(problems).toHaveLength(1);
  expect(problems[0]?.path).toMatch(new RegExp(`^${name}`));
});
