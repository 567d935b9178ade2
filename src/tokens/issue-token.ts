import { randomToken } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import type { Principal } from "../model/principal.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "settings" | "sealer" | "now">;

/** A proof of sign-in for one other service. */
export interface IssuedToken {
  /** A signed JWT (RFC 7519), in the compact form. */
  readonly token: string;
  /** RFC 3339 in UTC. */
  readonly expiresAt: string;
}

/** A type of our own (RFC 8725 §3.11): no library takes it for an ID token, a logout token or an OAuth access token. */
const TYPE = "postern+jwt";

/**
 * Tells another service who this is and what they may do at this moment. Nobody can take it back, so it lives for
 * minutes, and never longer than the session that it was asked for with.
 * @throws PosternError `no_role`, `audience_not_allowed`
 */
export function issueToken(runtime: Uses, { user, session }: Principal, audience: string): IssuedToken {
  const { settings, sealer } = runtime;
  if (user.roles.length === 0) throw new PosternError("no_role", "The user holds no role.");
  if (!settings.tokens.audiences.includes(audience))
    throw new PosternError("audience_not_allowed", "The audience is not one of tokens.audiences.");
  const now = runtime.now();
  const end = Math.min(now + settings.tokens.lifetime, Date.parse(session.expiresAt));
  const [key] = sealer.signingKeys();
  const head = { alg: key.publicJwk.alg, typ: TYPE, kid: key.publicJwk.kid };
  const claims = {
    iss: settings.publicUrl.origin + settings.mountPath,
    sub: user.id,
    aud: audience,
    iat: seconds(now),
    exp: seconds(end),
    jti: randomToken(16),
    sid: session.id,
    roles: user.roles,
    permissions: user.permissions,
  };
  const text = `${encoded(head)}.${encoded(claims)}`;
  return { token: `${text}.${key.sign(text)}`, expiresAt: new Date(claims.exp * 1000).toISOString() };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
