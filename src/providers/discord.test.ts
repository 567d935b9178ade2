import { expect, test } from "vitest";
import { providerSuite, SUITE } from "../testing/provider-suite.ts";
import { discord } from "./discord.ts";

const TOKEN = "POST https://discord.com/api/oauth2/token";
const USER = "GET https://discord.com/api/users/@me";
const GUILDS = "GET https://discord.com/api/users/@me/guilds";
const MEMBER = "GET https://discord.com/api/users/@me/guilds/5001/member";
const OPTIONS = { clientId: "1157730000000000001", clientSecret: SUITE.clientSecret };
const PERSON = {
  id: "90071992547409931",
  username: "wen",
  discriminator: "0",
  global_name: "Wen",
  avatar: "77aa0011bb22",
  verified: true,
  email: "wen@example.com",
  mfa_enabled: true,
  locale: "zh-CN",
};
const tokens = (scope: string) => ({
  json: {
    access_token: SUITE.accessToken,
    token_type: "Bearer",
    expires_in: 604800,
    refresh_token: SUITE.refreshToken,
    scope,
  },
});
const guilds = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(from + index), name: "Acme" }));
const person = (change: object) => ({ [USER]: { json: { ...PERSON, ...change } } });

providerSuite("Discord", {
  make: ({ clientSecret }) => discord({ ...OPTIONS, clientSecret }),
  authorizeUrl:
    "https://discord.com/oauth2/authorize?response_type=code&client_id=1157730000000000001&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fplace&scope=identify%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&code_challenge=XEwfdumV2853jLCetUHO4GN1AM8d1VubwCZgZGSL0C0&code_challenge_method=S256",
  answers: {
    [TOKEN]: tokens("identify email guilds guilds.members.read"),
    [USER]: { json: PERSON },
  },
  arrives: {
    issuer: "https://discord.com",
    subject: "90071992547409931",
    handle: "wen",
    name: "Wen",
    email: "wen@example.com",
    emailVerified: true,
    picture: "https://cdn.discordapp.com/avatars/90071992547409931/77aa0011bb22.png",
  },
  asks: [TOKEN, USER],
  subject: { answer: USER, paths: ["id"] },
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
      answers: { [TOKEN]: { status: 401, json: { error: "invalid_client" } } },
      ends: { fails: { code: "provider_rejected", reason: "client_invalid" } },
    },
    "asked too often": {
      answers: { [USER]: { status: 429, json: { message: SUITE.freeText, retry_after: 64.57 } } },
      ends: { fails: { code: "provider_unavailable", reason: "rate_limited" } },
    },
    "a token that does not open": {
      answers: { [USER]: { status: 401, json: { message: SUITE.freeText, code: 0 } } },
      ends: { fails: { code: "provider_rejected", reason: "refused" } },
    },
    "an e-mail that is not verified": {
      answers: person({ verified: false }),
      ends: { arrives: { email: "wen@example.com", emailVerified: false } },
    },
    "no e-mail, no picture, no display name": {
      answers: person({ email: undefined, verified: undefined, avatar: null, global_name: null }),
      ends: { arrives: { name: "wen", email: null, emailVerified: null, picture: null } },
    },
    "a moving picture": {
      answers: person({ avatar: "a_77aa" }),
      ends: {
        arrives: { picture: "https://cdn.discordapp.com/avatars/90071992547409931/a_77aa.gif" },
      },
    },
    "a picture that is no hash": {
      answers: person({ avatar: "../../evil" }),
      ends: { arrives: { picture: null } },
    },
    "an e-mail that the operator vouches for": {
      make: ({ clientSecret }) => discord({ ...OPTIONS, clientSecret, trustEmail: true }),
      answers: person({ verified: undefined }),
      ends: { arrives: { emailVerified: true } },
    },
  },
  membership: [
    { check: "guild", wanted: "5001", answers: { [GUILDS]: { json: guilds(5000, 3) } }, answer: "yes" },
    { check: "guild", wanted: "9", answers: { [GUILDS]: { json: guilds(5000, 3) } }, answer: "no" },
    {
      check: "guild",
      wanted: "5250",
      answers: { [GUILDS]: [{ json: guilds(5000, 200) }, { json: guilds(5200, 60) }] },
      answer: "yes",
    },
    {
      check: "guild",
      wanted: "5001",
      answers: { [GUILDS]: { status: 403, json: {} } },
      answer: "cannot_tell",
    },
    {
      check: "guild",
      wanted: "9",
      answers: { [TOKEN]: tokens("identify email"), [GUILDS]: { json: [] } },
      answer: "cannot_tell",
    },
    {
      check: "role",
      wanted: "5001/71",
      answers: { [MEMBER]: { json: { roles: ["70", "71"] } } },
      answer: "yes",
    },
    { check: "role", wanted: "5001/79", answers: { [MEMBER]: { json: { roles: ["70"] } } }, answer: "no" },
    { check: "role", wanted: "5001/71", answers: { [MEMBER]: { status: 404, json: {} } }, answer: "no" },
    {
      check: "role",
      wanted: "5001/71",
      answers: { [MEMBER]: { status: 429, json: {} } },
      answer: "cannot_tell",
    },
    { check: "role", wanted: "5001/../../71", answer: "cannot_tell" },
    { check: "role", wanted: "moderators", answer: "cannot_tell" },
  ],
});

test("the page after the first begins behind its last guild", () => {
  const paging = discord(OPTIONS).membership?.guild?.paging;
  const request = { url: "https://discord.com/api/users/@me/guilds", query: { limit: "200" } };
  const next = typeof paging === "object" && "next" in paging ? paging.next : () => null;
  expect(next(guilds(5000, 200), request)).toEqual({ ...request, query: { limit: "200", after: "5199" } });
  expect(next(guilds(5000, 199), request)).toBeNull();
  expect(next({ message: "odd" }, request)).toBeNull();
});

test("two applications stand side by side, and another address serves for tests", () => {
  const second = discord({
    ...OPTIONS,
    id: "discord-lab",
    baseUrl: "http://localhost:4000",
    authorizationParameters: { prompt: "none" },
  });
  expect(second).toMatchObject({
    id: "discord-lab",
    issuer: "http://localhost:4000",
    authorize: { parameters: { prompt: "none" } },
    endpoints: { revocation: "http://localhost:4000/api/oauth2/token/revoke" },
  });
  expect([discord(OPTIONS).namedHosts(), second.namedHosts()]).toEqual([[], ["localhost:4000"]]);
  expect([...discord(OPTIONS).problems(), ...second.problems()]).toEqual([]);
});

test("mistakes are told", () => {
  const found = discord({
    id: "Discord",
    clientId: "my-app",
    clientSecret: undefined,
    authorizationParameters: { scope: "guilds" },
    baseUrl: "discord.com",
  }).problems();
  expect(found.map(({ path }) => path)).toEqual([
    "id",
    "clientSecret",
    "clientId",
    "authorizationParameters.scope",
    "baseUrl",
  ]);
});
