import { randomToken } from "../crypto/random.ts";
import type { EmailVerified, IdentityKey } from "../model/identity.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Runtime } from "../runtime.ts";
import { setCookie } from "../web/cookie-names.ts";
import { readCookie } from "../web/cookies.ts";
import type { ReturnTarget } from "../web/return-target.ts";

type Uses = Pick<Runtime, "sealer" | "settings" | "now">;

/** That the provider has vouched for somebody in this browser, who may ask to be let in. Sealed into a cookie. */
export interface RequestProof extends IdentityKey {
  /** Its form must name it: of two tabs with two people neither asks for the other one. It also is spent by it. */
  readonly nonce: string;
  /** Other ids of the same person there. */
  readonly subjectAliases: readonly string[];
  /** The local user, when there is one; `null` = none. */
  readonly userId: string | null;
  readonly handle: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  readonly returnTo: ReturnTarget;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long somebody may take to ask, in milliseconds. */
export const PROOF_LIFETIME = 15 * 60_000;

/** Names are for people to read; the cookie must stay one that browsers keep (4 KiB). */
const LONGEST_NAME = 200;
const LONGEST_COOKIE = 3_800;

/** Who arrived, as the proof keeps them. */
export interface Applicant {
  /** Provider instance id. */
  readonly provider: string;
  readonly userInfo: UserInfo;
  readonly userId: string | null;
  readonly returnTo: ReturnTarget;
}

/** The `Set-Cookie` value that lets this browser ask for that person; `null` for somebody whose ids are too long for one. */
export function keepProof(
  runtime: Uses,
  applicant: Applicant,
): { readonly proof: RequestProof; readonly cookie: string } | null {
  const { provider, userInfo, userId, returnTo } = applicant;
  const { issuer, subject, subjectAliases, emailVerified } = userInfo;
  const proof: RequestProof = {
    nonce: randomToken(16),
    provider,
    issuer,
    subject,
    subjectAliases,
    userId,
    handle: short(userInfo.handle),
    name: short(userInfo.name),
    email: short(userInfo.email),
    emailVerified,
    returnTo,
    expiresAt: runtime.now() + PROOF_LIFETIME,
  };
  const name = runtime.settings.cookies.accessRequest;
  const value = runtime.sealer.seal("access-request", proof, name);
  if (value.length > LONGEST_COOKIE) return null;
  return {
    proof,
    cookie: setCookie(runtime.settings.cookies, { name, value, maxAge: PROOF_LIFETIME / 1000 }),
  };
}

/** Whom this browser may ask for; `null` = nobody, or not any more. */
export function findProof(runtime: Uses, cookies: string | null): RequestProof | null {
  const name = runtime.settings.cookies.accessRequest;
  const sealed = readCookie(cookies, name);
  if (sealed === null) return null;
  // What the seal opens, we sealed ourselves: its shape needs no second check.
  const proof = runtime.sealer.open("access-request", sealed, name) as RequestProof | null;
  return proof !== null && runtime.now() < proof.expiresAt ? proof : null;
}

function short(text: string | null): string | null {
  return text === null ? null : [...text].slice(0, LONGEST_NAME).join("");
}
