import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PosternError, PosternOptions } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { Store } from "../../src/model/store.ts";
import { closeRuntime, openRuntime } from "../../src/postern.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { lookAgain } from "../../src/recheck/look-again.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import { createTokenBroker } from "../../src/vault/token-broker.ts";
import { type BackOffice, SECRET, startBackOffice } from "../support/back-office.ts";
import { changeTokens, readTokens } from "../support/expired-tokens.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import {
  answerJson,
  NOW,
  newKey,
  RSA_KEY,
  type ScriptedProvider,
  sign,
  standardClaims,
  startScriptedProvider,
  tokenAnswer,
} from "../support/scripted-provider.ts";

const folder = scratchFolder();
const database = folder.database("refreshed.db");
const STRANGER = newKey("RS256", RSA_KEY.id);

let provider: ScriptedProvider;
let office: BackOffice;
let options: PosternOptions;
let store: Store;
/** What an ID token says beside what it should, when tokens are refreshed; `null` = it never comes. */
let refreshed: Record<string, unknown> | null;
let key: typeof RSA_KEY;
/** What the provider takes: each refresh token once. */
let refreshToken: string;
let nonce: string;

beforeAll(async () => {
  provider = await startScriptedProvider();
  const client = { issuer: provider.url, clientId: "client-1", clientSecret: "secret-of-the-client" };
  options = {
    providers: [oidc({ id: "corp", name: "Corp", ...client, userInfo: "never", keepTokens: true })],
    owners: [],
    access: [{ when: { provider: "corp" }, then: "allow" }],
    now: () => NOW,
  };
  office = await startBackOffice({ rehearsalUrl: provider.url, database, refreshLease: 100, options });
  store = await openStore(database, { now: () => NOW, log: SILENT_LOG });
  provider.on("/token", async (request, response) => {
    const form = new URLSearchParams(request.body);
    const isRefresh = form.get("grant_type") === "refresh_token";
    if (isRefresh && form.get("refresh_token") !== refreshToken)
      return answerJson(response, { error: "invalid_grant" }, 400);
    refreshToken = randomUUID();
    const claims = { ...standardClaims(provider.url), at_hash: undefined };
    const own = isRefresh ? { nonce: undefined, ...refreshed } : { nonce };
    const idToken = await sign(isRefresh ? key : RSA_KEY, { ...claims, ...own });
    const fresh = { access_token: randomUUID(), refresh_token: refreshToken };
    answerJson(response, { ...tokenAnswer(refreshed === null ? undefined : idToken), ...fresh });
  });
});
afterAll(async () => {
  await store.close();
  await office.close();
  await provider.close();
  folder.remove();
});
beforeEach(() => {
  refreshed = {};
  key = RSA_KEY;
});

/** Somebody who has signed in, and whose access token has come to its end. */
async function withEndedToken() {
  const person = new Person(office.url);
  const authorize = await person.start("corp");
  nonce = authorize.searchParams.get("nonce") ?? "";
  const state = authorize.searchParams.get("state") ?? "";
  const callback = await person.request(`/auth/callback/corp?${new URLSearchParams({ code: "c", state })}`);
  expect(callback.status).toBe(303);
  const id = (await person.session())?.user.id ?? "";
  await changeTokens(store, id);
  const kept = async () => (await readTokens(store, id))[0];
  return { id, person, kept, before: await kept() };
}

const failureOf = (user: { readonly id: string }) =>
  office.door.accessToken(user, "corp").then(
    () => null,
    ({ code, reason }: PosternError) => ({ code, reason }),
  );

describe("a refreshed ID token (OpenID Connect Core §12.2)", () => {
  test("of the same person takes the place of the one before", async () => {
    const ana = await withEndedToken();
    refreshed = { iat: NOW / 1000 - 5, auth_time: NOW / 1000 - 9_000 };
    const token = await office.door.accessToken(ana, "corp");
    const after = await ana.kept();
    expect(after).toMatchObject({ accessToken: token, refreshToken });
    expect(after?.idToken).not.toBe(ana.before?.idToken);
  });

  test.each([
    ["another sub", { sub: "248289761002" }, "another_person"],
    ["another iss", { iss: "https://elsewhere.example" }, "issuer_mismatch"],
    ["another aud", { aud: "client-2" }, "audience_mismatch"],
    ["one aud more", { aud: ["client-1", "client-2"] }, "audience_mismatch"],
    ["another azp", { azp: "client-2" }, "authorized_party_mismatch"],
  ])("with %s is refused, replaces nothing, and the person must sign in again", async (_, claims, reason) => {
    const ana = await withEndedToken();
    refreshed = claims;
    expect(await failureOf(ana)).toEqual({ code: "token_gone", reason });
    expect(await ana.kept()).toBeUndefined();
    expect(await store.audit.list({ action: "token.dropped", limit: 50 })).toContainEqual(
      expect.objectContaining({ target: ana.id, reason }),
    );
    expect(await failureOf(ana)).toEqual({ code: "token_gone", reason: "not_kept" });
    // Nobody's session hangs on it, and with the next sign-in there is a token again.
    expect(await ana.person.session()).not.toBeNull();
    refreshed = {};
    const again = await withEndedToken();
    expect(await office.door.accessToken(again, "corp")).toEqual(expect.any(String));
  });

  test.each([
    ["signed by a stranger", {}, STRANGER, "signature_invalid"],
    ["without a subject", { sub: undefined }, RSA_KEY, "subject_missing"],
    ["without an end", { exp: undefined }, RSA_KEY, "claim_missing"],
    ["that is two hours old", { iat: NOW / 1000 - 7_200 }, RSA_KEY, "token_too_old"],
    ["tied to another access token", { at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }, RSA_KEY, "at_hash_mismatch"],
  ] as const)(
    "%s is refused and replaces nothing; what was used up for it shows at the next try",
    async (_, claims, signer, reason) => {
      const ana = await withEndedToken();
      [refreshed, key] = [claims, signer];
      expect(await failureOf(ana)).toMatchObject({ reason });
      expect(await ana.kept()).toEqual({ ...ana.before });
      [refreshed, key] = [{}, RSA_KEY];
      await expect
        .poll(() => failureOf(ana), { timeout: 5_000 })
        .toEqual({ code: "token_gone", reason: "code_invalid" });
      expect(await ana.kept()).toBeUndefined();
    },
  );

  test.each([
    ["whose key is not known yet", {}, newKey("RS256", "k2")],
    ["of a clock that runs five minutes ahead", { iat: NOW / 1000 + 300 }, RSA_KEY],
  ] as const)(
    "%s leaves the one of the sign-in, and throws away nothing that came with it",
    async (_, claims, signer) => {
      const ana = await withEndedToken();
      [refreshed, key] = [claims, signer];
      const token = await office.door.accessToken(ana, "corp");
      const after = await ana.kept();
      expect(after).toMatchObject({ accessToken: token, refreshToken, idToken: ana.before?.idToken });
      // The refresh token that came is good.
      [refreshed, key] = [{}, RSA_KEY];
      await changeTokens(store, ana.id);
      expect(await office.door.accessToken(ana, "corp")).not.toBe(token);
    },
  );

  test("of somebody else replaces nothing, also where a clock is wrong", async () => {
    const ana = await withEndedToken();
    refreshed = { sub: "248289761002", iat: NOW / 1000 + 300 };
    expect(await failureOf(ana)).toMatchObject({ code: "clock_skew", reason: "issued_in_future" });
    expect(await ana.kept()).toEqual({ ...ana.before });
  });

  test("that does not come leaves the one of the sign-in", async () => {
    const ana = await withEndedToken();
    refreshed = null;
    const token = await office.door.accessToken(ana, "corp");
    expect(await ana.kept()).toMatchObject({ accessToken: token, idToken: ana.before?.idToken });
  });

  test("of somebody else puts nobody out when people are looked at again: it is not their doing", async () => {
    const ana = await withEndedToken();
    refreshed = { sub: "248289761002" };
    const runtime = await openRuntime({
      ...options,
      publicUrl: office.url,
      secret: SECRET,
      database,
      log: SILENT_LOG,
    });
    const [identity] = await office.door.users.identitiesOf(ana.id);
    if (identity === undefined) throw new Error("no identity");
    const look = await lookAgain(runtime, createTokenBroker(runtime), identity);
    expect(look).toEqual({ kind: "untold", reason: "another_person" });
    await closeRuntime(runtime);
  });
});
