import { describe, expect, test } from "vitest";
import { metadata } from "../../test/support/scripted-provider.ts";
import { checkMetadata } from "./discovery.ts";

const ISSUER = "https://sso.example.com/realm";

test("what is needed is taken over", () => {
  const body = {
    ...metadata(ISSUER),
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
  };
  expect(checkMetadata(body, ISSUER)).toEqual({
    issuer: ISSUER,
    authorizationEndpoint: `${ISSUER}/authorize`,
    tokenEndpoint: `${ISSUER}/token`,
    jwksUri: `${ISSUER}/jwks`,
    userInfoEndpoint: `${ISSUER}/userinfo`,
    revocationEndpoint: null,
    endSessionEndpoint: null,
    backChannelLogout: true,
    clientAuthentications: ["client_secret_post"],
    idTokenAlgorithms: ["RS256", "PS256", "ES256", "ES384", "EdDSA"],
    sendsIssuer: true,
  });
});

test("what is optional may be absent", () => {
  const { userinfo_endpoint: _1, id_token_signing_alg_values_supported: _2, ...body } = metadata(ISSUER);
  expect(checkMetadata(body, ISSUER)).toMatchObject({
    userInfoEndpoint: null,
    clientAuthentications: null,
    idTokenAlgorithms: null,
    backChannelLogout: false,
    sendsIssuer: false,
  });
});

describe("another issuer", () => {
  test.each([
    `${ISSUER}/`,
    "https://SSO.example.com/realm",
    "https://sso.example.com:443/realm",
    "https://sso.example.com/{tenant}",
    "https://sso.example.com",
    "",
    null,
    42,
    [ISSUER],
  ])("%j is refused", (issuer) => {
    expect(() => checkMetadata({ ...metadata(ISSUER), issuer }, ISSUER)).toThrow(
      expect.objectContaining({ code: "provider_untrusted", reason: "issuer_mismatch" }),
    );
  });

  test("the administrator sees what the provider calls itself, unless that is no address", () => {
    const announced = (issuer: string): unknown => {
      try {
        return checkMetadata({ ...metadata(ISSUER), issuer }, ISSUER);
      } catch (error) {
        return (error as { detail?: { announced?: string } }).detail?.announced;
      }
    };
    expect(announced(`${ISSUER}/`)).toBe(`${ISSUER}/`);
    expect(announced("https://user:secret@sso.example.com")).toBeUndefined();
    expect(announced("call me")).toBeUndefined();
  });
});

describe("a member that is wrong", () => {
  test.each([
    ["authorization_endpoint", undefined],
    ["authorization_endpoint", "javascript:alert(1)"],
    ["authorization_endpoint", "https://sso.example.com/a#b"],
    ["token_endpoint", undefined],
    ["token_endpoint", "http://sso.example.com/token"],
    ["token_endpoint", "http://127.0.0.1/token"],
    ["token_endpoint", "https://user:pass@sso.example.com/token"],
    ["token_endpoint", ["https://sso.example.com/token"]],
    ["jwks_uri", undefined],
    ["jwks_uri", "file:///etc/passwd"],
    ["jwks_uri", "data:application/json,{}"],
    ["jwks_uri", "/jwks"],
    ["userinfo_endpoint", "ftp://sso.example.com"],
    ["userinfo_endpoint", 7],
    ["token_endpoint_auth_methods_supported", "client_secret_basic"],
    ["id_token_signing_alg_values_supported", [256]],
    ["authorization_response_iss_parameter_supported", "true"],
  ])("%s = %j is refused", (member, value) => {
    expect(() => checkMetadata({ ...metadata(ISSUER), [member]: value }, ISSUER)).toThrow(
      expect.objectContaining({
        code: "provider_untrusted",
        reason: "metadata_invalid",
        detail: { endpoint: "discovery", member },
      }),
    );
  });
});
