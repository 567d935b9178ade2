import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { cognito } from "./cognito.ts";

const POOL = "eu-west-1_Demo12345";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const DOMAIN = "https://acme.auth.eu-west-1.amazoncognito.com";
const TOKEN = `POST ${DOMAIN}/oauth2/token`;
const USER_INFO = `GET ${DOMAIN}/oauth2/userInfo`;
const KEYS = `GET ${ISSUER}/.well-known/jwks.json`;
const SUBJECT = "0f6d4c1e-2b7a-4d9e-8c55-3a1b9e7d6f02";
const OPTIONS = {
  userPoolId: POOL,
  domain: DOMAIN,
  clientId: SUITE.clientId,
  clientSecret: SUITE.clientSecret,
};

providerSuite("Amazon Cognito", {
  make: (credentials) => cognito({ ...OPTIONS, ...credentials }),
  authorizeUrl:
    "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [KEYS]: JWKS,
    [TOKEN]: {
      json: {
        id_token: ID_TOKEN,
        access_token: SUITE.accessToken,
        refresh_token: SUITE.refreshToken,
        expires_in: 3600,
        token_type: "Bearer",
      },
    },
    [USER_INFO]: {
      json: {
        sub: SUBJECT,
        email: "yan@example.com",
        email_verified: "true",
        name: "Yan Zhou",
        username: "yan",
      },
    },
  },
  idToken: {
    sub: SUBJECT,
    "cognito:username": "yan",
    "cognito:groups": ["admins", "ops"],
    token_use: "id",
  },
  arrives: {
    issuer: ISSUER,
    subject: SUBJECT,
    handle: "yan",
    name: "Yan Zhou",
    email: "yan@example.com",
    emailVerified: true,
  },
  asks: [TOKEN, KEYS, USER_INFO],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "an ID token that tells all": {
      answers: { [USER_INFO]: { status: 500, json: {} } },
      idToken: { email: "yan@example.com", email_verified: true, name: "Yan Zhou" },
      ends: { arrives: { email: "yan@example.com", emailVerified: true } },
    },
    "an e-mail that is not verified, as a text": {
      answers: { [USER_INFO]: { json: { sub: SUBJECT, email: "yan@example.com", email_verified: "false" } } },
      ends: { arrives: { email: "yan@example.com", emailVerified: false } },
    },
    "an e-mail that the operator vouches for": {
      make: (credentials) => cognito({ ...OPTIONS, ...credentials, trustEmail: true }),
      answers: { [USER_INFO]: { json: { sub: SUBJECT, email: "yan@example.com" } } },
      ends: { arrives: { emailVerified: true } },
    },
    "a person who shows nothing": {
      answers: { [USER_INFO]: { json: { sub: SUBJECT } } },
      ends: { arrives: { subject: SUBJECT, handle: "yan", name: null, email: null, emailVerified: null } },
    },
    "userinfo of somebody else": {
      answers: { [USER_INFO]: { json: { sub: "7d0c" } } },
      ends: { fails: { code: "provider_untrusted" } },
    },
    ...Object.fromEntries(
      (
        [
          ["invalid_grant", "code_invalid"],
          ["invalid_client", "client_invalid"],
          ["unauthorized_client", "unauthorized_client"],
        ] as const
      ).map(([error, reason]) => [
        `the token endpoint says ${error}`,
        {
          answers: { [TOKEN]: { status: 400, json: { error } } },
          ends: { fails: { code: "provider_rejected" as const, reason } },
        },
      ]),
    ),
  },
  membership: [
    { check: "group", wanted: "admins", answer: "yes" },
    { check: "group", wanted: "finance", answer: "no" },
    { check: "group", wanted: "admins", idToken: { "cognito:groups": undefined }, answer: "no" },
    {
      check: "group",
      wanted: "admins",
      idToken: { "cognito:groups": undefined, "cognito:username": undefined },
      answer: "cannot_tell",
    },
    { check: "group", wanted: "admins", idToken: { "cognito:groups": "admins" }, answer: "cannot_tell" },
  ],
});

test("it signs out at an address of its own", () => {
  const end = cognito(OPTIONS).lifecycle?.endSession;
  const input = { clientId: "client-1", returnTo: "https://admin.example.com/auth/signed-out" };
  expect(typeof end === "function" && end(input)).toBe(
    `${DOMAIN}/logout?client_id=client-1&logout_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fsigned-out`,
  );
});

test("a provider of the pool can be chosen beforehand, and two pools stand side by side", () => {
  const first = cognito({ ...OPTIONS, identityProvider: "Google" });
  const second = cognito({
    ...OPTIONS,
    id: "cognito-us",
    userPoolId: "us-gov-west-1_Lab1",
    domain: "https://login.lab.example/",
  });
  expect(first.authorize.parameters).toEqual({ identity_provider: "Google" });
  expect([second.id, second.issuer]).toEqual([
    "cognito-us",
    "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Lab1",
  ]);
  expect(second.endpoints?.token).toBe("https://login.lab.example/oauth2/token");
  expect(second.namedHosts()).toEqual(["login.lab.example:443"]);
  expect([...first.problems(), ...second.problems()]).toEqual([]);
});

test.each([
  [{ userPoolId: undefined }, "userPoolId", 'is not of the form "eu-west-1_AbCdEf123"'],
  [{ userPoolId: "Demo12345" }, "userPoolId", 'is not of the form "eu-west-1_AbCdEf123"'],
  [
    { userPoolId: `arn:aws:cognito-idp:eu-west-1:1:userpool/${POOL}` },
    "userPoolId",
    "is an address and not the id",
  ],
  [{ userPoolId: ISSUER }, "userPoolId", "is an address and not the id"],
  [{ domain: ISSUER }, "domain", "is the host of the issuer"],
  [{ domain: "acme" }, "domain", "is not an address"],
  [{ domain: undefined }, "domain", "is missing"],
  [{ issuer: "http://cognito.example.com" }, "issuer", "is not https"],
  [{ clientSecret: "<secret>" }, "clientSecret", "looks like a placeholder"],
])("%j is told", (change, path, message) => {
  expect(cognito({ ...OPTIONS, ...change }).problems()).toMatchObject([{ path, message }]);
});
