import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CANARIES,
  NOW,
  recordingLog,
  type ScriptedProvider,
  START,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { providerSuite, SUITE } from "../testing/provider-suite.ts";
import { connect } from "./connect.ts";
import { type OAuth2Options, oauth2 } from "./oauth2.ts";
import type { FinishResult, Provider } from "./provider.ts";

let server: ScriptedProvider;
let outbound: Outbound;

beforeEach(async () => {
  server = await startScriptedProvider();
  server.json("/token", { access_token: CANARIES.accessToken, token_type: "bearer", expires_in: "7200" });
  server.json("/me", {
    data: { id: 77, profile: { login: "ana", name: "Ana Li", mail: "ana@example.com", confirmed: true } },
  });
  outbound = createOutbound({ allowedHosts: new Set([server.host]), now: () => NOW, log: recordingLog() });
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

function options(change: Partial<OAuth2Options> = {}): OAuth2Options {
  return {
    id: "wiki",
    name: "Wiki",
    authorizationUrl: `${server.url}/authorize`,
    tokenUrl: `${server.url}/token`,
    userUrl: `${server.url}/me`,
    fields: {
      subject: "data.id",
      handle: "data.profile.login",
      name: "data.profile.name",
      email: "data.profile.mail",
      emailVerified: "data.profile.confirmed",
    },
    clientId: "client-1",
    clientSecret: CANARIES.clientSecret,
    scopes: ["read", "mail"],
    scopeSeparator: ",",
    headers: { "x-api-version": "3" },
    ...change,
  };
}

function connected(change: Partial<OAuth2Options> = {}): Provider {
  return connect(oauth2(options(change)), { outbound, now: () => NOW, log: recordingLog() });
}

function comeBack(provider: Provider): Promise<FinishResult> {
  return provider.finish({
    ...START,
    parameters: new URLSearchParams({ code: CANARIES.code, state: START.state }),
  });
}

test("the way there", async () => {
  const { url } = await connected({ authorizationParameters: { prompt: "login" } }).start(START);
  expect(url.href.replace(server.url, "")).toMatchInlineSnapshot(
    `"/authorize?prompt=login&response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=read%2Cmail&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
  );
  expect((await connected({ pkce: "off" }).start(START)).url.searchParams.has("code_challenge")).toBe(false);
});

test("somebody arrives", async () => {
  expect(await comeBack(connected())).toMatchObject({
    kind: "arrived",
    userInfo: {
      issuer: server.url,
      subject: "77",
      handle: "ana",
      name: "Ana Li",
      email: "ana@example.com",
      emailVerified: true,
    },
    tokens: { expiresAt: NOW + 7_200_000, idToken: null },
  });
  expect(server.requests.at(-1)?.headers).toMatchObject({
    authorization: `Bearer ${CANARIES.accessToken}`,
    "x-api-version": "3",
  });
});

describe("fields", () => {
  test.each([
    [{ subject: "id" }, "no_identifier", "subject_missing"],
    [{ subject: "data" }, "no_identifier", "subject_invalid"],
    [{ subject: "data.id.toString" }, "no_identifier", "subject_missing"],
    [{ subject: "constructor.name" }, "no_identifier", "subject_missing"],
  ])("%j leads nowhere", async (fields, code, reason) => {
    expect(await comeBack(connected({ fields }))).toMatchObject({ kind: "failed", code, reason });
  });

  test("without a word about verification it is unknown", async () => {
    const fields = { subject: "data.id", email: "data.profile.mail" };
    expect(await comeBack(connected({ fields }))).toMatchObject({
      userInfo: { emailVerified: null, handle: null },
    });
  });
});

test("mistakes are told, hosts are named", () => {
  expect(oauth2(options()).problems()).toEqual([]);
  expect(oauth2(options()).namedHosts()).toEqual([server.host, server.host, server.host]);
  const wrong = options({
    tokenUrl: "http://wiki.example.com/token",
    userUrl: undefined,
    fields: { subject: "" },
  });
  expect(
    oauth2(wrong)
      .problems()
      .map(({ path }) => path),
  ).toEqual(["tokenUrl", "userUrl", "fields.subject"]);
});

const WIKI = "https://wiki.example";
const ASK_TOKEN = `POST ${WIKI}/token`;
const ASK_USER = `GET ${WIKI}/me`;
const ANA = { id: 77, login: "ana", mail: "ana@example.com", confirmed: true, teams: ["editors"] };

providerSuite("oauth2", {
  make: (credentials) =>
    oauth2({
      id: "wiki",
      name: "Wiki",
      authorizationUrl: `${WIKI}/authorize`,
      tokenUrl: `${WIKI}/token`,
      userUrl: `${WIKI}/me`,
      fields: {
        subject: "user.id",
        handle: "user.login",
        email: "user.mail",
        emailVerified: "user.confirmed",
        groups: "user.teams",
      },
      ...credentials,
    }),
  authorizeUrl: `${WIKI}/authorize?response_type=code&client_id=client-1&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}&code_challenge=${SUITE.codeChallenge}&code_challenge_method=S256`,
  answers: {
    [ASK_TOKEN]: { json: { access_token: SUITE.accessToken, token_type: "bearer" } },
    [ASK_USER]: { json: { user: ANA } },
  },
  arrives: { issuer: WIKI, subject: "77", handle: "ana", email: "ana@example.com", emailVerified: true },
  asks: [ASK_TOKEN, ASK_USER],
  subject: { answer: ASK_USER, paths: ["user.id"] },
  cases: {
    "nothing but an id": {
      answers: { [ASK_USER]: { json: { user: { id: "a-7" } } } },
      ends: { arrives: { subject: "a-7", handle: null, email: null, emailVerified: null } },
    },
    "a flag that is a text": {
      answers: { [ASK_USER]: { json: { user: { ...ANA, confirmed: "true" } } } },
      ends: { arrives: { emailVerified: null } },
    },
    "a changed mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: {
        [ASK_TOKEN]: { status: 400, json: { error: "invalid_grant", error_description: SUITE.freeText } },
      },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid" } },
    },
    "a token that is refused": {
      answers: { [ASK_USER]: { status: 401, json: { message: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "refused" } },
    },
  },
  membership: [
    { check: "group", wanted: "editors", answer: "yes" },
    { check: "group", wanted: "admins", answer: "no" },
    {
      check: "group",
      wanted: "editors",
      answer: "cannot_tell",
      answers: { [ASK_USER]: { json: { user: { ...ANA, teams: null } } } },
    },
  ],
});

const CHAT = "https://chat.example";
const CHAT_TOKEN = `POST ${CHAT}/token`;
const CHAT_USER = `GET ${CHAT}/me`;
const CHAT_EMAILS = `GET ${CHAT}/emails`;

// Everything that a place can do in its own way and that is still only data.
providerSuite("oauth2, with every option", {
  make: (credentials) =>
    oauth2({
      id: "chat",
      name: "Chat",
      authorizationUrl: `${CHAT}/authorize`,
      tokenUrl: `${CHAT}/token`,
      userUrl: `${CHAT}/me`,
      fields: {
        subject: "data.id",
        name: "data.name",
        email: "data.mail",
        picture: "data.face",
        groups: "data.teams",
      },
      emails: {
        url: `${CHAT}/emails`,
        list: "data.list",
        email: "mail",
        primary: "main",
        verified: "checked",
      },
      clientAuthentication: "client_secret_post",
      pkce: "off",
      tokenBody: "json",
      tokenEnvelope: "data",
      userTokenIn: { header: "x-chat-token" },
      errors: { code: "errcode", kinds: { "40029": "code_invalid", "45009": "rate_limited" } },
      ...credentials,
    }),
  authorizeUrl: `${CHAT}/authorize?response_type=code&client_id=client-1&redirect_uri=${encodeURIComponent(SUITE.redirectUri)}&state=${SUITE.state}`,
  answers: {
    [CHAT_TOKEN]: { json: { errcode: 0, data: { access_token: SUITE.accessToken } } },
    [CHAT_USER]: {
      json: {
        errcode: "0",
        data: {
          id: 77,
          name: "Ana Li",
          mail: "public@example.com",
          face: "https://img.example/a",
          teams: ["editors"],
        },
      },
    },
    [CHAT_EMAILS]: {
      json: {
        data: {
          list: [
            { mail: "old@example.com", main: false, checked: true },
            { mail: "ana@example.com", main: true, checked: true },
          ],
        },
      },
    },
  },
  arrives: {
    issuer: CHAT,
    subject: "77",
    name: "Ana Li",
    email: "ana@example.com",
    emailVerified: true,
    picture: "https://img.example/a",
  },
  asks: [CHAT_TOKEN, CHAT_USER, CHAT_EMAILS],
  subject: { answer: CHAT_USER, paths: ["data.id"] },
  cases: {
    "a changed mind": { callback: { error: "access_denied" }, ends: "cancelled" },
    "a used code": {
      answers: { [CHAT_TOKEN]: { json: { errcode: 40029, errmsg: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "code_invalid", providerCode: "40029" } },
    },
    "a code of theirs that nobody has explained": {
      answers: { [CHAT_TOKEN]: { json: { errcode: 49999, errmsg: SUITE.freeText } } },
      ends: { fails: { code: "provider_rejected", reason: "refused", providerCode: "49999" } },
    },
    "too many requests": {
      answers: { [CHAT_USER]: { json: { errcode: "45009" } } },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited", providerCode: "45009" } },
    },
    "a user call that goes wrong": {
      answers: { [CHAT_USER]: { json: { errcode: 1 } } },
      ends: { fails: { code: "provider_untrusted", reason: "protocol", providerCode: "1" } },
    },
    "no look at the list of addresses": {
      answers: { [CHAT_EMAILS]: { status: 403, json: {} } },
      ends: { arrives: { email: "public@example.com", emailVerified: null } },
    },
    "a list without a primary address": {
      answers: { [CHAT_EMAILS]: { json: { data: { list: [{ mail: "x@example.com", checked: true }] } } } },
      ends: { arrives: { email: null, emailVerified: null } },
    },
    "a primary address that nobody has checked": {
      answers: {
        [CHAT_EMAILS]: { json: { data: { list: [{ mail: "x@example.com", main: true, checked: 1 }] } } },
      },
      ends: { arrives: { email: "x@example.com", emailVerified: false } },
    },
  },
  membership: [
    { check: "group", wanted: "editors", answer: "yes" },
    { check: "group", wanted: "admins", answer: "no" },
    {
      check: "group",
      wanted: "editors",
      answer: "cannot_tell",
      answers: { [CHAT_USER]: { json: { data: { id: 77 } } } },
    },
  ],
});

test("the list of addresses and the codes of errors are looked at before anybody signs in", () => {
  const wrong = options({ emails: { url: "emails" }, errors: { code: "" } });
  const paths = oauth2(wrong)
    .problems()
    .map(({ path }) => path);
  expect(paths).toEqual(["emails.url", "errors.code"]);
  const fine = oauth2(
    options({ emails: { url: "https://mail.wiki.example/list" }, errors: { code: "errcode" } }),
  );
  expect(fine.problems()).toEqual([]);
  expect(fine.namedHosts()).toContain("mail.wiki.example:443");
});

test("the token is carried where the place wants it", async () => {
  await comeBack(connected({ userTokenIn: { query: "access_token" }, tokenBody: "query" }));
  const [token, user] = server.requests;
  expect(token).toMatchObject({
    method: "GET",
    path: expect.stringContaining("grant_type=authorization_code"),
  });
  expect(user?.path).toBe(`/me?access_token=${CANARIES.accessToken}`);
  expect(user?.headers.authorization).toBeUndefined();
});
