/** Why a token is not believed, and the HTTP status that says so. A code, once published, keeps its meaning. */
const CODES = {
  /** There is no `Authorization: Bearer …`. */
  token_missing: 401,
  /** Not a signed JWT, or larger than one of ours can be. */
  token_malformed: 401,
  /** Signed by another algorithm, or by none. */
  algorithm_refused: 401,
  /** A signed token for something else, such as an ID token. */
  wrong_type: 401,
  /** The issuer publishes no such key. */
  unknown_key: 401,
  signature_invalid: 401,
  wrong_issuer: 401,
  wrong_audience: 401,
  token_expired: 401,
  /** Issued in the future: a clock is wrong. */
  token_not_yet_valid: 401,
  /** A claim that must be there is not, or is not what it must be. */
  claims_invalid: 401,
  /** The issuer's keys cannot be had: nothing is wrong with the token, and nothing known of it. */
  keys_unavailable: 503,
} as const;

export type TokenErrorCode = keyof typeof CODES;

/** Thrown for a token that is not believed. The message is for logs; it never holds the token. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** 401, or 503 when the keys cannot be had. */
  get status(): 401 | 503 {
    return CODES[this.code];
  }
}
