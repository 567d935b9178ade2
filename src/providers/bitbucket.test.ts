import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { bitbucket } from "./bitbucket.ts";

const API = "https://api.bitbucket.org/2.0";
const TOKEN = "POST https://bitbucket.org/site/oauth2/access_token";
const USER = `GET ${API}/user`;
const EMAILS = `GET ${API}/user/emails`;
const WORKSPACES = `GET ${API}/user/workspaces`;
const UUID = "{1b2c3d4e-0000-4000-8000-000000000001}";

const token = {
  scopes: "account email",
  access_token: SUITE.accessToken,
  expires_in: 7200,
  token_type: "bearer",
  state: "authorization_code",
  refresh_token: SUITE.refreshToken,
};
const user = {
  type: "user",
  uuid: UUID,
  account_id: "557058:demo",
  display_name: "Ana Li",
  nickname: "ana",
  links: { avatar: { href: "https://avatar.example/a.png" } },
};
const emails = {
  values: [
    { email: "old@example.com", is_primary: false, is_confirmed: true },
    { email: "ana@example.com", is_primary: true, is_confirmed: true },
  ],
};
const workspacePage = (slug: string, next?: string) => ({
  json: {
    values: [{ type: "workspace_access", administrator: false, workspace: { slug, uuid: `{${slug}-uuid}` } }],
    ...(next === undefined ? {} : { next }),
  },
});
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});

const fixtures: ProviderFixtures = {
  make: bitbucket,
  authorizeUrl: `https://bitbucket.org/site/oauth2/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=account%20email&state=${SUITE.state}`,
  answers: {
    [TOKEN]: { json: token },
    [USER]: { json: user },
    [EMAILS]: { json: emails },
    [WORKSPACES]: workspacePage("acme"),
    [`${WORKSPACES}/acme/permission`]: { json: { permission: "owner" } },
    [`${WORKSPACES}/closed/permission`]: { status: 404, json: { type: "error" } },
    [`${WORKSPACES}/secret/permission`]: { status: 403, json: { type: "error" } },
  },
  arrives: {
    issuer: "https://bitbucket.org",
    subject: UUID,
    handle: "ana",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://avatar.example/a.png",
  },
  asks: [TOKEN, USER, EMAILS],
  subject: { answer: USER, paths: ["uuid"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code": {
      answers: refused(400, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused(400, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "no permission for e-mail": {
      answers: { [EMAILS]: { status: 403, json: { type: "error" } } },
      ends: { arrives: { subject: UUID, email: null, emailVerified: null } },
    },
    "a primary address that is not confirmed": {
      answers: { [EMAILS]: { json: { values: [{ email: "new@example.com", is_primary: true }] } } },
      ends: { arrives: { email: "new@example.com", emailVerified: false } },
    },
    "no primary address": {
      answers: { [EMAILS]: { json: { values: [{ email: "old@example.com", is_confirmed: true }] } } },
      ends: { arrives: { email: null, emailVerified: null } },
    },
    "an outage is not taken for a person without e-mail": {
      answers: { [EMAILS]: { status: 502, json: {} } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { uuid: UUID } }, [EMAILS]: { json: { values: [] } } },
      ends: { arrives: { subject: UUID, handle: null, name: null, email: null, picture: null } },
    },
    "an account id does not stand in for the uuid": {
      answers: { [USER]: { json: { account_id: "557058:demo", username: "ana" } } },
      ends: { fails: { code: "no_identifier" } },
    },
  },
  membership: [
    { check: "workspace", wanted: "acme", answer: "yes" },
    { check: "workspace", wanted: "{acme-uuid}", answer: "yes" },
    { check: "workspace", wanted: "other", answer: "no" },
    {
      check: "workspace",
      wanted: "zeta",
      answer: "yes",
      answers: {
        [WORKSPACES]: [workspacePage("acme", `${API}/user/workspaces?page=2`), workspacePage("zeta")],
      },
    },
    {
      check: "workspace",
      wanted: "zeta",
      answer: "cannot_tell",
      answers: { [WORKSPACES]: workspacePage("acme", "https://evil.example/2.0/user/workspaces?page=2") },
    },
    {
      check: "workspace",
      wanted: "zeta",
      answer: "cannot_tell",
      answers: { [WORKSPACES]: { status: 403, json: { type: "error" } } },
    },
    { check: "workspacePermission", wanted: "acme/owner", answer: "yes" },
    { check: "workspacePermission", wanted: "acme/member", answer: "no" },
    { check: "workspacePermission", wanted: "closed/member", answer: "no" },
    { check: "workspacePermission", wanted: "secret/member", answer: "cannot_tell" },
    { check: "workspacePermission", wanted: "acme", answer: "cannot_tell" },
  ],
};

providerSuite("bitbucket", fixtures);

test("hosts of one's own may be private, Bitbucket's not", () => {
  expect(bitbucket(CREDENTIALS).namedHosts()).toEqual([]);
  const elsewhere = { baseUrl: "http://127.0.0.1:7001/", apiUrl: "http://127.0.0.1:7002" };
  const definition = bitbucket({ ...CREDENTIALS, id: "bitbucket-two", ...elsewhere });
  expect(definition.id).toBe("bitbucket-two");
  expect(definition.namedHosts()).toEqual(["127.0.0.1:7001", "127.0.0.1:7002"]);
  expect(definition.endpoints?.authorization).toBe("http://127.0.0.1:7001/site/oauth2/authorize");
  expect(definition.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = bitbucket({
    id: "Bit Bucket",
    clientId: "",
    clientSecret: "your-secret",
    scopes: ["account email"],
    baseUrl: "bitbucket.org",
    apiUrl: "http://api.example.com",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "baseUrl",
    "apiUrl",
  ]);
});
