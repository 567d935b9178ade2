import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type CasdoorOptions, casdoor } from "./casdoor.ts";

const BASE = "https://door.example.com";
const FRONT = "https://door-pages.example.com";
const TOKEN = `POST ${BASE}/api/login/oauth/access_token`;
const USERINFO = `GET ${BASE}/api/userinfo`;
const OWN = `${BASE}/.well-known/app-built-in`;
const SUB = "3f0c1a2b-0000-4000-8000-000000000001";

const make = (options: Partial<CasdoorOptions>) => {
  return (credentials: { clientId: string; clientSecret: string }) =>
    casdoor({ ...credentials, baseUrl: BASE, ...options });
};
const metadata = {
  issuer: BASE,
  // Pages and back end may be at different places.
  authorization_endpoint: `${FRONT}/login/oauth/authorize`,
  token_endpoint: `${BASE}/api/login/oauth/access_token`,
  userinfo_endpoint: `${BASE}/api/userinfo`,
  jwks_uri: `${BASE}/.well-known/jwks`,
  end_session_endpoint: `${BASE}/api/logout`,
  id_token_signing_alg_values_supported: ["RS256", "RS512", "ES256", "ES384", "ES512"],
};
const told = (json: unknown, status = 200) => ({ [TOKEN]: { status, json } });
/** A token that holds the whole user, as the application can be set to. */
const wholeUser = {
  name: "ana",
  displayName: "Ana Li",
  avatar: "https://cdn.example/whole.png",
  preferred_username: undefined,
  picture: undefined,
  email_verified: undefined,
  emailVerified: true,
};

const fixtures: ProviderFixtures = {
  make: make({}),
  authorizeUrl: `${FRONT}/login/oauth/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [`GET ${BASE}/.well-known/openid-configuration`]: { json: metadata },
    [`GET ${OWN}/openid-configuration`]: { json: { ...metadata, issuer: OWN, jwks_uri: `${OWN}/jwks` } },
    [`GET ${BASE}/.well-known/jwks`]: JWKS,
    [`GET ${OWN}/jwks`]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        id_token: ID_TOKEN,
        refresh_token: SUITE.refreshToken,
        token_type: "Bearer",
        expires_in: 604800,
        scope: "openid profile email",
      },
    },
    [USERINFO]: { json: { sub: SUB, iss: BASE, aud: SUITE.clientId } },
  },
  idToken: {
    sub: SUB,
    owner: "acme",
    preferred_username: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    email_verified: false,
    picture: "https://cdn.example/a.png",
    groups: ["acme/ops"],
    roles: ["manager"],
  },
  arrives: {
    issuer: BASE,
    subject: SUB,
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: false,
    picture: "https://cdn.example/a.png",
  },
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a wrong secret, told with 200": {
      answers: told({ error: "invalid_client", error_description: SUITE.freeText }),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code, told with 400": {
      answers: told({ error: "invalid_grant", error_description: SUITE.freeText }, 400),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "an error of its API, told with 200": {
      answers: told({ status: "error", msg: SUITE.freeText, data: null }),
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "status_error" } },
    },
    "userinfo that is an error": {
      answers: { [USERINFO]: { json: { status: "error", msg: SUITE.freeText } } },
      ends: { fails: { code: "provider_untrusted", reason: "userinfo_subject_mismatch" } },
    },
    "a token with the whole user": {
      idToken: wholeUser,
      ends: {
        arrives: {
          handle: "ana",
          name: "Ana Li",
          email: "ana@example.com",
          emailVerified: true,
          picture: "https://cdn.example/whole.png",
        },
      },
    },
    "a whole user without a name to show": {
      idToken: { ...wholeUser, displayName: "", avatar: undefined },
      ends: { arrives: { handle: "ana", name: "ana", picture: null } },
    },
    "nothing but an id": {
      idToken: {
        owner: undefined,
        preferred_username: undefined,
        name: undefined,
        email: undefined,
        email_verified: undefined,
        picture: undefined,
      },
      ends: { arrives: { subject: SUB, handle: null, name: null, email: null, picture: null } },
    },
    "an application with an issuer of its own": {
      make: make({ application: "app-built-in" }),
      ends: { arrives: { issuer: OWN, subject: SUB } },
    },
    "an application whose tokens name the origin": {
      make: make({ application: "app-built-in" }),
      idToken: { iss: BASE },
      ends: { arrives: { issuer: OWN, subject: SUB } },
    },
    "somebody of the organization": {
      make: make({ organization: "acme" }),
      ends: { arrives: { subject: SUB } },
    },
    "somebody of another organization": {
      make: make({ organization: "acme" }),
      idToken: { owner: "other" },
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
    "an organization that is not told": {
      make: make({ organization: "acme" }),
      idToken: { owner: undefined },
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
  },
  membership: [
    { check: "organization", wanted: "acme", answer: "yes" },
    { check: "organization", wanted: "other", answer: "no" },
    { check: "organization", wanted: "acme", answer: "cannot_tell", idToken: { owner: undefined } },
    { check: "group", wanted: "acme/ops", answer: "yes" },
    { check: "group", wanted: "ops", answer: "no" },
    { check: "group", wanted: "acme/ops", answer: "cannot_tell", idToken: { groups: undefined } },
    { check: "role", wanted: "manager", answer: "yes" },
    {
      check: "role",
      wanted: "manager",
      answer: "yes",
      idToken: { roles: [{ owner: "acme", name: "manager", displayName: "Manager" }] },
    },
    { check: "role", wanted: "lead", answer: "no" },
    { check: "role", wanted: "manager", answer: "cannot_tell", idToken: { roles: null } },
  ],
};

providerSuite("casdoor", fixtures);

test("two servers side by side", () => {
  const other = casdoor({ ...CREDENTIALS, id: "casdoor-lab", baseUrl: "https://lab.example.com/" });
  expect(other).toMatchObject({ id: "casdoor-lab", issuer: "https://lab.example.com" });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["lab.example.com:443"]);
});

test.each<[Partial<CasdoorOptions>, string, string]>([
  [{ baseUrl: undefined }, "baseUrl", "is missing"],
  [{ baseUrl: `${BASE}/login/oauth/authorize` }, "baseUrl", "has a path"],
  [{ baseUrl: "http://door.example.com" }, "baseUrl", "is not https"],
  [{ application: "" }, "application", "is empty (is its environment variable set?)"],
  [{ organization: " " }, "organization", "is empty (is its environment variable set?)"],
  [{ clientSecret: undefined }, "clientSecret", "is missing (is its environment variable set?)"],
])("%j is told", (options, path, message) => {
  expect(casdoor({ ...CREDENTIALS, baseUrl: BASE, ...options }).problems()).toMatchObject([
    { path, message },
  ]);
});
