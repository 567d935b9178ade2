import type { ExpectedPerson, PendingGrant } from "../model/pending-grant.ts";
import type { Invocation } from "./invocation.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";

/** Somebody who has not been here yet, as they are written on the command line. */
export function expectedName({ provider, who }: ExpectedPerson): string {
  return printable(provider === null ? who : `${provider}:${who}`);
}

/** A role that waits, as `--json` shows it. Times are RFC 3339 in UTC. */
export function pendingDocument({ createdAt, expiresAt, ...grant }: PendingGrant): object {
  const end = expiresAt === null ? null : rfc3339(expiresAt);
  return { ...grant, createdAt: rfc3339(createdAt), expiresAt: end };
}

/** A change to a role that waits, for `--json`. */
export function pendingChange(
  { flags }: Pick<Invocation, "flags">,
  action: "pending_grant.created" | "pending_grant.changed" | "pending_grant.revoked",
  changed: boolean,
  { provider, who }: ExpectedPerson,
  role: string,
): object {
  return { dryRun: flags.dryRun, warnings: [], action, changed, role, pending: { provider, who } };
}
