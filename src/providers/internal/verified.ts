import type { EmailVerified } from "../../model/identity.ts";

/** A flag of a place that writes booleans as texts; anything but true and false tells nothing. */
export function verified(value: unknown): EmailVerified {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : null;
}
