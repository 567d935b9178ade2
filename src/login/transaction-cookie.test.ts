import { expect, test } from "vitest";
import { createSealer } from "../crypto/seal.ts";
import type { LoginTransaction } from "../model/login-transaction.ts";
import { CookieJar } from "../testing/cookie-jar.ts";
import { cookieNames } from "../web/cookie-names.ts";
import { HOME } from "../web/return-to.ts";
import { issueState } from "./login-state.ts";
import {
  dropTransaction,
  findTransaction,
  keepTransaction,
  TRANSACTION_LIFETIME,
} from "./transaction-cookie.ts";

const sealer = createSealer(["a-secret-for-tests-0123456789-abcdefgh"]);

/** A browser that begins sign-ins over https, with a clock that tests can move. */
function setUp(https = true) {
  const world = { now: 1_000_000 };
  const runtime = { sealer, settings: { cookies: cookieNames(https) }, now: () => world.now };
  const jar = new CookieJar();
  const take = (cookies: readonly string[]) =>
    jar.take(
      new Response(null, { headers: cookies.map((cookie): [string, string] => ["set-cookie", cookie]) }),
    );
  const begin = (change: Partial<LoginTransaction> = {}): LoginTransaction => {
    const transaction: LoginTransaction = {
      purpose: "login",
      provider: "corp",
      issuer: "https://sso.example.com",
      clientId: "client-1",
      redirectUri: "https://admin.example.com/auth/callback/corp",
      state: issueState(sealer, "AAAAAAAAAAAAAAAAAAAAAA", false),
      nonce: "nonce",
      codeVerifier: "verifier",
      returnTo: HOME,
      expiresAt: world.now + TRANSACTION_LIFETIME,
      ...change,
    };
    take(keepTransaction(runtime, transaction, jar.header(), false));
    return transaction;
  };
  const find = (state: string) => findTransaction(runtime, jar.header(), state);
  return { world, runtime, jar, take, begin, find };
}

test("what is kept is found again by its state, and dropped by it", () => {
  const { runtime, begin, find, take } = setUp();
  const [first, second] = [begin(), begin()];
  expect(find(first.state)).toEqual(first);
  expect(find(second.state)).toEqual(second);
  take([dropTransaction(runtime, first.state)]);
  expect(find(first.state)).toBeNull();
  expect(find(second.state)).toEqual(second);
});

test("the cookie tells nothing of what it holds", () => {
  const { jar, begin } = setUp();
  begin({ codeVerifier: "the-code-verifier", nonce: "the-nonce" });
  expect(jar.header()).not.toMatch(/verifier|nonce|corp/);
});

test("only a provider that posts its callback gets SameSite=None, and over http nobody can", () => {
  const { runtime, begin } = setUp();
  const transaction = begin();
  const attributes = (uses: typeof runtime, post: boolean) =>
    keepTransaction(uses, transaction, null, post).join();
  expect(attributes(runtime, false)).toContain("Max-Age=600; HttpOnly; Secure; SameSite=Lax");
  expect(attributes(runtime, true)).toContain("Max-Age=600; HttpOnly; Secure; SameSite=None");
  expect(attributes(setUp(false).runtime, true)).toMatch(/^postern-tx-.*; HttpOnly; SameSite=Lax$/);
});

test("a ninth attempt drops the oldest, whatever the order of the cookies", () => {
  const { world, jar, begin, find } = setUp();
  const attempts = Array.from({ length: 9 }, () => {
    world.now += 1000;
    return begin();
  });
  expect(jar.names()).toHaveLength(8);
  expect(attempts.map(({ state }) => find(state) !== null)).toEqual([false, ...Array(8).fill(true)]);
});

test("large ones have less company, and together they stay below what servers take", () => {
  const { world, jar, begin, find } = setUp();
  const extra = { secret: "x".repeat(1800) };
  const attempts = Array.from({ length: 5 }, () => {
    world.now += 1000;
    return begin({ extra });
  });
  expect(jar.names()).toHaveLength(2);
  expect(attempts.map(({ state }) => find(state) !== null)).toEqual([false, false, false, true, true]);
  expect(jar.header().length).toBeLessThan(6.5 * 1024);
});

test("those that have expired or that we never sealed go first, at most sixteen at a time", () => {
  const { world, runtime, jar, begin, find } = setUp();
  const expired = begin();
  world.now += TRANSACTION_LIFETIME;
  const pending = begin();
  expect(find(expired.state)).toBeNull();
  for (let n = 0; n < 20; n++) jar.set(`${runtime.settings.cookies.transaction}planted${n}`, "v1.x.y");
  const newest = begin();
  expect(jar.names().filter((name) => name.includes("planted"))).toHaveLength(4);
  expect(find(pending.state)).toEqual(pending);
  expect(find(newest.state)).toEqual(newest);
});
