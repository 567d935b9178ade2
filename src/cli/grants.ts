import type { RoleGrant } from "../model/role.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";
import type { Words } from "./words/en.ts";

/** A grant as `--json` shows it. Times are RFC 3339 in UTC. */
export function grantDocument({ role, source, createdAt, reason, expiresAt }: RoleGrant): object {
  const end = expiresAt === null ? null : rfc3339(expiresAt);
  return { role, source, createdAt: rfc3339(createdAt), reason, expiresAt: end };
}

/** `support (by hand: covers for Bo, until 2027-01-31T00:00:00.000Z)` */
export function grantText(
  words: Words,
  grant: Pick<RoleGrant, "role" | "source" | "reason" | "expiresAt">,
): string {
  const { role, source } = grant;
  return words.users.held(role, words.users.sources[source], grantDetails(words, grant));
}

/** Why somebody has a role, and until when. */
export function grantDetails(
  { users }: Words,
  { reason, expiresAt }: Pick<RoleGrant, "reason" | "expiresAt">,
): readonly string[] {
  return [
    ...(reason === null ? [] : [printable(reason)]),
    ...(expiresAt === null ? [] : [users.until(rfc3339(expiresAt))]),
  ];
}
