import { randomBytes } from "node:crypto";
import type { RehearsalContext } from "./context.ts";
import type { Grant } from "./grants.ts";

/** A new opaque access token for a grant. */
export function issueAccessToken({ grants }: RehearsalContext, grant: Grant, prefix: string): string {
  const token = `${prefix}${randomBytes(32).toString("base64url")}`;
  grants.addAccessToken(token, grant);
  return token;
}

/** A new refresh token for a grant. */
export function issueRefreshToken({ grants }: RehearsalContext, grant: Grant, prefix: string): string {
  const token = `${prefix}${randomBytes(32).toString("base64url")}`;
  grants.addRefreshToken(token, grant);
  return token;
}
