import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { createVerifier } from "../../src/verify/index.ts";
import { SECRET } from "../support/back-office.ts";
import { forgeToken, partOf } from "../support/forge-token.ts";
import { openStage, type Stage } from "./stage.ts";

const MINUTE = 60_000;
const ORIGIN = "https://front.example";

let stage: Stage;
let ada: Person;
beforeAll(async () => {
  stage = await openStage({
    options: {
      tokens: { audiences: ["demo-api", "orders-api"] },
      roles: { lead: ["orders.refund"] },
      allowedOrigins: [ORIGIN],
    },
  });
  ada = new Person(stage.office.url);
  await ada.signIn("rehearsal", "ada");
});
afterAll(() => stage.close());

interface Ask {
  readonly person?: Person;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

const body = (audience: unknown) => JSON.stringify({ audience });

function ask(content: string, { person = ada, headers, method = "POST" }: Ask = {}): Promise<Response> {
  return person.request("/auth/token", {
    api: true,
    method,
    body: content,
    headers: { "content-type": "application/json", origin: stage.office.url, ...headers },
  });
}

async function tokenFor(audience: string, person = ada): Promise<string> {
  const response = await ask(body(audience), { person });
  expect(response.status).toBe(200);
  return (await read(response)).token;
}

function verifierFor(audience: string, options: { ahead?: number; issuer?: string } = {}) {
  const { ahead = 0, issuer = `${stage.office.url}/auth` } = options;
  return createVerifier({ issuer, audience, now: () => Date.now() + ahead });
}

/** What the doors of tokens answer, as far as a test looks at it. */
interface Answer {
  readonly token: string;
  readonly expiresAt: string;
  readonly code: string;
  readonly keys: readonly object[];
}
const read = async (response: Response) => (await response.json()) as Answer;
const codeOf = async (response: Response) => [response.status, (await read(response)).code];

describe("what is handed out", () => {
  test("says who, for whom, as what, by which session, and for how long", async () => {
    const session = await ada.session();
    const response = await ask(body("demo-api"));
    expect(response.headers.get("cache-control")).toBe("no-store");
    const { token, expiresAt, ...rest } = await read(response);
    expect(rest).toEqual({});
    expect(partOf(token, 0)).toEqual({ alg: "ES256", typ: "postern+jwt", kid: expect.any(String) });
    const claims = await verifierFor("demo-api").verify(token);
    expect(claims).toEqual({
      iss: `${stage.office.url}/auth`,
      sub: session?.user.id,
      aud: "demo-api",
      iat: expect.any(Number),
      exp: claims.iat + 300,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      sid: session?.session.id,
      roles: ["member", "owner"],
      permissions: ["orders.refund"],
    });
    expect(Date.parse(expiresAt)).toBe(claims.exp * 1000);
    expect(expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    expect(partOf(await tokenFor("demo-api"), 1).jti).not.toBe(claims.jti);
  });

  test("is read by nobody but the service it names", async () => {
    const token = await tokenFor("demo-api");
    await expect(verifierFor("orders-api").verify(token)).rejects.toMatchObject({ code: "wrong_audience" });
  });

  test("is good for five minutes, and not for a second more than the tolerance", async () => {
    const token = await tokenFor("demo-api");
    const left = Number(partOf(token, 1).exp) * 1000 - Date.now();
    await verifierFor("demo-api", { ahead: left + 3_000 }).verify(token);
    await expect(verifierFor("demo-api", { ahead: left + 5_001 }).verify(token)).rejects.toMatchObject({
      code: "token_expired",
    });
  });

  test("tells the rights of that moment: a role taken away is gone within a second", async () => {
    const li = new Person(stage.office.url);
    await li.signIn("rehearsal", "liwei");
    const id = (await li.session())?.user.id ?? "";
    await stage.office.door.users.grant(id, "lead", "job:test");
    expect(partOf(await tokenFor("demo-api", li), 1).permissions).toEqual(["orders.refund"]);
    await stage.office.door.users.revoke(id, "lead", "job:test");
    expect(partOf(await tokenFor("demo-api", li), 1).permissions).toEqual([]);
  });

  test("never outlives the session", async () => {
    const bo = new Person(stage.office.url);
    await bo.signIn("rehearsal", "bo");
    const end = Date.parse((await bo.session())?.session.expiresAt ?? "");
    // Day by day, so that it does not end for want of a visit.
    const far = await stage.openOffice({ session: { idle: 7 * 24 * 60 * MINUTE } });
    const there = new Person(far.url, { jar: bo.jar });
    const ahead = end - Date.now() - MINUTE;
    stage.passTime(ahead);
    const response = await ask(body("demo-api"), { person: there, headers: { origin: far.url } });
    expect(Date.parse((await read(response)).expiresAt)).toBe(Math.floor(end / 1000) * 1000);
    stage.passTime(-ahead);
  });
});

describe("who is given one", () => {
  test("nobody who is not signed in, and no redirect", async () => {
    const stranger = new Person(stage.office.url);
    const response = await ask(body("demo-api"), { person: stranger });
    expect(response.headers.get("location")).toBeNull();
    expect(await response.json()).toMatchObject({
      code: "authentication_required",
      signInUrl: expect.stringContaining("/auth/sign-in"),
    });
  });

  test("nobody whose session has ended", async () => {
    const bo = new Person(stage.office.url);
    await bo.signIn("rehearsal", "bo");
    const jar = bo.jar.copy();
    await bo.post("/auth/sign-out");
    const again = new Person(stage.office.url, { jar });
    expect((await ask(body("demo-api"), { person: again })).status).toBe(401);
  });

  test("another site gets none, a listed one does, and may read it", async () => {
    const refused = await ask(body("demo-api"), { headers: { origin: "https://evil.example" } });
    expect(await codeOf(refused)).toEqual([403, "cross_origin"]);
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    const allowed = await ask(body("demo-api"), {
      headers: { origin: ORIGIN, "sec-fetch-site": "cross-site" },
    });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(allowed.headers.get("access-control-allow-credentials")).toBe("true");
  });

  test("a form cannot ask, whatever it says it is", async () => {
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])
      expect((await ask(body("demo-api"), { headers: { "content-type": type } })).status).toBe(415);
  });

  test("not by GET", async () => {
    const response = await ada.request("/auth/token?audience=demo-api", { api: true });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test("a token is no session, in no header", async () => {
    const token = await tokenFor("demo-api");
    const cookies = { cookie: `postern=${token}; __Host-postern=${token}` };
    for (const headers of [cookies, { authorization: `Bearer ${token}` }]) {
      const stranger = new Person(stage.office.url);
      expect((await stranger.request("/auth/session", { api: true, headers })).status).toBe(401);
      expect((await stranger.request("/api/me", { api: true, headers })).status).toBe(401);
    }
  });
});

describe("what is asked for", () => {
  test.each([
    "",
    "null",
    "[]",
    '"demo-api"',
    "{",
    "{}",
    '{"audience":["demo-api"]}',
    '{"audience":{"0":"demo-api"}}',
    '{"audience":null}',
    '{"audience":1}',
    '{"__proto__":{"audience":"demo-api"}}',
  ])("%s is no request", async (content) => {
    expect(await codeOf(await ask(content))).toEqual([400, "request_malformed"]);
  });

  test.each(["other", "demo-api ", "DEMO-API", "demo-api,orders-api", "", "demo", "constructor", "\u0000"])(
    "%j is not in the list",
    async (audience) => {
      const response = await ask(body(audience));
      const text = await response.text();
      expect([response.status, JSON.parse(text).code]).toEqual([422, "audience_not_allowed"]);
      // Which ones are is no business of whoever guesses.
      expect(text).not.toContain("orders-api");
    },
  );

  test("more than 64 KiB are not read", async () => {
    const response = await ask(JSON.stringify({ audience: "demo-api", x: "x".repeat(70_000) }));
    expect(await codeOf(response)).toEqual([413, "request_too_large"]);
  });

  test("where no audience is named, there is no token", async () => {
    const closed = await stage.openOffice({ tokens: {} });
    const there = new Person(closed.url, { jar: ada.jar });
    const response = await ask(body("demo-api"), { person: there, headers: { origin: closed.url } });
    expect(response.status).toBe(422);
  });
});

describe("the keys", () => {
  test("are public, for everybody, and hold nothing private", async () => {
    const response = await new Person(stage.office.url).request("/auth/.well-known/jwks.json", {
      api: true,
      headers: { origin: "https://anywhere.example" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    const { keys } = await read(response);
    expect(keys).toEqual([
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        use: "sig",
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      },
    ]);
  });

  test("of a rotated secret: what the old one signed is believed until it expires, and the new one signs", async () => {
    const before = await tokenFor("demo-api");
    const rotated = await stage.openOffice({ secret: ["the-next-secret-of-the-office-0123456789", SECRET] });
    const there = new Person(rotated.url, { jar: ada.jar });
    const response = await ask(body("demo-api"), { person: there, headers: { origin: rotated.url } });
    const after: string = (await read(response)).token;
    expect(partOf(after, 0).kid).not.toBe(partOf(before, 0).kid);

    const jwksUrl = `${rotated.url}/auth/.well-known/jwks.json`;
    const issuer = `${stage.office.url}/auth`;
    await createVerifier({ issuer, audience: "demo-api", jwksUrl }).verify(before);
    await verifierFor("demo-api", { issuer: `${rotated.url}/auth` }).verify(after);
    await expect(verifierFor("demo-api").verify(after)).rejects.toMatchObject({ code: "unknown_key" });
  });

  test("of another back office vouch for nothing here", async () => {
    const other = await stage.openOffice({ secret: "another-secret-for-another-office-0123" });
    const verifier = verifierFor("demo-api");
    const claims = partOf(await tokenFor("demo-api"), 1);
    await expect(
      verifier.verify(forgeToken("another-secret-for-another-office-0123", claims)),
    ).rejects.toMatchObject({ code: "unknown_key" });
    await expect(
      verifierFor("demo-api", { issuer: `${other.url}/auth` }).verify(await tokenFor("demo-api")),
    ).rejects.toMatchObject({ code: "unknown_key" });
    const twin = await stage.openOffice();
    await expect(
      verifierFor("demo-api", { issuer: `${twin.url}/auth` }).verify(await tokenFor("demo-api")),
    ).rejects.toMatchObject({ code: "wrong_issuer" });
  });
});
