import { describe, expect, test } from "vitest";
import { ID_TOKEN, JWKS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { forgejo } from "./forgejo.ts";
import { gitea } from "./gitea.ts";

const BASE = "https://git.example.com";
const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
const TOKEN = `POST ${BASE}/login/oauth/access_token`;
const KEYS = `GET ${BASE}/login/oauth/keys`;
const USER_INFO = `GET ${BASE}/login/oauth/userinfo`;
const ORGANIZATIONS = `GET ${BASE}/api/v1/user/orgs`;
const TEAMS = `GET ${BASE}/api/v1/user/teams`;
const OPTIONS = { baseUrl: BASE, clientId: SUITE.clientId, clientSecret: SUITE.clientSecret };
const IN_NO_CLAIM = { groups: undefined };

const fixtures: ProviderFixtures = {
  // With the slash that people copy along.
  make: (credentials) => gitea({ ...credentials, baseUrl: `${BASE}/` }),
  authorizeUrl:
    "https://git.example.com/login/oauth/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email%20read%3Auser&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: `${BASE}/`,
        authorization_endpoint: `${BASE}/login/oauth/authorize`,
        token_endpoint: `${BASE}/login/oauth/access_token`,
        jwks_uri: `${BASE}/login/oauth/keys`,
        userinfo_endpoint: `${BASE}/login/oauth/userinfo`,
        id_token_signing_alg_values_supported: ["RS256"],
      },
    },
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        token_type: "bearer",
        expires_in: 3600,
        refresh_token: SUITE.refreshToken,
        id_token: ID_TOKEN,
      },
    },
    [USER_INFO]: { json: { sub: "31" } },
  },
  idToken: {
    sub: "31",
    name: "Tao Wu",
    preferred_username: "tao",
    email: "tao@example.com",
    email_verified: true,
    picture: `${BASE}/avatars/7c1`,
    groups: ["Acme", "Acme:ops"],
  },
  arrives: {
    issuer: `${BASE}/`,
    subject: "31",
    handle: "tao",
    name: "Tao Wu",
    email: "tao@example.com",
    emailVerified: null,
    picture: `${BASE}/avatars/7c1`,
  },
  asks: [DISCOVERY, TOKEN, KEYS],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code": {
      answers: {
        [TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_client" } } },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "an account that is not active": {
      idToken: { email_verified: false },
      ends: { arrives: { email: "tao@example.com", emailVerified: false } },
    },
    "an inactive account is not believed, whatever the operator says": {
      make: (credentials) => gitea({ ...credentials, baseUrl: BASE, trustEmail: true }),
      idToken: { email_verified: false },
      ends: { arrives: { emailVerified: false } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => gitea({ ...credentials, baseUrl: BASE, trustEmail: true }),
      ends: { arrives: { email: "tao@example.com", emailVerified: true } },
    },
    "a person who shows little": {
      idToken: { name: undefined, email: undefined, picture: undefined, groups: undefined },
      ends: { arrives: { handle: "tao", name: null, email: null, picture: null } },
    },
  },
  membership: [
    { check: "organization", wanted: "acme", answer: "yes" },
    { check: "organization", wanted: "acme:ops", answer: "no" },
    { check: "team", wanted: "acme/ops", answer: "yes" },
    { check: "team", wanted: "acme/owners", answer: "no" },
    { check: "team", wanted: "acme", answer: "no" },
    ...(
      [
        ["organization", "beta", ORGANIZATIONS, [{ username: "Acme" }], [{ username: "Beta" }]],
        [
          "team",
          "beta/owners",
          TEAMS,
          [{ name: "ops", organization: { username: "Acme" } }],
          [{ name: "Owners", organization: { name: "Beta" } }],
        ],
      ] as const
    ).flatMap(([check, wanted, url, first, second]) => {
      const link = `<${url.slice(4)}?limit=50&page=2>; rel="next"`;
      const pages = [{ json: first, headers: { link } }, { json: second }];
      return [
        { check, wanted, idToken: IN_NO_CLAIM, answers: { [url]: pages }, answer: "yes" as const },
        {
          check,
          wanted: "gone/away",
          idToken: IN_NO_CLAIM,
          answers: { [url]: pages },
          answer: "no" as const,
        },
        {
          check,
          wanted,
          idToken: IN_NO_CLAIM,
          answers: { [url]: { status: 403, json: { message: SUITE.freeText } } },
          answer: "cannot_tell" as const,
        },
      ];
    }),
  ],
};

providerSuite("Gitea", fixtures);
providerSuite("Forgejo", {
  ...fixtures,
  make: (credentials) => forgejo({ ...credentials, baseUrl: BASE }),
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "an e-mail that the operator vouches for": {
      make: (credentials) => forgejo({ ...credentials, baseUrl: BASE, trustEmail: true }),
      ends: { arrives: { emailVerified: true } },
    },
    "a used code": {
      answers: { [TOKEN]: { status: 400, json: { error: "invalid_grant" } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
  },
});

test("a Gitea, a Forgejo and a second Gitea stand side by side", () => {
  const all = [
    gitea(OPTIONS),
    forgejo({ ...OPTIONS, baseUrl: "https://codeberg.org" }),
    gitea({ ...OPTIONS, id: "gitea-lab", name: "Lab", baseUrl: "https://lab.example/git/" }),
  ];
  expect(all.map(({ id, name, issuer }) => [id, name.en, issuer])).toEqual([
    ["gitea", "Gitea", "https://git.example.com/"],
    ["forgejo", "Forgejo", "https://codeberg.org/"],
    ["gitea-lab", "Lab", "https://lab.example/git/"],
  ]);
  expect(all[0]?.mark).not.toBe(all[1]?.mark);
  expect(all.flatMap((definition) => definition.problems())).toEqual([]);
});

describe("mistakes are told", () => {
  test.each([
    [{ baseUrl: undefined }, ["baseUrl"]],
    [{ baseUrl: "git.example.com" }, ["baseUrl"]],
    [{ baseUrl: "http://git.example.com" }, ["baseUrl"]],
    [{ baseUrl: `${BASE}/.well-known/openid-configuration` }, ["baseUrl"]],
    [{ clientSecret: "", scopes: ["read user"] }, ["clientSecret", "scopes[0]"]],
  ])("%j", (change, paths) => {
    expect(
      gitea({ ...OPTIONS, ...change })
        .problems()
        .map(({ path }) => path),
    ).toEqual(paths);
  });
});
