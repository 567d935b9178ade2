import { randomUUID } from "node:crypto";
import { LOGOUT_EVENT } from "../../oauth/logout-token.ts";
import type { RehearsalContext } from "../context.ts";
import { type IdTokenDraft, signIdToken } from "../id-token.ts";

/** Ways to make a logout token wrong; the first seven are those of the conformance suite. `now` in seconds. */
const VARIANTS = {
  "alg-none": (draft) => ({ ...draft, signature: "none" }),
  "wrong-alg": (draft) => ({ ...draft, signature: "hmac-public-key" }),
  "wrong-iss": (draft) => withClaims(draft, { iss: "https://other.example" }),
  "wrong-aud": (draft) => withClaims(draft, { aud: "another-client" }),
  "no-event": (draft) => withClaims(draft, { events: undefined }),
  "wrong-event": (draft) => withClaims(draft, { events: { [`${LOGOUT_EVENT}x`]: {} } }),
  "with-nonce": (draft) => withClaims(draft, { nonce: "n-1" }),
  "wrong-key": (draft) => ({ ...draft, signature: "stranger" }),
  "bad-signature": (draft) => ({ ...draft, signature: "tampered" }),
  "wrong-type": (draft) => ({ ...draft, type: "at+jwt" }),
  "no-session": (draft) => withClaims(draft, { sid: undefined, sub: undefined }),
  "no-id": (draft) => withClaims(draft, { jti: undefined }),
  old: (draft, now) => withClaims(draft, { iat: now - 3600, exp: undefined }),
  expired: (draft, now) => withClaims(draft, { iat: now - 200, exp: now - 80 }),
  "from-the-future": (draft, now) => withClaims(draft, { iat: now + 600, exp: now + 720 }),
} as const satisfies Record<string, (draft: IdTokenDraft, now: number) => IdTokenDraft>;

export type LogoutVariant = keyof typeof VARIANTS;
/** The names of all variants. */
export const LOGOUT_VARIANTS = Object.keys(VARIANTS) as readonly LogoutVariant[];

/** What a logout token is to say. */
export interface LogoutWish {
  /** The application that is told. */
  readonly clientId: string;
  /** Whose newest session at that application has ended: `ada`. */
  readonly persona: string;
  /** What the token names: the session, the person, or both. Default `both`. */
  readonly by?: "sid" | "sub" | "both" | undefined;
  /** Another session than the newest. */
  readonly sid?: string | undefined;
  /** What is wrong with it. Default nothing. */
  readonly variant?: LogoutVariant | undefined;
}

/** Makes a logout token (OpenID Connect Back-Channel Logout §2.4). @throws RangeError when there is no such session */
export async function issueLogoutToken(context: RehearsalContext, wish: LogoutWish): Promise<string> {
  const { clientId, by = "both", variant } = wish;
  const persona = context.people.find(wish.persona);
  const sid = wish.sid ?? context.sessions.latest(clientId, wish.persona)?.sid;
  if (persona === null) throw new RangeError(`There is no persona ${wish.persona}.`);
  if (sid === undefined && by !== "sub") throw new RangeError(`${wish.persona} has no session there.`);
  const now = Math.floor(context.now() / 1000);
  const draft: IdTokenDraft = {
    claims: {
      iss: context.issuer,
      aud: clientId,
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      events: { [LOGOUT_EVENT]: {} },
      ...(by !== "sub" && { sid }),
      ...(by !== "sid" && { sub: persona.subject }),
    },
    signature: "current",
    type: "logout+jwt",
  };
  return signIdToken(variant === undefined ? draft : VARIANTS[variant](draft, now), context.keys);
}

/** Tells an application, as a provider's server does (§2.5). Answers what it said. */
export async function sendLogoutToken(
  to: string | URL,
  token: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(to, {
    method: "POST",
    body: new URLSearchParams({ logout_token: token }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: await response.text() };
}

function withClaims(draft: IdTokenDraft, change: Readonly<Record<string, unknown>>): IdTokenDraft {
  return { ...draft, claims: { ...draft.claims, ...change } };
}
