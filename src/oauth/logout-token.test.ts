import { beforeAll, expect, test } from "vitest";
import { createIdTokenSigner, type IdTokenSigner } from "../testing/id-token-signer.ts";
import { scriptedOutbound } from "../testing/scripted-outbound.ts";
import { verifyIdToken } from "./id-token.ts";
import { createKeySet, type KeySet } from "./key-set.ts";
import { LOGOUT_EVENT, verifyLogoutToken } from "./logout-token.ts";

const NOW = Date.UTC(2030, 0, 1);
const SECONDS = NOW / 1000;
const JWKS = "https://sso.example.com/jwks";
const EXPECTED = {
  issuers: ["https://sso.example.com"],
  clientId: "client-1",
  algorithms: ["RS256"],
} as const;
const CLAIMS = {
  iss: "https://sso.example.com",
  aud: "client-1",
  iat: SECONDS - 1,
  exp: SECONDS + 120,
  jti: "token-1",
  events: { [LOGOUT_EVENT]: {} },
  sid: "sid-1",
  sub: "ada",
};

let signer: IdTokenSigner;
let keys: KeySet;
beforeAll(async () => {
  signer = await createIdTokenSigner(["RS256"]);
  const answers = { [`GET ${JWKS}`]: { json: await signer.keySet() } };
  const { outbound } = scriptedOutbound(answers, async ({ json }) => JSON.stringify(json));
  keys = createKeySet(JWKS, { outbound, now: () => NOW });
});

async function verify(change: Readonly<Record<string, unknown>> = {}) {
  const token = await signer.sign({ ...CLAIMS, ...change });
  return verifyLogoutToken(token, EXPECTED, keys, () => NOW);
}

const told = {
  issuer: CLAIMS.iss,
  sid: "sid-1",
  subject: "ada",
  id: "token-1",
  issuedAt: (SECONDS - 1) * 1000,
};

test.each<[string, Readonly<Record<string, unknown>>, object]>([
  ["everything", {}, told],
  ["no subject", { sub: undefined }, { ...told, subject: null }],
  ["no session", { sid: undefined }, { ...told, sid: null }],
  ["no end, as from an older provider", { exp: undefined }, told],
  ["a list of one audience", { aud: ["client-1"] }, told],
  ["other events beside", { events: { [LOGOUT_EVENT]: {}, "https://other.example/event": {} } }, told],
  ["our clock behind", { iat: SECONDS + 60, exp: SECONDS + 180 }, { issuedAt: (SECONDS + 60) * 1000 }],
  ["our clock ahead", { iat: SECONDS - 120, exp: SECONDS - 59 }, {}],
  ["five minutes on the way", { iat: SECONDS - 360, exp: undefined }, {}],
])("is taken with %s", async (_, change, expected) => {
  expect(await verify(change)).toMatchObject(expected);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["issuer_mismatch", { iss: "https://sso.example.com/" }],
  ["issuer_mismatch", { iss: undefined }],
  ["audience_mismatch", { aud: "client-2" }],
  ["audience_mismatch", { aud: ["client-1", "client-2"] }],
  ["audience_mismatch", { aud: undefined }],
  ["claim_missing", { iat: undefined }],
  ["claim_missing", { iat: String(SECONDS) }],
  ["issued_in_future", { iat: SECONDS + 61 }],
  ["token_too_old", { iat: SECONDS - 361, exp: undefined }],
  ["token_expired", { exp: SECONDS - 60 }],
  ["claim_malformed", { exp: "tomorrow" }],
  ["event_missing", { events: undefined }],
  ["event_missing", { events: [LOGOUT_EVENT] }],
  ["event_missing", { events: { [LOGOUT_EVENT]: null } }],
  ["event_missing", { events: { [LOGOUT_EVENT]: "yes" } }],
  ["event_missing", { events: { [LOGOUT_EVENT.toUpperCase()]: {} } }],
  ["nonce_present", { nonce: "n-1" }],
  ["nonce_present", { nonce: null }],
  ["session_missing", { sid: undefined, sub: undefined }],
  ["claim_malformed", { sid: 7 }],
  ["claim_malformed", { sub: "" }],
  ["claim_malformed", { sid: "a\nb" }],
  ["claim_malformed", { jti: {} }],
  ["token_id_missing", { jti: undefined }],
])("%s: %j", async (reason, change) => {
  await expect(verify(change)).rejects.toMatchObject({ code: "provider_untrusted", reason });
});

test("an ID token is no logout token, and a logout token is no ID token", async () => {
  const { events: _, ...claims } = { ...CLAIMS, exp: SECONDS + 3600 };
  const idToken = await signer.sign(claims);
  const expectedId = { ...EXPECTED, nonce: null, accessToken: "a", code: "c", state: "s" };
  expect(await verifyIdToken(idToken, expectedId, keys, () => NOW)).toMatchObject({ sub: "ada" });
  await expect(verifyLogoutToken(idToken, EXPECTED, keys, () => NOW)).rejects.toMatchObject({
    reason: "event_missing",
  });
  const logoutToken = await signer.sign({ ...CLAIMS, exp: SECONDS + 3600 });
  await expect(verifyIdToken(logoutToken, expectedId, keys, () => NOW)).rejects.toMatchObject({
    reason: "logout_token",
  });
});
