import { expect, test } from "vitest";
import { authorizationUrl } from "./authorization-code.ts";

const REQUEST = {
  clientId: "client 1",
  redirectUri: "https://admin.example.com/auth/callback/corp",
  scope: "openid email",
  state: "S8x2",
  nonce: "n-1",
  codeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  extra: { prompt: "login" },
};

test("holds everything, with the challenge of RFC 7636 appendix B, and keeps the endpoint's own query", () => {
  expect(authorizationUrl("https://sso.example.com/authorize?tenant=a%20b", REQUEST).href).toBe(
    "https://sso.example.com/authorize?tenant=a%20b&prompt=login&response_type=code&client_id=client%201" +
      "&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=openid%20email&state=S8x2" +
      "&nonce=n-1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
  );
});

test("leaves out what is not wanted", () => {
  const url = authorizationUrl("https://a.example/", {
    ...REQUEST,
    scope: "",
    nonce: null,
    codeVerifier: null,
    extra: {},
  });
  expect([...url.searchParams.keys()]).toEqual(["response_type", "client_id", "redirect_uri", "state"]);
});

test("extras cannot replace what the protocol needs", () => {
  const extra = {
    state: "mine",
    redirect_uri: "https://evil.example",
    code_challenge_method: "plain",
    nonce: "",
  };
  const { searchParams } = authorizationUrl("https://sso.example.com/authorize?state=fixed", {
    ...REQUEST,
    extra,
  });
  expect(searchParams.getAll("state")).toEqual(["S8x2"]);
  expect(searchParams.getAll("redirect_uri")).toEqual([REQUEST.redirectUri]);
  expect(searchParams.getAll("code_challenge_method")).toEqual(["S256"]);
  expect(searchParams.getAll("nonce")).toEqual(["n-1"]);
});
