import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { gitee } from "./gitee.ts";

const BASE = "https://gitee.com";
const TOKEN = `POST ${BASE}/oauth/token`;
const USER = `GET ${BASE}/api/v5/user`;
const EMAILS = `GET ${BASE}/api/v5/emails`;
const ORGANIZATIONS = `GET ${BASE}/api/v5/user/orgs`;
const ENTERPRISES = `GET ${BASE}/api/v5/user/enterprises`;

const token = {
  access_token: SUITE.accessToken,
  token_type: "bearer",
  expires_in: 86400,
  refresh_token: SUITE.refreshToken,
  scope: "user_info emails groups enterprises",
  created_at: 1795000000,
};
const user = {
  id: 5000001,
  login: "ana-demo",
  name: "安娜",
  avatar_url: "https://img.example/ana.png",
  html_url: "https://gitee.com/ana-demo",
  email: "a***@example.com",
};
const emails = [
  { email: "old@example.com", state: "confirmed", scope: ["notified"] },
  { email: "ana@example.com", state: "confirmed", scope: ["primary", "committed"] },
];
const refused = (status: number, error: string) => ({
  [TOKEN]: { status, json: { error, error_description: SUITE.freeText } },
});
const page = (...paths: string[]) => ({
  json: paths.map((path, id) => ({ id, path, login: path, name: path })),
});
const full = page(...Array.from({ length: 100 }, (_, index) => `group-${index}`));
const withoutScope = { [TOKEN]: { json: { ...token, scope: "user_info emails" } } };

const fixtures: ProviderFixtures = {
  make: gitee,
  authorizeUrl: `${BASE}/oauth/authorize?response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&scope=user_info%20emails&state=${SUITE.state}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [TOKEN]: { json: token },
    [USER]: { json: user },
    [EMAILS]: { json: emails },
    [ORGANIZATIONS]: page("acme"),
    [ENTERPRISES]: page("acme-corp"),
  },
  arrives: {
    issuer: BASE,
    subject: "5000001",
    handle: "ana-demo",
    name: "安娜",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://img.example/ana.png",
  },
  asks: [TOKEN, USER, EMAILS],
  subject: { answer: USER, paths: ["id"] },
  cases: {
    "a change of mind": {
      callback: { error: "access_denied", error_description: SUITE.freeText },
      ends: "cancelled",
    },
    "a used code": {
      answers: refused(401, "invalid_grant"),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused(401, "invalid_client"),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a scope that is not ticked": {
      callback: { error: "invalid_scope" },
      ends: { fails: { code: "provider_rejected", reason: "invalid_scope" } },
    },
    "no permission for e-mail: the masked address does not count": {
      answers: { [EMAILS]: { status: 403, json: { message: SUITE.freeText } } },
      ends: { arrives: { subject: "5000001", email: null, emailVerified: null } },
    },
    "a primary address that is not confirmed": {
      answers: {
        [EMAILS]: { json: [{ email: "new@example.com", state: "unconfirmed", scope: ["primary"] }] },
      },
      ends: { arrives: { email: "new@example.com", emailVerified: false } },
    },
    "no primary address": {
      answers: { [EMAILS]: { json: [{ email: "old@example.com", state: "confirmed", scope: null }, null] } },
      ends: { arrives: { email: null, emailVerified: null } },
    },
    "an outage is not taken for a person without e-mail": {
      answers: { [EMAILS]: { status: 502, json: {} } },
      ends: { fails: { code: "provider_unavailable", reason: "server_error" } },
    },
    "nothing but an id": {
      answers: { [USER]: { json: { id: 5000001 } }, [EMAILS]: { json: [] } },
      ends: { arrives: { subject: "5000001", handle: null, name: null, email: null, picture: null } },
    },
  },
  membership: [
    { check: "organization", wanted: "acme", answer: "yes" },
    { check: "organization", wanted: "other", answer: "no" },
    {
      check: "organization",
      wanted: "zeta",
      answer: "yes",
      answers: { [ORGANIZATIONS]: [full, page("zeta")] },
    },
    { check: "organization", wanted: "other", answer: "cannot_tell", answers: withoutScope },
    {
      check: "organization",
      wanted: "acme",
      answer: "cannot_tell",
      answers: { [ORGANIZATIONS]: { status: 403, json: {} } },
    },
    { check: "enterprise", wanted: "acme-corp", answer: "yes" },
    { check: "enterprise", wanted: "other", answer: "no" },
    { check: "enterprise", wanted: "zeta", answer: "yes", answers: { [ENTERPRISES]: [full, page("zeta")] } },
    {
      check: "enterprise",
      wanted: "acme-corp",
      answer: "cannot_tell",
      answers: { [ENTERPRISES]: { status: 401, json: {} } },
    },
  ],
};

providerSuite("gitee", fixtures);

test("an enterprise edition of one's own lives beside gitee.com", () => {
  expect(gitee(CREDENTIALS).namedHosts()).toEqual([]);
  const own = gitee({ ...CREDENTIALS, id: "gitee-own", baseUrl: "https://gitee.example.com/", pkce: "off" });
  expect(own).toMatchObject({
    id: "gitee-own",
    issuer: "https://gitee.example.com",
    checks: { pkce: "off" },
  });
  expect(own.problems()).toEqual([]);
  expect(own.namedHosts()).toEqual(["gitee.example.com:443"]);
});

test("mistakes are told, all at once", () => {
  const found = gitee({
    id: "Gitee",
    clientId: "",
    clientSecret: "todo",
    scopes: ["user_info emails"],
    baseUrl: "x",
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "scopes[0]",
    "baseUrl",
  ]);
});
