import { expect, test } from "vitest";
import { ID_TOKEN, JWKS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type MicrosoftOptions, microsoft } from "./microsoft.ts";

const BASE = "https://login.microsoftonline.com";
const GRAPH = "https://graph.microsoft.com/v1.0/me/transitiveMemberOf";
const TENANT = "22222222-2222-4222-8222-222222222222";
const OTHER = "55555555-5555-4555-8555-555555555555";
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";
const CLIENT = "11111111-1111-4111-8111-111111111111";
const OID = "33333333-3333-4333-8333-333333333333";
const GROUP = "44444444-4444-4444-8444-444444444444";
const GROUP_TWO = "66666666-6666-4666-8666-666666666666";
const TOKEN = `POST ${BASE}/${TENANT}/oauth2/v2.0/token`;

/** Client ids are GUIDs there. */
const make = (options: Partial<MicrosoftOptions> = {}) => {
  return ({ clientSecret }: { clientSecret: string }) =>
    microsoft({ tenant: TENANT, clientId: CLIENT, clientSecret, ...options });
};

const discovery = (tenant: string, issuer: string) => ({
  json: {
    issuer,
    authorization_endpoint: `${BASE}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${BASE}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${BASE}/${tenant}/discovery/v2.0/keys`,
    userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
    end_session_endpoint: `${BASE}/${tenant}/oauth2/v2.0/logout`,
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
  },
});
const token = {
  json: {
    token_type: "Bearer",
    scope: "openid profile email User.Read",
    expires_in: 4219,
    ext_expires_in: 4219,
    access_token: SUITE.accessToken,
    id_token: ID_TOKEN,
  },
};
const place = (tenant: string, issuer: string) => ({
  [`GET ${BASE}/${tenant}/v2.0/.well-known/openid-configuration`]: discovery(tenant, issuer),
  [`GET ${BASE}/${tenant}/discovery/v2.0/keys`]: JWKS,
  [`POST ${BASE}/${tenant}/oauth2/v2.0/token`]: token,
});
const refused = (number: number, error: string, status = 400) => ({
  [TOKEN]: {
    status,
    json: {
      error,
      error_description: `AADSTS${number}: ${SUITE.freeText}`,
      error_codes: [number],
      trace_id: "t",
      correlation_id: "c",
    },
  },
});
const issuerOf = (tenant: string) => `${BASE}/${tenant}/v2.0`;
const of = (tenant: string) => ({ iss: issuerOf(tenant), tid: tenant });
const overage = { groups: undefined, _claim_names: { groups: "src1" }, _claim_sources: {} };
const groupPage = (id: string, next?: string) => ({
  json: {
    value: [
      { "@odata.type": "#microsoft.graph.directoryRole", id: OTHER },
      { "@odata.type": "#microsoft.graph.group", id },
    ],
    ...(next === undefined ? {} : { "@odata.nextLink": next }),
  },
});

const fixtures: ProviderFixtures = {
  make: make({ resolveGroups: true }),
  authorizeUrl: `${BASE}/${TENANT}/oauth2/v2.0/authorize?response_type=code&client_id=${CLIENT}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=openid%20profile%20email&state=${SUITE.state}&nonce=${SUITE.nonce}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    ...place(TENANT, issuerOf(TENANT)),
    ...place("common", `${BASE}/{tenantid}/v2.0`),
    ...place("organizations", `${BASE}/{tenantid}/v2.0`),
    ...place("consumers", issuerOf(PERSONAL)),
    [`GET ${GRAPH}`]: groupPage(GROUP),
  },
  idToken: {
    nbf: SUITE.now / 1000,
    tid: TENANT,
    oid: OID,
    sub: "AAAAAdemoPairwise",
    name: "Ana Li",
    preferred_username: "ana@contoso.example",
    email: "ana@contoso.example",
    roles: ["Admin"],
    groups: [GROUP],
    ver: "2.0",
  },
  arrives: {
    issuer: issuerOf(TENANT),
    subject: OID,
    handle: "ana@contoso.example",
    name: "Ana Li",
    email: "ana@contoso.example",
    emailVerified: null,
    picture: null,
  },
  subject: { claims: ["oid"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a change of mind with a personal account": {
      callback: { error: "access_denied", error_subcode: "cancel" },
      ends: "cancelled",
    },
    "somebody who is not assigned has not changed their mind": {
      callback: { error: "access_denied", error_description: `AADSTS50105: ${SUITE.freeText}` },
      ends: { fails: { code: "provider_rejected", reason: "access_denied" } },
    },
    "the secret's id in place of its value": {
      answers: refused(7000215, "invalid_client", 401),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "AADSTS7000215" } },
    },
    "a secret that has expired": {
      answers: refused(7000222, "invalid_client", 401),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "AADSTS7000222" } },
    },
    "an app of another tenant": {
      answers: refused(700016, "unauthorized_client"),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "AADSTS700016" } },
    },
    "an account of another tenant": {
      answers: refused(50020, "invalid_grant"),
      ends: { fails: { code: "not_allowed", reason: "user_not_allowed", providerCode: "AADSTS50020" } },
    },
    "no consent": {
      answers: refused(65001, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "AADSTS65001" } },
    },
    "an expired code": {
      answers: refused(70008, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "AADSTS70008" } },
    },
    "a redirect URI of the wrong platform": {
      answers: refused(9002325, "invalid_request"),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "AADSTS9002325" } },
    },
    "a number nobody knows goes by its word": {
      answers: refused(99999, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "AADSTS99999" } },
    },
    "a scope that the app does not have": {
      answers: refused(70011, "invalid_scope"),
      ends: { fails: { code: "provider_rejected", reason: "app_not_ready", providerCode: "AADSTS70011" } },
    },
    "an error without a number": {
      answers: { [TOKEN]: { status: 400, json: { error: "temporarily_unavailable" } } },
      ends: { fails: { code: "provider_unavailable", providerCode: "temporarily_unavailable" } },
    },
    "only an id": {
      idToken: { name: undefined, email: undefined, preferred_username: undefined },
      ends: { arrives: { subject: OID, handle: null, name: null, email: null, emailVerified: null } },
    },
    "a tenant that owns the e-mail's domain": {
      idToken: { xms_edov: "1" },
      ends: { arrives: { emailVerified: true } },
    },
    "a tenant that does not own the e-mail's domain": {
      make: make({ trustEmail: true }),
      idToken: { xms_edov: false },
      ends: { arrives: { emailVerified: false } },
    },
    "a claim email_verified, which Entra does not have, tells nothing": {
      idToken: { email_verified: true },
      ends: { arrives: { emailVerified: null } },
    },
    "a directory whose e-mail is trusted": {
      make: make({ trustEmail: true }),
      ends: { arrives: { emailVerified: true } },
    },
    "any tenant: the identity keeps the token's issuer": {
      make: make({ tenant: "common" }),
      idToken: of(OTHER),
      ends: { arrives: { issuer: issuerOf(OTHER), subject: OID } },
    },
    "an issuer that is not the token's own tenant": {
      make: make({ tenant: "common" }),
      idToken: { iss: issuerOf(OTHER), tid: TENANT },
      ends: { fails: { code: "provider_untrusted" } },
    },
    "the template itself as issuer": {
      make: make({ tenant: "common" }),
      idToken: { iss: `${BASE}/{tenantid}/v2.0`, tid: "{tenantid}" },
      ends: { fails: { code: "provider_untrusted" } },
    },
    "a listed tenant": {
      make: make({ tenant: "organizations", allowedTenants: [OTHER.toUpperCase()] }),
      idToken: of(OTHER),
      ends: { arrives: { issuer: issuerOf(OTHER) } },
    },
    "a tenant that is not listed": {
      make: make({ tenant: "organizations", allowedTenants: [OTHER] }),
      idToken: of(TENANT),
      ends: { fails: { code: "not_allowed", reason: "tenant_not_allowed" } },
    },
    "a personal account where only companies may": {
      make: make({ tenant: "organizations" }),
      idToken: of(PERSONAL),
      ends: { fails: { code: "not_allowed", reason: "personal_account" } },
    },
    "a personal account where they may": {
      make: make({ tenant: "consumers" }),
      idToken: of(PERSONAL),
      ends: { arrives: { issuer: issuerOf(PERSONAL) } },
    },
    "a company's account where only personal ones may": {
      make: make({ tenant: "consumers" }),
      idToken: of(TENANT),
      ends: { fails: { code: "provider_untrusted" } },
    },
  },
  membership: [
    { check: "tenant", wanted: TENANT.toUpperCase(), answer: "yes" },
    { check: "tenant", wanted: OTHER, answer: "no" },
    { check: "tenant", wanted: TENANT, answer: "cannot_tell", idToken: { tid: undefined } },
    { check: "role", wanted: "Admin", answer: "yes" },
    { check: "role", wanted: "admin", answer: "no" },
    { check: "role", wanted: "Admin", answer: "cannot_tell", idToken: { roles: undefined } },
    { check: "group", wanted: GROUP.toUpperCase(), answer: "yes" },
    { check: "group", wanted: GROUP_TWO, answer: "no" },
    { check: "group", wanted: GROUP, answer: "cannot_tell", idToken: { groups: undefined } },
    { check: "group", wanted: GROUP, answer: "cannot_tell", make: make(), idToken: overage },
    { check: "group", wanted: GROUP, answer: "yes", idToken: overage },
    {
      check: "group",
      wanted: GROUP,
      answer: "yes",
      idToken: { groups: undefined, hasgroups: true },
    },
    {
      check: "group",
      wanted: GROUP_TWO,
      answer: "yes",
      idToken: overage,
      answers: { [`GET ${GRAPH}`]: [groupPage(GROUP, `${GRAPH}?$skiptoken=2`), groupPage(GROUP_TWO)] },
    },
    // A directory role is no group.
    { check: "group", wanted: OTHER, answer: "no", idToken: overage },
    {
      check: "group",
      wanted: GROUP,
      answer: "cannot_tell",
      idToken: overage,
      answers: {
        [`GET ${GRAPH}`]: { status: 403, json: { error: { code: "Authorization_RequestDenied" } } },
      },
    },
    {
      check: "group",
      wanted: GROUP,
      answer: "cannot_tell",
      idToken: { groups: undefined },
    },
  ],
};

providerSuite("microsoft", fixtures);
const GOOD = { tenant: TENANT, clientId: CLIENT, clientSecret: SUITE.clientSecret };

test("Graph is asked with the header that its paging wants, on the next page too", () => {
  const group = microsoft({ ...GOOD, resolveGroups: true }).membership?.group;
  const { paging } = group ?? {};
  if (typeof paging !== "object" || !("next" in paging)) throw new Error("no paging");
  const headers = { consistencylevel: "eventual" };
  const next = paging.next({ "@odata.nextLink": `${GRAPH}?$skiptoken=2` }, { url: GRAPH, headers });
  expect(next).toEqual({ url: `${GRAPH}?$skiptoken=2`, headers });
});

test("browsers may follow to where people really sign in", () => {
  const origins = (options: Partial<MicrosoftOptions>) => microsoft({ ...GOOD, ...options }).redirectOrigins;
  expect(origins({})).toEqual([]);
  expect(origins({ tenant: "organizations" })).toEqual([]);
  expect(origins({ tenant: "consumers" })).toEqual(["https://login.live.com"]);
  expect(origins({ tenant: "common", redirectOrigins: ["https://adfs.contoso.example"] })).toEqual([
    "https://login.live.com",
    "https://adfs.contoso.example",
  ]);
  expect(origins({ tenant: "common", baseUrl: "http://127.0.0.1:7001" })).toEqual([]);
});

test("another cloud, beside the first", () => {
  const china = microsoft({
    ...GOOD,
    id: "microsoft-cn",
    baseUrl: "https://login.partner.microsoftonline.cn/",
    graphUrl: "https://microsoftgraph.chinacloudapi.cn",
    resolveGroups: true,
  });
  expect(china.problems()).toEqual([]);
  expect(china.id).toBe("microsoft-cn");
  expect(china.issuer).toBe(`https://login.partner.microsoftonline.cn/${TENANT}/v2.0`);
  expect(china.namedHosts()).toEqual([
    "login.partner.microsoftonline.cn:443",
    "microsoftgraph.chinacloudapi.cn:443",
  ]);
  expect(microsoft(GOOD).namedHosts()).toEqual([]);
});

test.each<[string, Partial<MicrosoftOptions>, string]>([
  ["no tenant", { tenant: undefined }, "tenant"],
  ["a domain as tenant", { tenant: "contoso.com" }, "tenant"],
  ["a word as tenant", { tenant: "contoso" }, "tenant"],
  ["a client id that is none", { clientId: "my-app" }, "clientId"],
  ["the secret's id", { clientSecret: OTHER }, "clientSecret"],
  ["a missing secret", { clientSecret: undefined }, "clientSecret"],
  ["tenants beside a single one", { allowedTenants: [OTHER] }, "allowedTenants"],
  ["no tenant allowed", { tenant: "common", allowedTenants: [] }, "allowedTenants"],
  ["a domain as allowed tenant", { tenant: "common", allowedTenants: ["contoso.com"] }, "allowedTenants[0]"],
  ["trust in everybody", { tenant: "common", trustEmail: true }, "trustEmail"],
  [
    "a page in place of an origin",
    { redirectOrigins: ["https://adfs.contoso.example/adfs"] },
    "redirectOrigins[0]",
  ],
  ["no profile", { scopes: ["email"] }, "scopes"],
  ["the tenant in the address", { baseUrl: `${BASE}/${TENANT}` }, "baseUrl"],
  [
    "another cloud's groups from the wrong Graph",
    { baseUrl: "https://login.microsoftonline.us", resolveGroups: true },
    "graphUrl",
  ],
])("%s is told", (_mistake, options, path) => {
  expect(microsoft({ ...GOOD, ...options }).problems()).toMatchObject([{ path, fix: expect.any(String) }]);
});

test.each<Partial<MicrosoftOptions>>([
  { tenant: TENANT.toUpperCase() },
  { tenant: "consumers" },
  { tenant: "common", allowedTenants: [OTHER], trustEmail: true },
])("%j is fine", (options) => {
  expect(microsoft({ ...GOOD, ...options }).problems()).toEqual([]);
});
