import { createHash } from "node:crypto";
import type { Fault } from "../active-misbehaviours.ts";
import type { RehearsalContext } from "../context.ts";
import type { Grant } from "../grants.ts";
import { type IdTokenDraft, signIdToken } from "../id-token.ts";
import type { OpenidRules } from "./openid-rules.ts";

const ID_TOKEN_SECONDS = 3600;

/** The ID token (OpenID Connect Core §2) after every fault has had its way with it; `null` = a fault left it out. */
export async function issueIdToken(
  rules: OpenidRules,
  context: RehearsalContext,
  grant: Grant,
  accessToken: string,
  faults: readonly Fault[],
): Promise<string | null> {
  const now = Math.floor(context.now() / 1000);
  let draft: IdTokenDraft | null = {
    claims: claims(rules, context, grant, accessToken, now),
    signature: "current",
  };
  for (const { row } of faults) {
    if (draft !== null && row.idToken !== undefined) draft = row.idToken(draft, now);
  }
  return draft === null ? null : signIdToken(draft, context.keys);
}

function claims(
  rules: OpenidRules,
  context: RehearsalContext,
  grant: Grant,
  accessToken: string,
  now: number,
): Readonly<Record<string, unknown>> {
  const persona = context.people.find(grant.personaId);
  return {
    iss: rules.issuer(context, grant),
    aud: grant.clientId,
    iat: now,
    exp: now + ID_TOKEN_SECONDS,
    auth_time: grant.authTime,
    ...(grant.nonce !== null && { nonce: grant.nonce }),
    ...(grant.sid !== null && { sid: grant.sid }),
    at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
    ...(persona !== null && rules.claims(persona, grant, context)),
  };
}
