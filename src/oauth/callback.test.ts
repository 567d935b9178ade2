import { describe, expect, test } from "vitest";
import { type CallbackExpectation, readCallback } from "./callback.ts";

const STATE = "S8x2pQ7mZr41LkT0";
const ISSUER = "https://sso.example.com/realm";

const EXPECTED: CallbackExpectation = {
  state: STATE,
  codeParameter: "code",
  stateParameter: "state",
  issuers: [ISSUER],
  issuerRequired: false,
  cancelled: (parameters) => parameters.get("error") === "access_denied",
};

function read(parameters: Record<string, string>, change: Partial<CallbackExpectation> = {}) {
  return readCallback(new URLSearchParams(parameters), { ...EXPECTED, ...change });
}

test("a code comes back, whatever else comes along", () => {
  const parameters = {
    code: "4/0AdemoCodeWithSlash",
    state: STATE,
    session_state: "x",
    hd: "example.com",
    scope: "a b",
  };
  expect(read(parameters)).toEqual({ kind: "code", code: "4/0AdemoCodeWithSlash" });
});

test("other names for code and state", () => {
  const renamed = { codeParameter: "authCode", stateParameter: "echo" };
  expect(read({ authCode: "c-1", echo: STATE }, renamed)).toEqual({ kind: "code", code: "c-1" });
});

test("somebody changed their mind", () => {
  expect(read({ error: "access_denied", state: STATE })).toEqual({ kind: "cancelled" });
});

test.each([
  [{ state: STATE }, "callback_invalid", "code_missing"],
  [{ code: "", state: STATE }, "callback_invalid", "code_missing"],
  [{ code: "a\r\nb", state: STATE }, "callback_invalid", "code_malformed"],
  [{ code: "c".repeat(4097), state: STATE }, "callback_invalid", "code_malformed"],
  [{ code: "c-1" }, "callback_invalid", "state_mismatch"],
  [{ code: "c-1", state: STATE.toLowerCase() }, "callback_invalid", "state_mismatch"],
  [{ error: "access_denied", state: "another" }, "callback_invalid", "state_mismatch"],
  [{ code: "c-1", state: STATE, access_token: "t" }, "callback_invalid", "unexpected_token"],
  [{ code: "c-1", state: STATE, id_token: "t" }, "callback_invalid", "unexpected_token"],
  [{ response: "jarm", state: STATE }, "callback_invalid", "unexpected_token"],
  [{ error: "invalid_scope", state: STATE }, "provider_rejected", "invalid_scope"],
  [{ error: "login_required", state: STATE }, "provider_rejected", "login_required"],
  [{ error: "redirect_uri_mismatch", state: STATE }, "provider_rejected", "redirect_mismatch"],
  [{ error: "<script>alert(1)</script>", state: STATE }, "provider_rejected", "refused"],
  [{ error: "server_error", state: STATE }, "provider_unavailable", "server_error"],
  [
    { error: "temporarily_unavailable", state: STATE, code: "c-1" },
    "provider_unavailable",
    "temporarily_unavailable",
  ],
])("%j: %s, %s", (parameters, code, reason) => {
  expect(() => read(parameters as unknown as Record<string, string>)).toThrow(
    expect.objectContaining({ code, reason }),
  );
});

describe("the issuer of the answer (RFC 9207)", () => {
  test("the right one passes", () => {
    expect(read({ code: "c-1", state: STATE, iss: ISSUER })).toMatchObject({ kind: "code" });
  });

  test.each([
    "https://sso.example.com/realm/",
    "https://SSO.example.com/realm",
    "https://sso.example.com:443/realm",
    "https://sso.example.com/%72ealm",
    "http://sso.example.com/realm",
    "https://evil.example/realm",
    "",
  ])("%j does not", (iss) => {
    expect(() => read({ code: "c-1", state: STATE, iss })).toThrow(
      expect.objectContaining({ code: "callback_invalid", reason: "issuer_mismatch" }),
    );
  });

  test("an error from the wrong one is not even read", () => {
    expect(() => read({ error: "access_denied", state: STATE, iss: "https://evil.example" })).toThrow(
      expect.objectContaining({ reason: "issuer_mismatch" }),
    );
  });

  test("it must be there when the provider promised it", () => {
    expect(() => read({ code: "c-1", state: STATE }, { issuerRequired: true })).toThrow(
      expect.objectContaining({ code: "callback_invalid", reason: "issuer_missing" }),
    );
  });
});
