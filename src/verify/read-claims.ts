import { TokenError } from "./token-error.ts";

/** What a token says, under its names in RFC 7519. Times are seconds since the epoch. */
export interface TokenClaims {
  /** The back office that vouches: its `publicUrl` and mount path. */
  readonly iss: string;
  /** `usr_…`: who asks. */
  readonly sub: string;
  /** The one service it is meant for. */
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  /** Another one in every token. */
  readonly jti: string;
  /** `ses_…`: the session it was asked for with. */
  readonly sid: string;
  /** As granted, without the roles that they include: an owner is `["owner"]`. */
  readonly roles: readonly string[];
  /** Everything that the roles allowed when it was issued. */
  readonly permissions: readonly string[];
}

/** The claims of a token whose signature holds: every one is there and what it must be. @throws TokenError `claims_invalid` */
export function readClaims(payload: Readonly<Record<string, unknown>>): TokenClaims {
  return {
    iss: text(payload, "iss"),
    sub: text(payload, "sub"),
    aud: text(payload, "aud"),
    iat: time(payload, "iat"),
    exp: time(payload, "exp"),
    jti: text(payload, "jti"),
    sid: text(payload, "sid"),
    roles: names(payload, "roles"),
    permissions: names(payload, "permissions"),
  };
}

function text(payload: Readonly<Record<string, unknown>>, claim: keyof TokenClaims): string {
  const value = payload[claim];
  if (typeof value !== "string" || value === "") throw invalid(claim);
  return value;
}

function time(payload: Readonly<Record<string, unknown>>, claim: keyof TokenClaims): number {
  const value = payload[claim];
  if (!Number.isSafeInteger(value)) throw invalid(claim);
  return value as number;
}

function names(payload: Readonly<Record<string, unknown>>, claim: keyof TokenClaims): readonly string[] {
  const value = payload[claim];
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string")) throw invalid(claim);
  return value;
}

function invalid(claim: string): TokenError {
  return new TokenError("claims_invalid", `The claim ${claim} is absent or not what it must be.`);
}
