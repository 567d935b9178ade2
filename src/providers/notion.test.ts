import { expect, test } from "vitest";
import { CREDENTIALS, type ProviderFixtures, providerSuite, SUITE } from "../testing/provider-suite.ts";
import { type SentRequest, scriptedOutbound } from "../testing/scripted-outbound.ts";
import { connect } from "./connect.ts";
import type { ProviderDefinition } from "./definition.ts";
import { notion } from "./notion.ts";

const TOKEN = "POST https://api.notion.com/v1/oauth/token";
const PERSON = "6a1f2c3d-0000-4000-8000-00000000a11a";
const WORKSPACE = "3f1c0b6e-7f3f-4a55-9f5e-0d2c8d1a9b11";

const token = {
  access_token: SUITE.accessToken,
  token_type: "bearer",
  refresh_token: SUITE.refreshToken,
  bot_id: "b3c1d2e4-0000-4000-8000-000000000b07",
  workspace_id: WORKSPACE,
  workspace_name: "Acme",
  workspace_icon: null,
  owner: {
    type: "user",
    user: {
      object: "user",
      id: PERSON,
      name: "Ana",
      avatar_url: "https://img.example/ana.png",
      type: "person",
      person: { email: "ana@example.com" },
    },
  },
  duplicated_template_id: null,
};
const refused = (status: number, json: object) => ({ [TOKEN]: { status, json } });
const owned = (user: object) => ({ [TOKEN]: { json: { ...token, owner: { type: "user", user } } } });

const fixtures: ProviderFixtures = {
  make: notion,
  authorizeUrl: `https://api.notion.com/v1/oauth/authorize?owner=user&response_type=code&client_id=${SUITE.clientId}&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}`,
  answers: { [TOKEN]: { json: token } },
  arrives: {
    issuer: "https://api.notion.com",
    subject: PERSON,
    handle: null,
    name: "Ana",
    email: "ana@example.com",
    emailVerified: null,
    picture: "https://img.example/ana.png",
  },
  asks: [TOKEN],
  subject: { answer: TOKEN, paths: ["owner.user.id"] },
  cases: {
    "a change of mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: refused(400, { error: "invalid_grant", error_description: SUITE.freeText }),
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a wrong secret": {
      answers: refused(401, { error: "invalid_client" }),
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "a wrong secret, told in the API's own form": {
      answers: refused(401, {
        object: "error",
        status: 401,
        code: "unauthorized",
        message: SUITE.freeText,
      }),
      ends: {
        fails: { code: "provider_rejected", reason: "client_invalid", providerCode: "unauthorized" },
      },
    },
    "too many requests": {
      answers: refused(429, { object: "error", status: 429, code: "rate_limited" }),
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "an error that nobody knows": {
      answers: refused(400, { object: "error", code: "validation_error", message: SUITE.freeText }),
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "validation_error" } },
    },
    "an integration of the workspace is nobody": {
      answers: { [TOKEN]: { json: { ...token, owner: { type: "workspace", workspace: true } } } },
      ends: { fails: { code: "no_identifier" } },
    },
    "no capability for e-mail, no picture": {
      answers: owned({
        object: "user",
        id: PERSON,
        name: null,
        avatar_url: null,
        type: "person",
        person: {},
      }),
      ends: { arrives: { subject: PERSON, name: null, email: null, emailVerified: null, picture: null } },
    },
    "an address that the operator vouches for": {
      make: (credentials) => notion({ ...credentials, trustEmail: true }),
      ends: { arrives: { email: "ana@example.com", emailVerified: true } },
    },
  },
  membership: [
    { check: "workspace", wanted: WORKSPACE, answer: "yes" },
    // As it stands in addresses.
    { check: "workspace", wanted: WORKSPACE.replaceAll("-", "").toUpperCase(), answer: "yes" },
    { check: "workspace", wanted: "3f1c0b6e-7f3f-4a55-9f5e-0d2c8d1a9b12", answer: "no" },
    {
      check: "workspace",
      wanted: WORKSPACE,
      answer: "cannot_tell",
      answers: { [TOKEN]: { json: { ...token, workspace_id: undefined } } },
    },
  ],
};

providerSuite("notion", fixtures);

async function sentBy(definition: ProviderDefinition): Promise<readonly SentRequest[]> {
  const { outbound, sent } = scriptedOutbound(
    fixtures.answers,
    async ({ text, json }) => text ?? JSON.stringify(json),
  );
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const { redirectUri, state, nonce, codeVerifier, code } = SUITE;
  await connect(definition, { outbound, now: () => SUITE.now, log }).finish({
    redirectUri,
    state,
    nonce,
    codeVerifier,
    parameters: new URLSearchParams({ state, code }),
  });
  return sent;
}

test("the token request is JSON, with Basic", async () => {
  const [request] = await sentBy(notion(CREDENTIALS));
  const credentials = Buffer.from(`${SUITE.clientId}:${SUITE.clientSecret}`).toString("base64");
  expect(request?.headers.get("authorization")).toBe(`Basic ${credentials}`);
  expect(request?.headers.get("notion-version")).toBe("2022-06-28");
  expect(JSON.parse(request?.body ?? "")).toEqual({
    grant_type: "authorization_code",
    code: SUITE.code,
    redirect_uri: SUITE.redirectUri,
  });
});

test("a token is revoked as JSON, with the application's own credentials", () => {
  const revoke = notion(CREDENTIALS).lifecycle?.revoke;
  if (typeof revoke !== "function") throw new Error("no revocation");
  const secret = () => "s";
  expect(revoke({ clientId: "a", clientSecret: secret }, "ntn_demo")).toEqual({
    method: "POST",
    url: "https://api.notion.com/v1/oauth/revoke",
    headers: { authorization: "Basic YTpz", "notion-version": "2022-06-28" },
    body: { json: { token: "ntn_demo" } },
  });
});

test("two live side by side, and a host of one's own may be private", () => {
  expect(notion(CREDENTIALS).namedHosts()).toEqual([]);
  const other = notion({ ...CREDENTIALS, id: "notion-lab", name: "Lab", baseUrl: "http://127.0.0.1:7001/" });
  expect(other).toMatchObject({ id: "notion-lab", name: { en: "Lab" }, issuer: "http://127.0.0.1:7001" });
  expect(other.endpoints?.token).toBe("http://127.0.0.1:7001/v1/oauth/token");
  expect(other.namedHosts()).toEqual(["127.0.0.1:7001"]);
  expect(other.problems()).toEqual([]);
});

test("mistakes are told, all at once", () => {
  const found = notion({ id: "No tion", clientId: "ntn_demo", clientSecret: "", baseUrl: "notion.com" });
  expect(found.problems().map(({ path, message }) => [path, message])).toEqual([
    ["id", "is not lower case letters, digits and inner hyphens, 40 at most"],
    ["clientSecret", "is missing (is its environment variable set?)"],
    ["clientId", "is a token of an internal integration"],
    ["baseUrl", "is not an address"],
  ]);
});
