import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { PosternError } from "../errors.ts";
import type { Store, StoreTransaction } from "../model/store.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { FinishResult, Provider } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";
import { CookieJar } from "../testing/cookie-jar.ts";
import { localPathOrHome } from "../web/return-to.ts";
import { finishLogin } from "./finish-login.ts";
import { startLogin } from "./start-login.ts";

let office: TestRuntime;
beforeAll(async () => {
  office = await openTestRuntime({
    access: [{ when: { emailDomain: "example.com" }, then: "allow", roles: ["member", "admin"] }],
  });
});
afterAll(() => office.close());

const ANA: UserInfo = {
  issuer: "https://github.com",
  subject: "583231",
  handle: "ana",
  name: "Ana",
  email: "ana@example.com",
  emailVerified: true,
  picture: null,
  groups: null,
  subjectAliases: [],
  claims: {},
};

function arrived(userInfo: UserInfo): FinishResult {
  return { kind: "arrived", userInfo, tokens: null, sessionThere: null, belongs: async () => "cannot_tell" };
}

/** A place to sign in where every sign-in ends like this. */
function placeWhere(result: FinishResult): Provider {
  return {
    id: "github",
    name: { en: "GitHub", "zh-CN": "GitHub" },
    mark: "",
    clientId: "client-1",
    issuer: "https://github.com",
    responseMode: "query",
    keepsTokens: false,
    freshness: "round_trip",
    formActionOrigins: async () => [],
    start: async ({ state }) => ({ url: new URL(`https://github.com/?state=${state}`) }),
    finish: async () => result,
    signOut: async () => null,
    tellsOfLogouts: async () => false,
    revoke: async () => null,
    readLogout: async () => ({ kind: "refused", code: "provider_untrusted", reason: "no_keys" }),
    refreshToken: null,
    api: null,
    refresh: async () => ({ kind: "gone", reason: "nothing_to_refresh", detail: {} }),
    lookAgain: async () => ({ kind: "untold", reason: "not_asked" }),
    isCutOff: () => false,
    isTroubled: () => false,
    close: async () => {},
  };
}

/** Begins a sign-in; `comeBack` is its callback. */
async function leave(provider: Provider = placeWhere(arrived(ANA))) {
  const jar = new CookieJar();
  const runtime: Runtime = { ...office.runtime, providers: new Map([[provider.id, provider]]) };
  const visit = () => ({ cookies: jar.header(), userAgent: "a test", address: "192.0.2.1" });
  const input = { provider: provider.id, returnTo: localPathOrHome("/orders"), visit: visit() };
  const started = await startLogin(runtime, input);
  if (started.kind !== "started") throw new Error(started.code);
  jar.take(answerWith(started.cookies));
  const state = started.location.searchParams.get("state") ?? "";
  const comeBack = (store: Store = runtime.store) =>
    finishLogin(
      { ...runtime, store },
      { provider: provider.id, parameters: new URLSearchParams({ code: "c", state }), visit: visit() },
    );
  return { runtime, jar, comeBack, state };
}

function answerWith(cookies: readonly string[]): Response {
  return new Response(null, { headers: cookies.map((cookie): [string, string] => ["set-cookie", cookie]) });
}

/** The store with one call in a transaction that fails: the given one, counted from 1. */
function failingAt(store: Store, call: number, error: Error): Store {
  let calls = 0;
  const failing = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const verb: unknown = Reflect.get(target, name);
        if (typeof verb !== "function") return verb;
        return async (...words: readonly unknown[]) => {
          calls++;
          if (calls === call) throw error;
          return Reflect.apply(verb, target, words);
        };
      },
    });
  const inside = (tx: StoreTransaction): StoreTransaction =>
    new Proxy(tx, { get: (target, noun: keyof StoreTransaction) => failing(target[noun]) });
  return {
    ...store,
    loginTransactions: failing(store.loginTransactions),
    transaction: (work) => store.transaction((tx) => work(inside(tx))),
  };
}

test.each([
  ["is gone", new PosternError("store_unavailable", "gone")],
  ["has a defect", new TypeError("a defect")],
])("at whatever call the store %s, nobody is let in and nothing is half made", async (_, error) => {
  const { store } = office.runtime;
  const everything = async () => ({
    users: await store.users.count({}),
    events: (await store.audit.list({ limit: 1000 })).length,
  });
  const before = await everything();
  let failures = 0;
  for (;;) {
    const { comeBack } = await leave(placeWhere(arrived({ ...ANA, subject: error.name })));
    const outcome = await comeBack(failingAt(store, failures + 1, error)).catch((thrown: unknown) => thrown);
    if (outcome !== error) {
      expect(outcome).toMatchObject({ kind: "signed-in", returnTo: "/orders" });
      break;
    }
    failures++;
    expect(await everything(), `call ${failures}`).toEqual(before);
  }
  // Spending the transaction, finding, making, granting, opening, and telling of it.
  expect(failures).toBeGreaterThan(10);
  expect((await everything()).users).toBe(before.users + 1);
});

test("a defect while the provider is asked lets nobody in, and the sign-in is spent all the same", async () => {
  const broken: Provider = {
    ...placeWhere(arrived(ANA)),
    finish: () => Promise.reject(new Error("a defect")),
  };
  const { comeBack } = await leave(broken);
  await expect(comeBack()).rejects.toThrow("a defect");
  expect(await comeBack()).toMatchObject({
    kind: "refused",
    code: "state_mismatch",
    technical: { reason: "already_used" },
  });
});

test.each([
  ["issuer", { issuer: "https://other.example" }, "other_issuer"],
  ["client", { clientId: "client-2" }, "other_client"],
])(
  "a configuration whose %s has changed meanwhile refuses the sign-in and says why",
  async (_, change, reason) => {
    const { runtime, jar, state } = await leave();
    const provider = { ...placeWhere(arrived(ANA)), ...change };
    const refused = await finishLogin(
      { ...runtime, providers: new Map([[provider.id, provider]]) },
      {
        provider: "github",
        parameters: new URLSearchParams({ code: "c", state }),
        visit: { cookies: jar.header(), userAgent: null, address: null },
      },
    );
    expect(refused).toMatchObject({ kind: "refused", code: "state_mismatch", technical: { reason } });
  },
);

test("each ending but a restart is one event with its reference and its cause", async () => {
  const endings: readonly [FinishResult, string, string][] = [
    [{ kind: "cancelled" }, "login.cancelled", "cancelled"],
    [
      { kind: "failed", code: "provider_rejected", reason: "client_invalid", detail: {} },
      "login.failed",
      "client_invalid",
    ],
  ];
  for (const [result, action, cause] of endings) {
    const { comeBack } = await leave(placeWhere(result));
    const refused = await comeBack();
    if (refused.kind !== "refused") throw new Error(refused.kind);
    expect(refused.returnTo).toBe("/orders");
    const events = await office.runtime.store.audit.list({ reference: refused.reference ?? "", limit: 10 });
    expect(events).toMatchObject([{ action, address: "192.0.2.1", detail: { provider: "github", cause } }]);
  }
});
