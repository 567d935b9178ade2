export { createVerifier, type Verifier, type VerifierOptions } from "./create-verifier.ts";
export type { TokenClaims } from "./read-claims.ts";
export { TokenError, type TokenErrorCode } from "./token-error.ts";
