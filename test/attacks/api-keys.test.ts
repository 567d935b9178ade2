import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKeyText } from "../../src/api-keys/key-text.ts";
import { newId } from "../../src/crypto/random.ts";
import { type ApiKeyWish, type Caller, createPostern, type Postern } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import type { PosternOptions } from "../../src/options.ts";
import { Person } from "../../src/testing/person.ts";
import { rehearsalProviders, SECRET } from "../support/back-office.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { ENGINES, openStage, type Stage } from "./stage.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const JOB = "job:test";

const RULES = {
  roles: { lead: ["orders.read", "orders.refund"], support: ["orders.read"] },
  tokens: { audiences: ["orders-api"] },
  access: [
    { when: { email: "liwei@demo.example" }, then: "allow", roles: ["lead"] },
    { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
    { when: { emailDomain: "demo.example" }, then: "allow", roles: ["support"] },
  ],
} as const satisfies Partial<PosternOptions>;

describe.each(ENGINES)("API keys (%s)", (engine) => {
  let ahead = 0;
  let stage: Stage;
  let here: Postern;
  /** Another process, as far as caches are concerned. */
  let elsewhere: Postern;
  let li: SignedIn;

  beforeAll(async () => {
    stage = await openStage({ engine, options: RULES });
    [here, elsewhere] = [await open(), await open()];
    li = await signIn("liwei");
  });
  afterAll(async () => {
    await here?.close();
    await elsewhere?.close();
    await stage?.close();
  });

  const open = (providers = rehearsalProviders(stage.rehearsal.url)) =>
    createPostern({
      ...RULES,
      publicUrl: stage.office.url,
      secret: SECRET,
      database: stage.database,
      providers,
      now: () => Date.now() + ahead,
      log: SILENT_LOG,
    });

  interface SignedIn {
    readonly id: string;
    readonly cookie: string;
    readonly person: Person;
  }

  async function signIn(persona: string): Promise<SignedIn> {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", persona);
    return { id: (await person.session())?.user.id ?? "", cookie: person.jar.header() ?? "", person };
  }

  const keyOf = (userId: string, wish: Partial<ApiKeyWish> = {}) =>
    here.apiKeys.create({ userId, name: "nightly", permissions: ["orders.read"], ...wish }, JOB);

  interface Knock {
    readonly at?: Postern;
    readonly permission?: string;
    readonly method?: string;
  }

  /** What the guard of a route for machines says. */
  async function knock(headers: Record<string, string>, wish: Knock = {}) {
    const { at = here, permission = "orders.read", method = "GET" } = wish;
    const guard = at.requirePermission(permission, { apiKeys: true });
    const result = await guard({ method, url: "/orders", headers });
    const caller: Caller | null = result.admitted ? result.principal : null;
    if (result.admitted) return { status: 200, caller, challenge: null, code: null };
    const { status, headers: answered } = result.response;
    expect(answered.get("content-type")).toBe("application/problem+json");
    const { code } = (await result.response.json()) as { code: string };
    return { status, caller, challenge: answered.get("www-authenticate"), code };
  }

  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const INVALID = { status: 401, code: "api_key_invalid", challenge: 'Bearer error="invalid_token"' };

  describe("what a key opens", () => {
    test("a route that allows keys, with the permission, as its person and without their roles", async () => {
      const { secret, apiKey } = await keyOf(li.id);
      expect(await knock(bearer(secret))).toMatchObject({
        status: 200,
        caller: {
          user: { id: li.id, name: "李伟", roles: [], permissions: ["orders.read"] },
          apiKey: { id: apiKey.id, name: "nightly", expiresAt: new Date(apiKey.expiresAt).toISOString() },
        },
      });
      expect((await knock({ authorization: `bearer ${secret}` })).status).toBe(200);
    });

    test("no other permission, though its person has it", async () => {
      const { secret } = await keyOf(li.id);
      expect(await knock(bearer(secret), { permission: "orders.refund" })).toMatchObject({
        status: 403,
        code: "permission_denied",
        challenge: 'Bearer error="insufficient_scope"',
      });
    });

    test("no route that does not name keys, and no door of ours", async () => {
      const { secret } = await keyOf(li.id);
      for (const guard of [
        here.requirePermission("orders.read"),
        here.requireUser(),
        here.requireRole("member", "lead", "owner"),
      ]) {
        const result = await guard({ method: "GET", url: "/orders", headers: bearer(secret) });
        expect(result.admitted || result.response.status).toBe(401);
      }
      expect(await here.authenticate({ headers: bearer(secret) })).toBeNull();
      for (const path of ["/auth/session", "/auth/account"]) {
        const response = await here.handle(new Request(stage.office.url + path, { headers: bearer(secret) }));
        expect(response?.status, path).toBe(401);
      }
      const token = await here.handle(
        new Request(`${stage.office.url}/auth/token`, {
          method: "POST",
          headers: { ...bearer(secret), "content-type": "application/json" },
          body: '{"audience":"orders-api"}',
        }),
      );
      expect(token?.status).toBe(401);
    });

    test("it needs no origin: no cookie is looked at, so none can be abused", async () => {
      const { secret } = await keyOf(li.id);
      const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
      expect((await knock({ ...bearer(secret), ...foreign }, { method: "POST" })).status).toBe(200);
      // With the cookie and a key that is none, the cookie does not help; without a key it is as it was.
      const bad = { ...bearer("pst_x"), ...foreign, cookie: li.cookie };
      expect(await knock(bad, { method: "POST" })).toMatchObject(INVALID);
      expect(await knock({ ...foreign, cookie: li.cookie }, { method: "POST" })).toMatchObject({
        status: 403,
        code: "cross_origin",
      });
    });

    test("a cookie alone passes as before, as a person", async () => {
      const { caller } = await knock({ cookie: li.cookie });
      expect(caller?.apiKey).toBeUndefined();
      expect(caller?.session?.provider).toBe("rehearsal");
      const basic = await knock({ cookie: li.cookie, authorization: "Basic bGk6bGk=" });
      expect(basic.status).toBe(200);
    });

    test("key and cookie of two people: the key decides", async () => {
      const bo = await signIn("bo");
      const { secret } = await keyOf(bo.id);
      const both = await knock({ ...bearer(secret), cookie: li.cookie });
      expect(both.caller?.user.id).toBe(bo.id);
      const refused = await knock({ ...bearer(secret), cookie: li.cookie }, { permission: "orders.refund" });
      expect(refused.status).toBe(403);
    });
  });

  describe("what is no key", () => {
    test("a key with any character changed, and a well-formed one that nobody made", async () => {
      const { secret } = await keyOf(li.id);
      for (let at = 0; at < secret.length; at++) {
        const changed = secret.slice(0, at) + (secret[at] === "x" ? "y" : "x") + secret.slice(at + 1);
        expect(await knock(bearer(changed)), `${at}`).toMatchObject(INVALID);
      }
      expect(await knock(bearer(newKeyText(newId("key_", Date.now()))))).toMatchObject(INVALID);
    });

    test("anything else behind Bearer, however large; and never a redirect", async () => {
      const { secret } = await keyOf(li.id);
      for (const text of [
        "",
        " ",
        "null",
        `${secret} `,
        ` ${secret}`,
        `${secret}, Bearer ${secret}`,
        secret.toUpperCase(),
        "pst_".repeat(100_000),
        "eyJhbGciOiJub25lIn0.e30.",
      ])
        expect(await knock(bearer(text)), text.slice(0, 90)).toMatchObject(INVALID);
      const page = { "sec-fetch-mode": "navigate", "sec-fetch-site": "none", accept: "text/html" };
      expect(await knock({ ...bearer("x"), ...page })).toMatchObject(INVALID);
      expect(await knock({ authorization: "Bearer", cookie: li.cookie })).toMatchObject(INVALID);
    });

    test("a session cookie's secret, a key's id, its hash; and a key is no session", async () => {
      const { secret, apiKey } = await keyOf(li.id);
      const session = li.cookie.split("=")[1] ?? "";
      const raw = await openRawDatabase(stage.database);
      const [row] = await raw.rows(`select secret_hash from postern_api_keys where id = '${apiKey.id}'`);
      await raw.close();
      for (const text of [session, apiKey.id, String(row?.secret_hash)])
        expect(await knock(bearer(text))).toMatchObject(INVALID);
      for (const value of [secret, secret.slice(-43), String(row?.secret_hash)])
        expect(await here.authenticate({ headers: { cookie: `postern=${value}` } })).toBeNull();
    });

    test("an unreadable one costs no look at the store", async () => {
      const { secret } = await keyOf(li.id);
      const raw = await openRawDatabase(stage.database);
      await raw.rows("alter table postern_api_keys rename to out_of_reach");
      try {
        expect(await knock(bearer(`${secret.slice(0, -1)}-`))).toMatchObject(INVALID);
        // Whoever shows a real key is told to come again, and not let in.
        expect((await knock(bearer(secret))).status).toBeGreaterThanOrEqual(500);
      } finally {
        await raw.rows("alter table out_of_reach rename to postern_api_keys");
        await raw.close();
      }
      expect((await knock(bearer(secret))).status).toBe(200);
    });
  });

  describe("when a key ends", () => {
    test("revoked: from the next request on, in every process", async () => {
      const { secret, apiKey } = await keyOf(li.id);
      for (const at of [here, elsewhere]) expect((await knock(bearer(secret), { at })).status).toBe(200);
      expect(await here.apiKeys.revoke(apiKey.id, li.id, "found in a log")).toBe(true);
      for (const at of [here, elsewhere]) expect(await knock(bearer(secret), { at })).toMatchObject(INVALID);
      expect(await here.apiKeys.revoke(apiKey.id, li.id)).toBe(false);
    });

    test("expired: to the millisecond", async () => {
      const { secret, apiKey } = await keyOf(li.id, { lifetime: 365 * DAY });
      ahead = apiKey.expiresAt - Date.now() - 2_000;
      expect((await knock(bearer(secret))).status).toBe(200);
      ahead += 2_001;
      expect(await knock(bearer(secret))).toMatchObject(INVALID);
      ahead = 0;
    });

    test("its person is suspended: shut at once, open again when they are back", async () => {
      const bo = await signIn("bo");
      const { secret } = await keyOf(bo.id);
      for (const at of [here, elsewhere]) expect((await knock(bearer(secret), { at })).status).toBe(200);
      await here.users.suspend(bo.id, JOB);
      for (const at of [here, elsewhere]) expect(await knock(bearer(secret), { at })).toMatchObject(INVALID);
      await expect(keyOf(bo.id)).rejects.toMatchObject({ code: "suspended" });
      await here.users.reactivate(bo.id, JOB);
      for (const at of [here, elsewhere]) expect((await knock(bearer(secret), { at })).status).toBe(200);
    });

    test("its person's provider is switched off: shut where it is, and open again where it is back", async () => {
      const bo = await signIn("bo");
      const { secret, apiKey } = await keyOf(bo.id);
      const others = rehearsalProviders(stage.rehearsal.url).filter(({ id }) => id !== "rehearsal");
      const without = await open(others);
      try {
        expect(await knock(bearer(secret), { at: without })).toMatchObject(INVALID);
        const wish = { userId: bo.id, name: "nightly", permissions: ["orders.read"] } as const;
        for (const refused of [without.apiKeys.check(wish, JOB), without.apiKeys.create(wish, JOB)])
          await expect(refused).rejects.toMatchObject({ code: "not_allowed" });
        expect((await here.apiKeys.get(apiKey.id))?.revokedAt).toBeNull();
        expect((await knock(bearer(secret))).status).toBe(200);

        const ofBo = `from postern_identities where user_id = '${bo.id}'`;
        const raw = await openRawDatabase(stage.database);
        await raw.rows(`insert into postern_identities
          (id, user_id, provider, issuer, subject, created_at, last_used_at)
          select 'idn_of_bo', user_id, 'github', issuer, subject, created_at, last_used_at ${ofBo}`);
        expect((await knock(bearer(secret), { at: without })).status).toBe(200);
        await raw.rows(`delete ${ofBo}`);
        await raw.close();
        for (const at of [here, without]) expect(await knock(bearer(secret), { at })).toMatchObject(INVALID);
      } finally {
        await without.close();
      }
    });

    test("its person loses the permission: the key loses it too, and gets it back with them", async () => {
      const { secret } = await keyOf(li.id, { permissions: ["orders.read", "orders.refund"] });
      const refund = (at: Postern) => knock(bearer(secret), { at, permission: "orders.refund" });
      for (const at of [here, elsewhere]) expect((await refund(at)).status).toBe(200);
      await here.users.revoke(li.id, "lead", JOB);
      await here.users.grant(li.id, "support", JOB);
      for (const at of [here, elsewhere]) {
        expect((await refund(at)).status).toBe(403);
        expect((await knock(bearer(secret), { at })).status).toBe(200);
      }
      await here.users.grant(li.id, "lead", JOB);
      expect((await refund(elsewhere)).status).toBe(200);
    });

    test("its person is deleted: gone for good, also when they are restored", async () => {
      const zoe = await signIn("zoe");
      const { secret, apiKey } = await keyOf(zoe.id);
      await here.users.delete(zoe.id, JOB);
      for (const at of [here, elsewhere]) expect(await knock(bearer(secret), { at })).toMatchObject(INVALID);
      const [event] = await here.audit.list({ target: zoe.id, action: "user.deleted", limit: 1 });
      expect(event?.detail.before).toMatchObject({ apiKeys: [{ id: apiKey.id, name: "nightly" }] });
      await here.users.restore(zoe.id, JOB);
      expect(await knock(bearer(secret))).toMatchObject(INVALID);
    });
  });

  describe("who makes and revokes them", () => {
    test("people for themselves, and nobody for another; the server for anybody", async () => {
      const grace = await signIn("grace");
      const wish = { userId: li.id, name: "n", permissions: ["orders.read"] } as const;
      await expect(here.apiKeys.create(wish, grace.id)).rejects.toMatchObject({ code: "permission_denied" });
      await expect(here.apiKeys.check(wish, grace.id)).rejects.toMatchObject({ code: "permission_denied" });
      expect((await here.apiKeys.create(wish, li.id)).apiKey.createdBy).toBe(li.id);
      expect((await here.apiKeys.create(wish, "cli:root@host")).apiKey.createdBy).toBe("cli:root@host");
    });

    test("never for more than the person has, nor for what does not exist", async () => {
      const bo = await signIn("bo");
      await expect(keyOf(bo.id, { permissions: ["orders.read", "orders.refund"] })).rejects.toMatchObject({
        code: "permission_denied",
        message: expect.stringContaining("orders.refund"),
      });
      await expect(keyOf(bo.id, { permissions: ["orders.raed" as "orders.read"] })).rejects.toMatchObject({
        code: "unknown_permission",
      });
      await expect(keyOf("usr_none")).rejects.toMatchObject({ code: "user_not_found" });
      for (const wish of [
        { permissions: [] },
        { name: " " },
        { name: "x".repeat(101) },
        { name: "a\nb" },
        { lifetime: 59_999 },
        { lifetime: 365 * DAY + 1 },
        { lifetime: Number.NaN },
      ])
        await expect(keyOf(li.id, wish), JSON.stringify(wish)).rejects.toThrow(RangeError);
      const before = await here.apiKeys.list({ userId: bo.id });
      await expect(keyOf(bo.id, { permissions: ["orders.refund"] })).rejects.toThrow();
      expect(await here.apiKeys.list({ userId: bo.id })).toEqual(before);
    });

    test("their person or an administrator revokes them, and nobody else", async () => {
      const [bo, grace] = [await signIn("bo"), await signIn("grace")];
      const [one, other] = [await keyOf(li.id), await keyOf(li.id)];
      await expect(here.apiKeys.revoke(one.apiKey.id, bo.id)).rejects.toMatchObject({
        code: "permission_denied",
      });
      expect((await knock(bearer(one.secret))).status).toBe(200);
      expect(await here.apiKeys.revoke(one.apiKey.id, grace.id)).toBe(true);
      expect(await here.apiKeys.revoke(other.apiKey.id, li.id)).toBe(true);
      await expect(here.apiKeys.revoke("key_none", JOB)).rejects.toMatchObject({ code: "api_key_not_found" });
      const both = [revokedBy(one.apiKey.id), revokedBy(other.apiKey.id)];
      expect(await Promise.all(both)).toEqual([grace.id, li.id]);
    });

    const revokedBy = async (id: string) => (await here.apiKeys.get(id))?.revokedBy;

    test("a key made while its person is suspended does not outlive it, whichever comes first", async () => {
      for (let round = 0; round < 5; round++) {
        const bo = await signIn("bo");
        const [made] = await Promise.allSettled([keyOf(bo.id), here.users.suspend(bo.id, JOB)]);
        if (made.status === "fulfilled")
          expect(await knock(bearer(made.value.secret))).toMatchObject(INVALID);
        else expect(made.reason).toMatchObject({ code: "suspended" });
        await here.users.reactivate(bo.id, JOB);
      }
    });
  });

  describe("what is kept", () => {
    test("of the key only its hash; making and revoking one is one event each", async () => {
      const { secret, apiKey } = await keyOf(li.id);
      await knock(bearer(secret));
      await here.apiKeys.revoke(apiKey.id, JOB, "over");
      const events = await here.audit.list({ target: apiKey.id, limit: 9 });
      expect(events.map(({ action, actor }) => [action, actor])).toEqual([
        ["api_key.revoked", JOB],
        ["api_key.created", JOB],
      ]);
      const raw = await openRawDatabase(stage.database);
      const tables = ["postern_api_keys", "postern_audit"];
      const rows = await Promise.all(tables.map((table) => raw.rows(`select * from ${table}`)));
      await raw.close();
      const kept = JSON.stringify(rows);
      expect(kept).toContain(apiKey.id);
      expect(kept).not.toContain(secret.slice(-49));
      expect(JSON.stringify(await here.apiKeys.list())).not.toMatch(/secretHash|pst_/);
    });

    test("when it was last used, late and to the minute", async () => {
      const { secret, apiKey } = await keyOf(li.id);
      const other = await keyOf(li.id);
      const own = await open();
      await knock(bearer(secret), { at: own });
      expect((await here.apiKeys.get(apiKey.id))?.lastUsedAt).toBeNull();
      await own.close();
      const used = (await here.apiKeys.get(apiKey.id))?.lastUsedAt ?? 0;
      expect(used).toBeGreaterThanOrEqual(apiKey.createdAt);
      expect((await here.apiKeys.get(other.apiKey.id))?.lastUsedAt).toBeNull();
    });
  });
});
