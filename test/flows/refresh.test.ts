import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, type PosternError } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { Store } from "../../src/model/store.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { Person } from "../../src/testing/person.ts";
import {
  type BackOffice,
  keepingProviders,
  rehearsalProviders,
  startBackOffice,
} from "../support/back-office.ts";
import { findCanaries } from "../support/canaries.ts";
import { changeTokens, readTokens } from "../support/expired-tokens.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

let rehearsal: Rehearsal;
let folder: ScratchFolder;
let office: BackOffice;
let store: Store;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  folder = scratchFolder();
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database: folder.database("postern.db"),
    refreshLease: 100,
  });
  store = await openStore(folder.database("postern.db"), { now: Date.now, log: SILENT_LOG });
});
afterEach(async () => {
  rehearsal.behave();
  // Whatever a test did: no token stands in a log or in the audit log.
  const places = {
    log: office.logged.join("\n"),
    "audit log": JSON.stringify(await store.audit.list({ limit: 1_000 })),
  };
  expect(findCanaries(places, {})).toEqual([]);
  await store.close();
  await office.close();
  folder.remove();
});

/** Somebody who has signed in, and what their token and their API answer. */
async function signedIn(provider: string, persona = "ada") {
  const person = new Person(office.url);
  await person.signIn(provider, persona);
  const id = (await person.session())?.user.id ?? "";
  const { door } = office;
  return {
    id,
    person,
    token: () => door.accessToken({ id }, provider),
    failure: () => door.accessToken({ id }, provider).then(() => null, told),
    kept: async () => (await readTokens(store, id))[0],
    change: (change?: Parameters<typeof changeTokens>[2]) => changeTokens(store, id, change),
  };
}

function told(error: PosternError) {
  return { code: error.code, reason: error.reason, retryAfter: error.retryAfter };
}

describe("an access token", () => {
  test("is given out as it is while its time is not up, and half a minute before that no more", async () => {
    const ada = await signedIn("rehearsal");
    const kept = await ada.kept();
    const before = rehearsal.requests.token;
    expect(await ada.token()).toBe(kept?.accessToken);
    expect(rehearsal.requests.token).toBe(before);
    await ada.change({ expiresAt: Date.now() + 29_000 });
    expect(await ada.token()).not.toBe(kept?.accessToken);
    expect(rehearsal.requests.token).toBe(before + 1);
  });

  test("is refreshed with what came with it: a new refresh token, or the old one where none comes", async () => {
    const ada = await signedIn("rehearsal");
    const bo = await signedIn("google", "bo");
    const before = [await ada.kept(), await bo.kept()];
    await Promise.all([ada.change(), bo.change()]);
    const fresh = [await ada.token(), await bo.token()];
    const after = [await ada.kept(), await bo.kept()];
    expect(after.map((tokens) => tokens?.accessToken)).toEqual(fresh);
    expect(after[0]?.refreshToken).not.toBe(before[0]?.refreshToken);
    expect(after[1]?.refreshToken).toBe(before[1]?.refreshToken);
    for (const [n, tokens] of after.entries()) {
      expect(tokens?.accessToken).not.toBe(before[n]?.accessToken);
      expect(tokens?.expiresAt).toBeGreaterThan(Date.now() + 3_000_000);
      expect(tokens?.idToken).toBe(before[n]?.idToken);
    }
  });

  test("that never ends is used as it is", async () => {
    const ada = await signedIn("github");
    expect(await ada.token()).toMatch(/^gho_/);
    expect(await ada.kept()).toMatchObject({ expiresAt: null, refreshToken: null });
  });

  test("that has ended and cannot be refreshed is dropped, and the person must sign in again", async () => {
    const ada = await signedIn("github");
    await ada.change();
    expect(await ada.failure()).toMatchObject({ code: "token_gone", reason: "expired" });
    expect(await ada.failure()).toMatchObject({ code: "token_gone", reason: "not_kept" });
    const events = await store.audit.list({ action: "token.dropped", limit: 10 });
    expect(events).toMatchObject([{ target: ada.id, reason: "expired", detail: { provider: "github" } }]);
  });

  test("whose refresh token was used by somebody else is dropped, once, and comes back with the next sign-in", async () => {
    const ada = await signedIn("rehearsal");
    const { refreshToken = null } = (await ada.kept()) ?? {};
    await ada.change();
    await ada.token();
    await ada.change({ expiresAt: 1, refreshToken });
    const failures = await Promise.all(Array.from({ length: 50 }, ada.failure));
    expect(new Set(failures.map((failure) => failure?.code))).toEqual(new Set(["token_gone"]));
    expect(await store.audit.list({ action: "token.dropped", limit: 10 })).toHaveLength(1);
    expect(await ada.kept()).toBeUndefined();
    await ada.person.signIn("rehearsal", "ada");
    expect(await ada.token()).toMatch(/^rehearsal-at-/);
  });

  test("of somebody who is suspended is not given out", async () => {
    await signedIn("rehearsal");
    const bo = await signedIn("rehearsal", "bo");
    await office.door.users.suspend(bo.id, "cli:test");
    expect(await bo.failure()).toMatchObject({ code: "token_gone", reason: "not_kept" });
  });

  test("of a secret that is gone is not thrown away: an instance with the right one can read it", async () => {
    const ada = await signedIn("rehearsal");
    const stranger = await startBackOffice({
      rehearsalUrl: rehearsal.url,
      database: folder.database("postern.db"),
      refreshLease: 100,
      options: { secret: "another-secret-0123456789-0123456789" },
    });
    const failure = await stranger.door.accessToken({ id: ada.id }, "rehearsal").catch(told);
    await stranger.close();
    expect(failure).toMatchObject({ code: "token_gone", reason: "unreadable" });
    expect(await ada.token()).toMatch(/^rehearsal-at-/);
  });
});

describe("when the provider does not refresh", () => {
  test.each([
    ["status-500", "provider_unavailable", "server_error"],
    ["garbage", "provider_untrusted", "json_malformed"],
    ["html", "provider_untrusted", "content_type"],
    ["redirect", "provider_untrusted", "redirect_refused"],
    ["huge-body", "provider_untrusted", "response_too_large"],
  ] as const)("%s: it is asked once, and not again before the pause is over", async (mode, code, reason) => {
    const ada = await signedIn("rehearsal");
    await ada.change();
    const before = rehearsal.requests.token;
    rehearsal.misbehave(mode, { times: 1 });
    const failures = await Promise.all(Array.from({ length: 20 }, ada.failure));
    expect(failures[0]).toMatchObject({ code, reason });
    expect(new Set(failures.map((failure) => failure?.code))).toEqual(new Set([code]));
    expect(failures[0]?.retryAfter).toBeGreaterThan(0);
    expect(rehearsal.requests.token).toBe(before + 1);
    expect(await ada.kept()).toBeDefined();
    await expect.poll(() => ada.token().catch(() => null), { timeout: 5_000 }).toMatch(/^rehearsal-at-/);
  });

  test("since it does not know the client, it is for the administrator", async () => {
    const ada = await signedIn("rehearsal");
    await ada.change();
    const [provider, ...others] = keepingProviders(rehearsal.url);
    if (provider === undefined) throw new Error("no provider");
    const wrong = await startBackOffice({
      rehearsalUrl: rehearsal.url,
      database: folder.database("postern.db"),
      refreshLease: 100,
      options: { providers: [{ ...provider, clientSecret: () => "the-wrong-secret" }, ...others] },
    });
    const failure = await wrong.door.accessToken({ id: ada.id }, "rehearsal").catch(told);
    await wrong.close();
    expect(failure).toMatchObject({ code: "provider_rejected", reason: "client_invalid" });
    expect(await ada.kept()).toBeDefined();
  });
});

describe("a refused token", () => {
  test("is refreshed once, and the call goes out again with what it carried", async () => {
    const ada = await signedIn("rehearsal");
    await ada.change({ accessToken: "rehearsal-at-that-nobody-knows" });
    const before = rehearsal.requests.token;
    const api = office.door.api({ id: ada.id }, "rehearsal");
    const body = new URLSearchParams({ harmless: "form" });
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => api("/userinfo", { method: "POST", body })),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(rehearsal.requests.token).toBe(before + 1);
  });

  test("where it cannot be refreshed is an answer, and is not thrown away", async () => {
    const ada = await signedIn("github");
    await ada.change({ accessToken: "gho_unknown" });
    const api = office.door.api({ id: ada.id }, "github");
    expect((await api.get("/user")).status).toBe(401);
    await expect(api.get("/user").json()).rejects.toMatchObject({ reason: "status_401" });
    expect(await ada.kept()).toBeDefined();
  });

  test("of an API that always says no does not use up one refresh token after the other", async () => {
    const ada = await signedIn("rehearsal");
    const before = rehearsal.requests.token;
    const api = office.door.api({ id: ada.id }, "rehearsal");
    // It knows no token of this kind.
    const ask = () => api.get("/github/api/v3/user");
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status];
    expect(statuses).toEqual([401, 401, 401]);
    expect(rehearsal.requests.token).toBe(before + 1);
  });
});

test("100 people at once, 20 rounds: each call carries its own person's token", {
  timeout: 120_000,
}, async () => {
  const people = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => ({ n, ...(await signedIn("rehearsal", `load-${n}`)) })),
  );
  for (let round = 0; round < 20; round++) {
    await Promise.all(people.map(({ change }) => change()));
    const before = rehearsal.requests.token;
    const emails = await Promise.all(
      people.map(async ({ id }) => {
        const api = office.door.api({ id }, "rehearsal");
        return (await api.get("/userinfo").json<{ email: string }>()).email;
      }),
    );
    expect(emails).toEqual(people.map(({ n }) => `load-${n}@demo.example`));
    expect(rehearsal.requests.token).toBe(before + 100);
  }
});

test("a provider that keeps no tokens, or is none, or has no API, is told to whoever writes the code", async () => {
  const plain = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: {
      providers: rehearsalProviders(rehearsal.url).map((one, n) => ({ ...one, keepTokens: n === 0 })),
    },
  });
  const somebody = { id: "usr_1" };
  expect(() => plain.door.api(somebody, "github")).toThrow(ConfigError);
  expect(() => plain.door.api(somebody, "github")).toThrow("providers[1].keepTokens: is not set");
  expect(() => plain.door.api(somebody, "rehearsal")).toThrow("providers[0].apiUrl: is not set");
  await expect(plain.door.accessToken(somebody, "gitlab")).rejects.toMatchObject({
    code: "unknown_provider",
  });
  await plain.close();
});
