import { OAuthFailure } from "./oauth-failure.ts";

/**
 * A subject as it may be kept: 1–255 printable ASCII characters (OpenID Connect Core §2), its bytes unchanged.
 * @throws OAuthFailure `no_identifier`
 */
export function checkSubject(value: unknown): string {
  if (value === undefined || value === null || value === "") {
    throw new OAuthFailure("no_identifier", "subject_missing");
  }
  if (typeof value !== "string" || !/^[\x20-\x7e]{1,255}$/.test(value)) {
    throw new OAuthFailure("no_identifier", "subject_invalid");
  }
  return value;
}
