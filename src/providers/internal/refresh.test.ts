import { expect, test } from "vitest";
import { recordingLog } from "../../../test/support/scripted-provider.ts";
import { SUITE } from "../../testing/provider-suite.ts";
import { scriptedOutbound } from "../../testing/scripted-outbound.ts";
import { connect } from "../connect.ts";
import { oidc } from "../oidc.ts";

const BASE = "https://sso.example.com";
const { clientId, clientSecret, redirectUri } = SUITE;

function encode(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** Signed by nobody knows whom. */
const idTokenOf = (payload: unknown) => `${encode({ alg: "RS256", kid: "k1" })}.${encode(payload)}.c2ln`;

const BEFORE = {
  accessToken: "at-1",
  refreshToken: "rt-1",
  idToken: idTokenOf({ iss: BASE, sub: "u-1" }),
  expiresAt: 1,
  scope: "openid",
};

/** What a refresh brings while the provider's keys cannot be had. */
async function refreshWithoutKeys(idToken: string) {
  const log = recordingLog();
  const { outbound } = scriptedOutbound(
    {
      [`GET ${BASE}/.well-known/openid-configuration`]: {
        json: {
          issuer: BASE,
          authorization_endpoint: `${BASE}/authorize`,
          token_endpoint: `${BASE}/token`,
          jwks_uri: `${BASE}/jwks`,
        },
      },
      [`POST ${BASE}/token`]: {
        json: { access_token: "at-2", refresh_token: "rt-2", token_type: "Bearer", id_token: idToken },
      },
      [`GET ${BASE}/jwks`]: { status: 503, json: {} },
    },
    async ({ json }) => JSON.stringify(json),
  );
  const corp = oidc({ id: "corp", name: "Corp", issuer: BASE, clientId, clientSecret });
  const provider = connect(corp, { outbound, now: () => SUITE.now, log });
  return { result: await provider.refresh(BEFORE, redirectUri), lines: log.lines };
}

test("while the keys cannot be had, what a refresh brings is kept beside the ID token that is known", async () => {
  const { result, lines } = await refreshWithoutKeys(idTokenOf({ iss: BASE, sub: "u-1", iat: 2 }));
  expect(result).toEqual({
    kind: "refreshed",
    tokens: { ...BEFORE, accessToken: "at-2", refreshToken: "rt-2", expiresAt: null },
  });
  expect(lines).toEqual([
    {
      provider: "corp",
      code: "provider_unavailable",
      reason: "jwks_status",
      message: "The ID token of a refresh cannot be checked; the one before stays.",
    },
  ]);
});

test.each([
  ["says to be somebody else's", { iss: BASE, sub: "u-2" }],
  ["says nothing that can be read", "{"],
])("but not when the one that came %s", async (_, payload) => {
  const { result } = await refreshWithoutKeys(idTokenOf(payload));
  expect(result).toMatchObject({ kind: "failed", code: "provider_unavailable", reason: "jwks_status" });
});
