import { expect, test } from "vitest";
import {
  CREDENTIALS,
  ID_TOKEN,
  JWKS,
  type ProviderFixtures,
  providerSuite,
  SUITE,
} from "../testing/provider-suite.ts";
import { type ZitadelOptions, zitadel } from "./zitadel.ts";

const ISSUER = "https://acme-x1y2z3.zitadel.cloud";
const DISCOVERY = `GET ${ISSUER}/.well-known/openid-configuration`;
const TOKEN = `POST ${ISSUER}/oauth/v2/token`;
const USERINFO = `GET ${ISSUER}/oidc/v1/userinfo`;
const ORGANIZATION = "163840776801878273";
const SUB = "163840776835432705";
const ROLES = "urn:zitadel:iam:org:project:roles";
const HOME = "urn:zitadel:iam:user:resourceowner";

const make = (options: Partial<ZitadelOptions>) => {
  return (credentials: { clientId: string; clientSecret: string }) =>
    zitadel({ ...credentials, issuer: ISSUER, ...options });
};
const person = {
  sub: SUB,
  name: "Ana Li",
  preferred_username: "ana@acme.example",
  email: "ana@example.com",
  email_verified: true,
  [ROLES]: { admin: { [ORGANIZATION]: "acme.example" } },
  [`${HOME}:id`]: ORGANIZATION,
  [`${HOME}:name`]: "Acme",
  [`${HOME}:primary_domain`]: "acme.example",
};
const userinfo = (changes: Record<string, unknown>) => ({ [USERINFO]: { json: { ...person, ...changes } } });
const homeless = userinfo({ [`${HOME}:id`]: undefined, [`${HOME}:primary_domain`]: undefined });
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: make({}),
  authorizeUrl: `${ISSUER}/oauth/v2/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [DISCOVERY]: {
      json: {
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/oauth/v2/authorize`,
        token_endpoint: `${ISSUER}/oauth/v2/token`,
        userinfo_endpoint: `${ISSUER}/oidc/v1/userinfo`,
        jwks_uri: `${ISSUER}/oauth/v2/keys`,
        revocation_endpoint: `${ISSUER}/oauth/v2/revoke`,
        end_session_endpoint: `${ISSUER}/oidc/v1/end_session`,
        id_token_signing_alg_values_supported: ["EdDSA", "RS256", "ES256", "ES384"],
        token_endpoint_auth_methods_supported: [
          "none",
          "client_secret_basic",
          "client_secret_post",
          "private_key_jwt",
        ],
      },
    },
    [`GET ${ISSUER}/oauth/v2/keys`]: JWKS,
    [TOKEN]: {
      json: {
        access_token: SUITE.accessToken,
        token_type: "Bearer",
        expires_in: 43199,
        id_token: ID_TOKEN,
      },
    },
    [USERINFO]: { json: person },
  },
  idToken: { sub: SUB, amr: ["pwd"], azp: SUITE.clientId },
  arrives: {
    issuer: ISSUER,
    subject: SUB,
    handle: "ana@acme.example",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
  },
  asks: [DISCOVERY, TOKEN, `GET ${ISSUER}/oauth/v2/keys`, USERINFO],
  subject: { claims: ["sub"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a wrong secret": {
      answers: refused(401, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "nothing but an id": {
      answers: { [USERINFO]: { json: { sub: SUB } } },
      ends: { arrives: { subject: SUB, handle: null, name: null, email: null, emailVerified: null } },
    },
    "somebody of the organization, by id": {
      make: make({ organization: ORGANIZATION }),
      ends: { arrives: { subject: SUB } },
    },
    "somebody of the organization, by domain": {
      make: make({ organization: "Acme.example" }),
      ends: { arrives: { subject: SUB } },
    },
    "somebody of another organization": {
      make: make({ organization: "other.example" }),
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
    "an organization that is not told": {
      make: make({ organization: ORGANIZATION }),
      answers: homeless,
      ends: { fails: { code: "not_allowed", reason: "organization" } },
    },
  },
  membership: [
    { check: "role", wanted: "admin", answer: "yes" },
    { check: "role", wanted: "admin@acme.example", answer: "yes" },
    { check: "role", wanted: `admin@${ORGANIZATION}`, answer: "yes" },
    { check: "role", wanted: "admin@other.example", answer: "no" },
    { check: "role", wanted: "lead", answer: "no" },
    { check: "role", wanted: "admin", answer: "no", answers: userinfo({ [ROLES]: {} }) },
    { check: "role", wanted: "admin", answer: "cannot_tell", answers: userinfo({ [ROLES]: undefined }) },
    { check: "role", wanted: "admin", answer: "cannot_tell", answers: userinfo({ [ROLES]: ["admin"] }) },
    { check: "role", wanted: "lead", answer: "yes", idToken: { [ROLES]: { lead: {} } } },
    { check: "organization", wanted: "ACME.example", answer: "yes" },
    { check: "organization", wanted: ORGANIZATION, answer: "yes" },
    { check: "organization", wanted: "other.example", answer: "no" },
    { check: "organization", wanted: "acme.example", answer: "cannot_tell", answers: homeless },
  ],
};

providerSuite("zitadel", fixtures);

test.each([
  [ORGANIZATION, `urn:zitadel:iam:org:id:${ORGANIZATION}`],
  ["acme.example", "urn:zitadel:iam:org:domain:primary:acme.example"],
])("the organization %s has its own sign-in", (organization, scope) => {
  const { authorize } = zitadel({ ...CREDENTIALS, issuer: ISSUER, organization });
  expect(authorize.scopes).toEqual(["openid", "profile", "email", HOME, scope]);
});

test("two instances side by side", () => {
  const other = zitadel({ ...CREDENTIALS, id: "zitadel-own", issuer: "https://id.example.com/" });
  expect(other).toMatchObject({ id: "zitadel-own", issuer: "https://id.example.com" });
  expect(other.problems()).toEqual([]);
  expect(other.namedHosts()).toEqual(["id.example.com:443"]);
});

test.each<[Partial<ZitadelOptions>, string, string]>([
  [{ issuer: undefined }, "issuer", "is missing"],
  [{ issuer: `${ISSUER}/ui/console` }, "issuer", "has a path"],
  [{ issuer: "http://id.example.com" }, "issuer", "is not https"],
  [{ organization: "Acme Inc" }, "organization", "is neither an id nor a domain"],
  [{ organization: "" }, "organization", "is neither an id nor a domain"],
  [{ redirectOrigins: ["https://id.example.com/"] }, "redirectOrigins[0]", "is not an origin"],
  [{ clientId: "client id" }, "clientId", "holds white space, which often slips in when copying"],
])("%j is told", (options, path, message) => {
  expect(zitadel({ ...CREDENTIALS, issuer: ISSUER, ...options }).problems()).toMatchObject([
    { path, message },
  ]);
});
