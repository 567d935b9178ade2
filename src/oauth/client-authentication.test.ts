import { expect, test } from "vitest";
import { chooseClientAuthentication, clientAuthentication } from "./client-authentication.ts";

test.each([
  [null, null, true, "client_secret_basic"],
  [null, ["client_secret_post", "client_secret_basic"], true, "client_secret_basic"],
  [null, ["client_secret_post"], true, "client_secret_post"],
  [null, ["private_key_jwt"], true, "client_secret_basic"],
  ["client_secret_post", ["client_secret_basic"], true, "client_secret_post"],
  ["client_secret_basic", null, false, "none"],
  ["none", null, false, "none"],
] as const)("configured %s, announced %j, secret %s: %s", (configured, announced, hasSecret, expected) => {
  expect(chooseClientAuthentication(configured, announced, hasSecret)).toBe(expected);
});

async function authenticate(
  method: "client_secret_basic" | "client_secret_post" | "none",
  id: string,
  secret: string | null,
) {
  const body = new URLSearchParams();
  const headers = new Headers();
  await clientAuthentication(method, secret)(
    { issuer: "https://sso.example.com" },
    { client_id: id },
    body,
    headers,
  );
  const header = headers.get("authorization")?.replace("Basic ", "") ?? null;
  return { basic: header === null ? null : Buffer.from(header, "base64").toString(), body: body.toString() };
}

test("basic leaves ordinary characters alone and form-encodes the others", async () => {
  const { basic, body } = await authenticate("client_secret_basic", "my-client_1.apps", "a:b%c+d é");
  expect(basic).toBe("my-client_1.apps:a%3Ab%25c%2Bd+%C3%A9");
  expect(body).toBe("");
});

test("post puts both into the form", async () => {
  expect(await authenticate("client_secret_post", "c", "s&1")).toEqual({
    basic: null,
    body: "client_id=c&client_secret=s%261",
  });
});

test("a public client says its name only", async () => {
  expect(await authenticate("none", "c", null)).toEqual({ basic: null, body: "client_id=c" });
});
