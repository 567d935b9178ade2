import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { openStage, type Stage } from "../attacks/stage.ts";
import { SECRET } from "../support/back-office.ts";
import { encoded, forgeToken, partOf } from "../support/forge-token.ts";
import { type PackedPackage, packPackage } from "../support/packed-package.ts";
import { findPython } from "../support/python.ts";
import { type RunningService, recipe, startService } from "../support/recipe.ts";

const MINUTE = 60_000;

let stage: Stage;
let packed: PackedPackage;
let li: Person;

beforeAll(async () => {
  packed = await packPackage(["express"]);
  writeFileSync(join(packed.project, "package.json"), JSON.stringify({ type: "module" }));
  stage = await openStage({
    options: {
      tokens: { audiences: ["demo-api", "other-api"] },
      roles: { lead: ["orders.read", "orders.refund"] },
      access: [
        { when: { email: "liwei@demo.example" }, then: "allow", roles: ["lead"] },
        { when: { emailDomain: "demo.example" }, then: "allow" },
      ],
    },
  });
  li = new Person(stage.office.url);
  await li.signIn("rehearsal", "liwei");
});
afterAll(async () => {
  await stage?.close();
  await packed?.remove();
});

/** What a front end does: asks the real back office, with its session. */
async function tokenFor(audience: string, person = li): Promise<string> {
  const response = await person.request("/auth/token", {
    api: true,
    method: "POST",
    body: JSON.stringify({ audience }),
    headers: { "content-type": "application/json", origin: stage.office.url },
  });
  return ((await response.json()) as { token: string }).token;
}

const RECIPES = [
  { file: "orders_api.py", program: findPython() ?? "python3" },
  { file: "orders-api.ts", program: process.execPath },
] as const;

describe.each(RECIPES)("the recipe $file of docs/services.md, as it stands there", ({ file, program }) => {
  let service: RunningService;

  const start = (issuer: string) => startService([program, file], packed.project, { POSTERN_ISSUER: issuer });

  beforeAll(async () => {
    writeFileSync(join(packed.project, file), recipe("services.md", file));
    service = await start(`${stage.office.url}/auth`);
  });
  afterAll(() => service?.close());

  const call = (token: string | null, at = service) =>
    fetch(`${at.url}/orders`, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });

  async function expectRefused(token: string | null): Promise<void> {
    const response = await call(token);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  }

  test("believes a token of the back office", async () => {
    const response = await call(await tokenFor("demo-api"));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ for: (await li.session())?.user.id, orders: [1001] });
  });

  test("refuses somebody who may not", async () => {
    const bo = new Person(stage.office.url);
    await bo.signIn("rehearsal", "bo");
    expect((await call(await tokenFor("demo-api", bo))).status).toBe(403);
  });

  test("refuses one that has expired", async () => {
    stage.passTime(-10 * MINUTE);
    const earlier = new Person(stage.office.url);
    await earlier.signIn("rehearsal", "liwei");
    const token = await tokenFor("demo-api", earlier);
    stage.passTime(10 * MINUTE);
    await expectRefused(token);
  });

  test("refuses one that was issued in the future", async () => {
    const claims = partOf(await tokenFor("demo-api"), 1);
    const later = Math.floor(Date.now() / 1000) + 60;
    await expectRefused(forgeToken(SECRET, { ...claims, iat: later, exp: later + 300 }));
  });

  test("refuses one for another service, and one for several", async () => {
    await expectRefused(await tokenFor("other-api"));
    const claims = partOf(await tokenFor("demo-api"), 1);
    await expectRefused(forgeToken(SECRET, { ...claims, aud: ["demo-api", "other-api"] }));
  });

  test("refuses one of another back office", async () => {
    const claims = partOf(await tokenFor("demo-api"), 1);
    await expectRefused(forgeToken(SECRET, { ...claims, iss: "https://elsewhere.example/auth" }));
    await expectRefused(forgeToken("another-secret-of-another-office-01234", claims));
  });

  test("refuses one that was tampered with", async () => {
    const token = await tokenFor("demo-api");
    const [head, , signature] = token.split(".");
    const more = encoded({ ...partOf(token, 1), permissions: ["orders.read", "everything"] });
    await expectRefused(`${head}.${more}.${signature}`);
    for (const at of [10, Math.floor(token.length / 2), token.length - 10])
      await expectRefused(token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1));
  });

  test("refuses one without a signature, or signed with the public key as a password", async () => {
    const { createHmac } = await import("node:crypto");
    const token = await tokenFor("demo-api");
    const [, claims = ""] = token.split(".");
    const keys = await (await fetch(`${stage.office.url}/auth/.well-known/jwks.json`)).text();
    await expectRefused(`${encoded({ ...partOf(token, 0), alg: "none" })}.${claims}.`);
    const text = `${encoded({ ...partOf(token, 0), alg: "HS256" })}.${claims}`;
    await expectRefused(`${text}.${createHmac("sha256", keys).update(text).digest("base64url")}`);
  });

  test("refuses a token of another kind, and one without an end", async () => {
    const claims = partOf(await tokenFor("demo-api"), 1);
    for (const typ of ["JWT", "at+jwt", "logout+jwt"])
      await expectRefused(forgeToken(SECRET, claims, { typ }));
    await expectRefused(forgeToken(SECRET, { ...claims, exp: undefined }));
  });

  test("refuses what is no token at all", async () => {
    // Larger headers than this are refused by the servers in front of both.
    for (const token of [null, "", "x", "a.b.c", "a.b.c.d.e", "[".repeat(4_000), ".".repeat(8_000)])
      await expectRefused(token);
  });

  test("says 503, and not 401, while it has never had the keys", async () => {
    const alone = await start("http://127.0.0.1:9/auth");
    try {
      expect((await call(await tokenFor("demo-api"), alone)).status).toBe(503);
    } finally {
      await alone.close();
    }
  });
});
