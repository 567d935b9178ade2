import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { encoded, forgeToken } from "../../test/support/forge-token.ts";
import { deriveSigningKey } from "../crypto/signing-key.ts";
import { createVerifier, TokenError } from "./index.ts";

const SECRET = "a-secret-of-the-issuer-0123456789-abcdef";
const NEXT = "the-next-secret-of-the-issuer-0123456789";
const MINUTE = 60_000;

/** An issuer that publishes what the test wants, and counts how often it is asked. */
let answer: (response: ServerResponse) => void;
let asked = 0;
const server = createServer((_, response) => {
  asked++;
  answer(response);
}).listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://localhost:${(server.address() as AddressInfo).port}/auth`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let now = Date.UTC(2030, 0, 1);
const open = () => createVerifier({ issuer, audience: "orders-api", now: () => now });
const seconds = () => Math.floor(now / 1_000);
let verifier = open();

const keysOf = (...secrets: string[]) => secrets.map((secret) => deriveSigningKey(secret).publicJwk);
const publish = (...keys: object[]) => {
  answer = (response) => response.end(JSON.stringify({ keys }));
};

beforeEach(() => {
  now += 24 * 60 * MINUTE;
  asked = 0;
  publish(...keysOf(SECRET));
  verifier = open();
});

const claims = (more: object = {}) => ({
  iss: issuer,
  sub: "usr_1",
  aud: "orders-api",
  iat: seconds(),
  exp: seconds() + 300,
  jti: "j",
  sid: "ses_1",
  roles: ["lead"],
  permissions: ["orders.read"],
  ...more,
});
const forge = (more: object = {}, head: object = {}) => forgeToken(SECRET, claims(more), head);

/** The code that a token is refused with; `null` = it is believed. */
async function refusal(token: string): Promise<string | null> {
  try {
    await verifier.verify(token);
    return null;
  } catch (error) {
    if (error instanceof TokenError) return error.code;
    throw error;
  }
}

test("a token tells who asks, for what, and until when; the keys are fetched once", async () => {
  expect(await verifier.verify(forge())).toEqual(claims());
  expect(await verifier.verifyHeader(`Bearer ${forge()}`)).toEqual(claims());
  expect(await verifier.verifyHeader(`bearer  ${forge()}`)).toEqual(claims());
  expect(asked).toBe(1);
});

test.each([undefined, null, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b"])(
  "the header %j holds no token",
  async (header) => {
    await expect(verifier.verifyHeader(header)).rejects.toMatchObject({ code: "token_missing", status: 401 });
  },
);

describe("time", () => {
  test("a token ends at its last second, with the tolerance on top", async () => {
    const token = forge({ exp: seconds() + 60 });
    now += 60_000 + 4_999;
    expect(await refusal(token)).toBeNull();
    now += 1;
    expect(await refusal(token)).toBe("token_expired");
  });

  test("a token from the future is refused beyond the tolerance", async () => {
    expect(await refusal(forge({ iat: seconds() + 5 }))).toBeNull();
    expect(await refusal(forge({ iat: seconds() + 6 }))).toBe("token_not_yet_valid");
    expect(await refusal(forge({ nbf: seconds() + 6 }))).toBe("token_not_yet_valid");
  });

  test("the tolerance can be none, and never be large", () => {
    for (const clockTolerance of [-1, 301, Number.NaN])
      expect(() => createVerifier({ issuer, audience: "a", clockTolerance })).toThrow(TypeError);
  });
});

describe("CVE-2026-45069, CVE-2024-47806: absent or of the wrong kind is wrong", () => {
  const CODES: Readonly<Record<string, string>> = { iss: "wrong_issuer", aud: "wrong_audience" };
  const wrong = [undefined, null, "", 0, true, {}, [], ["x"]];
  const cells = ["iss", "aud", "sub", "jti", "sid", "exp", "iat"].flatMap((claim) =>
    wrong.map((value) => [claim, value] as const),
  );

  test.each(cells)("%s: %j", async (claim, value) => {
    const code = await refusal(forge({ [claim]: value }));
    // A moment of 0 is a moment: long ago.
    const expired = claim === "exp" && value === 0;
    if (claim === "iat" && value === 0) expect(code).toBeNull();
    else if (expired) expect(code).toBe("token_expired");
    else expect([CODES[claim], "claims_invalid", "token_malformed"]).toContain(code);
  });

  test.each(["roles", "permissions"])("%s are names", async (claim) => {
    for (const value of [undefined, null, "admin", [1], { 0: "admin" }])
      expect(await refusal(forge({ [claim]: value }))).toBe("claims_invalid");
  });

  test("audiences and issuers are compared to the letter", async () => {
    for (const aud of ["Orders-api", "orders-api ", "orders", "orders-api,x", ["x", "y"]])
      expect(await refusal(forge({ aud }))).toBe("wrong_audience");
    expect(await refusal(forge({ aud: ["orders-api", "other"] }))).toBe("claims_invalid");
    for (const iss of [`${issuer}/`, issuer.toUpperCase(), "https://other.example/auth"])
      expect(await refusal(forge({ iss }))).toBe("wrong_issuer");
  });
});

describe("signatures", () => {
  test("CVE-2015-9235: the public key is no HMAC secret", async () => {
    const { createHmac, createPublicKey } = await import("node:crypto");
    const [jwk] = keysOf(SECRET);
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    const forms = [
      key.export({ type: "spki", format: "pem" }),
      key.export({ type: "spki", format: "der" }),
      JSON.stringify(jwk),
      jwk?.x ?? "",
      "",
    ];
    for (const secret of forms) {
      const text = `${encoded({ alg: "HS256", typ: "postern+jwt", kid: jwk?.kid })}.${encoded(claims())}`;
      const signature = createHmac("sha256", secret).update(text).digest("base64url");
      expect(await refusal(`${text}.${signature}`)).toBe("algorithm_refused");
    }
  });

  test("CVE-2022-23540: no signature is no token, however it is spelt", async () => {
    for (const alg of ["none", "None", "NONE", "nOnE", null, 0, ["ES256"], undefined, "ES384", "RS256"]) {
      const [, payload = "", signature = ""] = forge().split(".");
      const head = encoded({ alg, typ: "postern+jwt", kid: keysOf(SECRET)[0]?.kid });
      for (const end of ["", signature])
        expect(["algorithm_refused", "token_malformed"]).toContain(
          await refusal(`${head}.${payload}.${end}`),
        );
    }
    expect(asked).toBe(0);
  });

  test("CVE-2020-15240: no changed character is believed, whichever it is", async () => {
    const token = forge();
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "A" ? "B" : "A";
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      // The last two bits of the last character are no part of the signature.
      if (at === token.length - 1) continue;
      expect(await refusal(changed), `${at}`).not.toBeNull();
    }
    // Not even with a made-up key id for each is the issuer asked more than once.
    expect(asked).toBe(1);
  });

  test("ASVS 9.1.3: keys that the token brings along or points to are not looked at", async () => {
    const own = deriveSigningKey(NEXT).publicJwk;
    const url = new URL("/elsewhere", issuer).href;
    const head = { jku: url, x5u: url, jwk: own, x5c: ["MIIB"] };
    const [jwk] = keysOf(SECRET);
    expect(await refusal(forgeToken(NEXT, claims(), head))).toBe("unknown_key");
    expect(await refusal(forgeToken(NEXT, claims(), { ...head, kid: jwk?.kid }))).toBe("signature_invalid");
    for (const kid of [undefined, null, 0, {}, "../../dev/null", "__proto__", "' OR 1=1 --", ""])
      expect(await refusal(forgeToken(NEXT, claims(), { ...head, kid }))).toMatch(
        /^(unknown_key|token_malformed)$/,
      );
    expect(asked).toBe(1);
  });

  test("CVE-2022-29217, RFC 7515 §4.1.11: neither JSON forms nor critical headers", async () => {
    const [head, payload, signature] = forge().split(".");
    expect(await refusal(JSON.stringify({ protected: head, payload, signature }))).toBe("token_malformed");
    expect(await refusal(forge({}, { crit: ["x"], x: 1 }))).toBe("token_malformed");
    expect(await refusal(forge({}, { crit: ["b64"], b64: false }))).toBe("token_malformed");
  });

  test("ASVS 9.2.2: a token for something else is no proof, though the key is the right one", async () => {
    for (const typ of [undefined, "JWT", "at+jwt", "logout+jwt", "dpop+jwt", 1])
      expect(await refusal(forge({}, { typ })), String(typ)).toMatch(/^(wrong_type|token_malformed)$/);
  });

  test("CVE-2025-27144: what is too large is not taken apart", async () => {
    const started = performance.now();
    expect(await refusal(".".repeat(1_000_000))).toBe("token_malformed");
    expect(await refusal(forge({ sub: "x".repeat(20_000) }))).toBe("token_malformed");
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(asked).toBe(0);
  });
});

describe("the issuer's keys", () => {
  test("a new one is found when a token names it, half a minute after the last look at the earliest", async () => {
    await verifier.verify(forge());
    publish(...keysOf(NEXT, SECRET));
    now += 29_999;
    expect(await refusal(forgeToken(NEXT, claims()))).toBe("unknown_key");
    now += 1;
    expect(await refusal(forgeToken(NEXT, claims()))).toBeNull();
    expect(await refusal(forge())).toBeNull();
    expect(asked).toBe(2);
  });

  test("one that is gone is forgotten within five minutes", async () => {
    await verifier.verify(forge());
    publish(...keysOf(NEXT));
    now += 5 * MINUTE - 1;
    expect(await refusal(forge())).toBeNull();
    now += 1;
    expect(await refusal(forge())).toBe("unknown_key");
  });

  test("ten thousand made-up key ids and a hundred callers at once cost one request", async () => {
    await Promise.all(Array.from({ length: 100 }, () => verifier.verify(forge())));
    for (let i = 0; i < 10_000; i++)
      expect(await refusal(`${encoded({ alg: "ES256", kid: `k${i}` })}.e30.AAAA`)).toBe("unknown_key");
    expect(asked).toBe(1);
  });

  test("known keys outlast an issuer that is down, for an hour", async () => {
    await verifier.verify(forge());
    answer = (response) => void response.destroy();
    now += 60 * MINUTE - 1;
    expect(await refusal(forge())).toBeNull();
    now += 1;
    await expect(verifier.verify(forge())).rejects.toMatchObject({ code: "keys_unavailable", status: 503 });
  });

  test("while there are none, the issuer is asked every five seconds and not at every token", async () => {
    answer = (response) => void response.destroy();
    for (let i = 0; i < 20; i++) expect(await refusal(forge())).toBe("keys_unavailable");
    expect(asked).toBe(1);
    publish(...keysOf(SECRET));
    now += 5_000;
    expect(await refusal(forge())).toBeNull();
  });

  test("a clock that was put back does not keep old keys alive", async () => {
    await verifier.verify(forge());
    publish(...keysOf(NEXT));
    now -= 24 * 60 * MINUTE;
    expect(await refusal(forge())).toBe("unknown_key");
  });

  test("those of another kind, twisted ones and private halves do not cost the good one", async () => {
    const [jwk] = keysOf(SECRET);
    publish(
      { ...jwk, kty: "RSA", n: "AQAB", e: "AQAB" },
      { ...jwk, alg: "HS256", k: "" },
      { ...jwk, x: "AAAA" },
      { kty: "oct", kid: jwk?.kid, k: "" },
      ...keysOf(SECRET),
    );
    expect(await refusal(forge())).toBeNull();
  });

  test.each<[string, (response: ServerResponse) => void]>([
    [
      "too large",
      (response) => response.end(JSON.stringify({ keys: keysOf(SECRET), x: "x".repeat(300_000) })),
    ],
    ["a redirect", (response) => response.writeHead(302, { location: "/elsewhere" }).end()],
    ["no JSON", (response) => response.end("<html>")],
    ["a list", (response) => response.end("[]")],
    ["null", (response) => response.end("null")],
    ["without keys", (response) => response.end('{"keys":[]}')],
    ["an error", (response) => response.writeHead(500).end(JSON.stringify({ keys: keysOf(SECRET) }))],
  ])("an answer that is %s gives none", async (_, send) => {
    answer = send;
    expect(await refusal(forge())).toBe("keys_unavailable");
    expect(asked).toBe(1);
  });

  test("can be reached by another address, which is https or on this machine", async () => {
    const inside = createVerifier({
      issuer: "https://x.example/auth",
      audience: "a",
      jwksUrl: issuer,
      now: () => now,
    });
    await inside.verify(forge({ iss: "https://x.example/auth", aud: "a" }));
    for (const address of ["http://x.example", "ftp://x.example", "x", ""])
      expect(() => createVerifier({ issuer: address, audience: "a" }), address).toThrow(TypeError);
    expect(() => createVerifier({ issuer, audience: "a", jwksUrl: "http://x.example" })).toThrow(TypeError);
    expect(() => createVerifier({ issuer, audience: "" })).toThrow(TypeError);
  });
});
