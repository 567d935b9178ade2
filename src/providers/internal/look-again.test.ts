import { describe, expect, test } from "vitest";
import { SILENT_LOG } from "../../model/log.ts";
import type { TokenSet } from "../../model/token-set.ts";
import { SUITE } from "../../testing/provider-suite.ts";
import { type Answers, scriptedOutbound } from "../../testing/scripted-outbound.ts";
import { connect } from "../connect.ts";
import type { ProviderDefinition } from "../definition.ts";
import { dingtalk } from "../dingtalk.ts";
import { github } from "../github.ts";
import { notion } from "../notion.ts";
import { oauth1 } from "../oauth1.ts";
import { oidc } from "../oidc.ts";
import { slack } from "../slack.ts";
import { wechat } from "../wechat.ts";
import { weibo } from "../weibo.ts";

const { clientId, clientSecret, redirectUri } = SUITE;
const TOKENS: TokenSet = {
  accessToken: SUITE.accessToken,
  refreshToken: SUITE.refreshToken,
  idToken: null,
  expiresAt: null,
  scope: null,
};

function place(definition: ProviderDefinition, answers: Answers) {
  const { outbound, sent } = scriptedOutbound(
    answers,
    async ({ text, json }) => text ?? JSON.stringify(json),
  );
  const provider = connect(definition, { outbound, now: () => SUITE.now, log: SILENT_LOG });
  return {
    provider,
    sent,
    lookAgain: (tokens: Partial<TokenSet> = {}, isNew = false) =>
      provider.lookAgain({ tokens: { ...TOKENS, ...tokens }, redirectUri, isNew }),
  };
}

/** As it was verified when it came: only its claims are looked at again. */
function idTokenOf(claims: Readonly<Record<string, unknown>>): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

describe("OpenID Connect", () => {
  const BASE = "https://sso.example.com";
  const DISCOVERY = `GET ${BASE}/.well-known/openid-configuration`;
  const USER_INFO = `GET ${BASE}/userinfo`;
  const metadata = {
    issuer: BASE,
    authorization_endpoint: `${BASE}/authorize`,
    token_endpoint: `${BASE}/token`,
    userinfo_endpoint: `${BASE}/userinfo`,
    jwks_uri: `${BASE}/jwks`,
  };
  const KNOWN = { iss: BASE, sub: "u-1", name: "Ana", email: "ana@old.example", email_verified: true };
  const idToken = idTokenOf(KNOWN);
  const make = (userInfo: ProviderDefinition["userInfo"] = "when_needed") =>
    oidc({ id: "corp", name: "Corp", issuer: BASE, clientId, clientSecret, userInfo });
  const corp = (answers: Answers, definition = make()) =>
    place(definition, { [DISCOVERY]: { json: metadata }, ...answers });

  test.each([
    [{ email: "ana@new.example" }, { email: "ana@new.example", emailVerified: null }],
    [
      { email: "ana@new.example", email_verified: true },
      { email: "ana@new.example", emailVerified: true },
    ],
    [{ email_verified: false }, { email: "ana@old.example", emailVerified: true }],
    [{}, { email: "ana@old.example", emailVerified: true }],
  ])(
    "beside an old ID token, userinfo with %o keeps each address with its own word",
    async (said, userInfo) => {
      const { lookAgain } = corp({ [USER_INFO]: { json: { sub: "u-1", ...said } } });
      expect(await lookAgain({ idToken })).toMatchObject({ kind: "seen", userInfo });
    },
  );

  test("whose userinfo is never to be asked, is not, and an old ID token tells nothing new", async () => {
    const { lookAgain, sent } = corp({}, make("never"));
    expect(await lookAgain({ idToken })).toEqual({ kind: "needs_a_sign_in", reason: "nothing_to_ask" });
    expect(sent.map(({ key }) => key)).toEqual([DISCOVERY]);
    expect(await lookAgain({ idToken }, true)).toMatchObject({ kind: "seen", userInfo: { subject: "u-1" } });
  });

  test("without a userinfo endpoint it takes a new ID token to be seen", async () => {
    const { lookAgain } = corp({ [DISCOVERY]: { json: { ...metadata, userinfo_endpoint: undefined } } });
    expect(await lookAgain({ idToken })).toEqual({ kind: "needs_a_sign_in", reason: "nothing_to_ask" });
    expect(await lookAgain({ idToken }, true)).toMatchObject({ kind: "seen" });
  });

  test.each([
    ["discovery", { [DISCOVERY]: { status: 401, json: {} } }, "untold"],
    ["userinfo", { [USER_INFO]: { status: 401, json: {} } }, "refused"],
  ] as const)("a 401 of %s: only what carried the person's token is refused", async (_, answers, kind) => {
    expect(await corp(answers).lookAgain({ idToken })).toMatchObject({ kind });
  });
});

describe("steps", () => {
  const API = "https://api.github.com";
  const own = github({ clientId, clientSecret });
  const DIRECTORY = `${API}/directory`;
  const definition: ProviderDefinition = {
    ...own,
    identity: [...own.identity, { as: "directory", url: DIRECTORY, placement: { token: "app" } }],
    appToken: {
      request: () => ({ method: "POST", url: `${API}/app` }),
      field: "token",
      expiresField: "expires",
      expiredCodes: [],
    },
  };
  const answers: Answers = {
    [`GET ${API}/user`]: { json: { id: 7, login: "ana" } },
    [`GET ${API}/user/emails`]: { json: [{ email: "ana@x.example", primary: true, verified: true }] },
    [`POST ${API}/app`]: { json: { token: SUITE.appToken, expires: 7200 } },
    [`GET ${DIRECTORY}`]: { json: {} },
  };

  test.each([
    ["the person's token", `GET ${API}/user`, "refused"],
    ["the application's token", `GET ${DIRECTORY}`, "untold"],
    ["none", `POST ${API}/app`, "untold"],
  ])("a 401 to %s is told apart", async (_, key, kind) => {
    const { lookAgain } = place(definition, { ...answers, [key]: { status: 401, json: {} } });
    expect(await lookAgain()).toMatchObject({ kind });
    expect(await place(definition, answers).lookAgain()).toMatchObject({ kind: "seen" });
  });

  test("that are left out have asked nothing: Slack, when the ID token told everything", async () => {
    const BASE = "https://slack.com";
    const metadata = {
      issuer: BASE,
      authorization_endpoint: `${BASE}/openid/connect/authorize`,
      token_endpoint: `${BASE}/api/openid.connect.token`,
      jwks_uri: `${BASE}/openid/connect/keys`,
    };
    const claims = { iss: BASE, sub: "U1", "https://slack.com/team_id": "T1", name: "Ana" };
    const { lookAgain } = place(slack({ clientId: "2210.4455", clientSecret }), {
      [`GET ${BASE}/.well-known/openid-configuration`]: { json: metadata },
      [`GET ${BASE}/api/openid.connect.userInfo`]: {
        json: { ok: true, sub: "U1", email: "ana@x.example", email_verified: true },
      },
    });
    const full = { ...claims, email: "ana@x.example", email_verified: true };
    expect(await lookAgain({ idToken: idTokenOf(full) })).toEqual({
      kind: "needs_a_sign_in",
      reason: "nothing_to_ask",
    });
    expect(await lookAgain({ idToken: idTokenOf(claims) })).toMatchObject({
      kind: "seen",
      userInfo: { subject: "U1", email: "ana@x.example" },
    });
  });

  test("that there are none of: Notion and OAuth 1.0a", async () => {
    const { lookAgain } = place(notion({ clientId, clientSecret }), {});
    expect(await lookAgain()).toMatchObject({ kind: "needs_a_sign_in" });
    const old = oauth1({
      ...{ id: "old", name: "Old", clientId, clientSecret, fields: { subject: "id" } },
      requestTokenUrl: "https://old.example/request",
      authorizationUrl: "https://old.example/authorize",
      tokenUrl: "https://old.example/token",
      userUrl: "https://old.example/user",
    });
    expect(await place(old, {}).lookAgain()).toMatchObject({ kind: "needs_a_sign_in" });
  });
});

describe("what only the token response tells is remembered", () => {
  const DINGTALK = "https://api.dingtalk.com/v1.0";
  const TOKEN = `POST ${DINGTALK}/oauth2/userAccessToken`;
  const token = { accessToken: "at-2", refreshToken: "rt-2", expireIn: 7200 };
  const USER = { [`GET ${DINGTALK}/contact/users/me`]: { json: { unionId: "u-1", nick: "Ana" } } };
  const company = (corpId: string | undefined, answers: Answers = {}) =>
    place(dingtalk({ clientId, clientSecret, ...(corpId !== undefined && { corpId }) }), {
      ...USER,
      ...answers,
    });

  test("from the sign-in on: nobody of the company is put out", async () => {
    const { provider, lookAgain } = company("ding1", { [TOKEN]: { json: { ...token, corpId: "ding1" } } });
    const arrived = await provider.finish({
      ...{ redirectUri, state: SUITE.state, nonce: SUITE.nonce, codeVerifier: SUITE.codeVerifier },
      parameters: new URLSearchParams({ state: SUITE.state, authCode: SUITE.code }),
    });
    if (arrived.kind !== "arrived" || arrived.tokens === null) throw new Error(JSON.stringify(arrived));
    expect(arrived.tokens.remembered).toEqual({ corpId: "ding1" });
    const look = await lookAgain(arrived.tokens);
    if (look.kind !== "seen") throw new Error(JSON.stringify(look));
    expect(look.userInfo.claims).toMatchObject({ corpId: "ding1" });
    expect(await look.belongs("corporation", "ding1")).toBe("yes");
    expect(await look.belongs("corporation", "ding2")).toBe("no");
  });

  test.each([
    ["of another company", { corpId: "ding2" }, "left"],
    ["who has signed in before a company was demanded", {}, "needs_a_sign_in"],
    ["whose tokens a version before has kept", undefined, "needs_a_sign_in"],
  ])("somebody %s", async (_, remembered, kind) => {
    const { lookAgain } = company("ding1");
    expect(await lookAgain(remembered && { remembered })).toMatchObject({ kind });
  });

  test.each([
    ["stays when nothing is told of it", { corpId: "ding1" }, {}, { corpId: "ding1" }],
    ["follows what is told", { corpId: "ding1" }, { corpId: "ding2" }, { corpId: "ding2" }],
    ["is not made up", undefined, {}, undefined],
    ["is made good", undefined, { corpId: "ding1" }, { corpId: "ding1" }],
  ])("with a refresh it %s", async (_, before, told, after) => {
    const { provider } = company("ding1", { [TOKEN]: { json: { ...token, ...told } } });
    const refreshed = await provider.refresh(
      { ...TOKENS, ...(before && { remembered: before }) },
      redirectUri,
    );
    if (refreshed.kind !== "refreshed") throw new Error(JSON.stringify(refreshed));
    expect(refreshed.tokens).toMatchObject({ accessToken: "at-2", refreshToken: "rt-2" });
    expect(refreshed.tokens.remembered).toEqual(after);
  });

  test("Weibo and WeChat are asked about the same person", async () => {
    const people = place(weibo({ clientId: "1000000001", clientSecret }), {
      "GET https://api.weibo.com/2/users/show.json": { json: { idstr: "14", screen_name: "ana" } },
    });
    expect(await people.lookAgain({ remembered: { uid: "14" } })).toMatchObject({
      kind: "seen",
      userInfo: { subject: "14", handle: "ana" },
    });
    expect(people.sent[0]?.query.get("uid")).toBe("14");

    const friends = place(wechat({ clientId: "wx100000demo", clientSecret }), {
      "GET https://api.weixin.qq.com/sns/userinfo": { json: { openid: "o-1", unionid: "un-1" } },
    });
    expect(await friends.lookAgain({ remembered: { openid: "o-1" } })).toMatchObject({
      kind: "seen",
      userInfo: { subject: "un-1" },
    });
    expect(friends.sent[0]?.query.get("openid")).toBe("o-1");
    for (const { lookAgain } of [people, friends])
      expect(await lookAgain()).toEqual({ kind: "needs_a_sign_in", reason: "not_remembered" });
  });
});
