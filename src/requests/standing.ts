import { type AccessRequest, isStanding } from "../model/access-request.ts";
import type { IdentityKey } from "../model/identity.ts";
import type { Store } from "../model/store.ts";

/** Somebody, under every id that the provider knows them by. */
export interface KnownAs extends IdentityKey {
  readonly subjectAliases: readonly string[];
}

/** Where somebody stands who may ask to be let in. Times are milliseconds since the epoch. */
export type Standing =
  | { readonly kind: "may-ask" }
  | { readonly kind: "pending"; readonly since: number }
  | { readonly kind: "approved" }
  | { readonly kind: "declined"; readonly reason: string | null; readonly askAgainAt: number };

/** The request of somebody, whatever has become of it; `null` = they have never asked. */
export async function findRequest(
  { accessRequests }: Pick<Store, "accessRequests">,
  { provider, issuer, subject, subjectAliases }: KnownAs,
): Promise<AccessRequest | null> {
  for (const known of [subject, ...subjectAliases]) {
    const request = await accessRequests.find({ provider, issuer, subject: known });
    if (request !== null) return request;
  }
  return null;
}

/** What a request means now for somebody who is that user here; `null` = nobody. */
export function standingOf(request: AccessRequest | null, userId: string | null, now: number): Standing {
  if (request === null || !isStanding(request, now)) return { kind: "may-ask" };
  if (request.status === "declined")
    return { kind: "declined", reason: request.reason, askAgainAt: request.askAgainAt ?? now };
  if (request.status === "pending") return { kind: "pending", since: request.createdAt };
  return isMeantFor(request, userId) ? { kind: "approved" } : { kind: "may-ask" };
}

/** False for whoever was deleted since they asked: they come back as somebody else, who inherits nothing. */
export function isMeantFor(request: Pick<AccessRequest, "userId">, userId: string | null): boolean {
  return request.userId === null || request.userId === userId;
}
