import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { atlassian } from "./atlassian.ts";

const TOKEN = "POST https://auth.atlassian.com/oauth/token";
const ME = "GET https://api.atlassian.com/me";
const SITES = "GET https://api.atlassian.com/oauth/token/accessible-resources";
const SITE = "1324a887-0000-4000-8000-00000000acce";

const token = {
  access_token: SUITE.accessToken,
  scope: "read:me",
  expires_in: 3600,
  token_type: "Bearer",
};
const me = {
  account_type: "atlassian",
  account_id: "557058:demo",
  email: "ana@example.com",
  name: "Ana Li",
  picture: "https://img.example/ana.png",
  account_status: "active",
  nickname: "ana",
  zoneinfo: "Asia/Shanghai",
  locale: "zh-CN",
};
const sites = [
  { id: SITE, url: "https://acme.atlassian.net", name: "acme", scopes: ["read:jira-user"] },
  { id: SITE, url: "https://acme.atlassian.net", name: "acme", scopes: ["read:confluence-user"] },
];
const granted = { [TOKEN]: { json: { ...token, scope: "read:jira-user read:me" } } };
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: atlassian,
  authorizeUrl: `https://auth.atlassian.com/authorize?audience=api.atlassian.com&prompt=consent&response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=read%3Ame&state=${SUITE.state}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: { [TOKEN]: { json: token }, [ME]: { json: me }, [SITES]: { json: sites } },
  arrives: {
    issuer: "https://auth.atlassian.com",
    subject: "557058:demo",
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: null,
    picture: "https://img.example/ana.png",
  },
  asks: [TOKEN, ME],
  subject: { answer: ME, paths: ["account_id"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code": {
      answers: refused(403, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused(401, "access_denied"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "an app without the User identity API": {
      answers: { [ME]: { status: 403, json: { code: 403, message: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "403" } },
    },
    "an outage": {
      answers: { [ME]: { status: 503, json: {} } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "a closed account": {
      answers: { [ME]: { json: { ...me, account_status: "closed" } } },
      ends: { fails: { code: "not_allowed", reason: "account_inactive" } },
    },
    "an e-mail that is kept private": {
      answers: { [ME]: { json: { account_id: "557058:demo" } } },
      ends: {
        arrives: { subject: "557058:demo", handle: null, name: null, email: null, emailVerified: null },
      },
    },
    "an e-mail that is told to be verified": {
      answers: { [ME]: { json: { ...me, email_verified: true } } },
      ends: { arrives: { emailVerified: true } },
    },
    "an e-mail that is told not to be, whatever the operator says": {
      make: (credentials) => atlassian({ ...credentials, trustEmail: true }),
      answers: { [ME]: { json: { ...me, email_verified: false } } },
      ends: { arrives: { emailVerified: false } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => atlassian({ ...credentials, trustEmail: true }),
      ends: { arrives: { emailVerified: true } },
    },
  },
  membership: [
    { check: "site", wanted: "acme.atlassian.net", answer: "yes" },
    { check: "site", wanted: "https://Acme.atlassian.net/", answer: "yes" },
    { check: "site", wanted: SITE, answer: "yes" },
    { check: "site", wanted: "other.atlassian.net", answer: "no", answers: granted },
    // Nobody was asked for a product: not to be listed means nothing.
    { check: "site", wanted: "other.atlassian.net", answer: "cannot_tell" },
    {
      check: "site",
      wanted: "acme.atlassian.net",
      answer: "cannot_tell",
      answers: { ...granted, [SITES]: { json: [] } },
    },
    {
      check: "site",
      wanted: "acme.atlassian.net",
      answer: "cannot_tell",
      answers: { ...granted, [SITES]: { status: 401, json: { code: 401 } } },
    },
  ],
};

providerSuite("atlassian", fixtures);

test("two live side by side, and a host of one's own may be private", () => {
  expect(atlassian(CREDENTIALS).namedHosts()).toEqual([]);
  const other = atlassian({ ...CREDENTIALS, id: "jira", name: "Jira", baseUrl: "http://127.0.0.1:7001/" });
  expect(other).toMatchObject({ id: "jira", name: { en: "Jira" }, issuer: "http://127.0.0.1:7001" });
  expect(other.identity[0]?.url).toBe("http://127.0.0.1:7001/me");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = atlassian({
    id: "Jira",
    name: "",
    clientId: "",
    clientSecret: "your-secret",
    scopes: ["read:me offline_access"],
    productScopes: [""],
    baseUrl: "http://jira.example.com",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "name",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "productScopes[0]",
    "baseUrl",
  ]);
});
