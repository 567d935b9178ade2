import type { Postern } from "../../postern.ts";
import type { Invocation } from "../invocation.ts";
import { expectedName, pendingDocument } from "../pending.ts";
import { rfc3339 } from "../people.ts";
import { printable } from "../printable.ts";

/** `postern users list --pending`: the roles that wait for somebody's first sign-in, oldest first. */
export async function listPending({ words, out }: Invocation, door: Postern): Promise<void> {
  const grants = await door.users.pendingGrants();
  if (out.jsonl) return void grants.map(pendingDocument).forEach(out.jsonLine);
  if (out.json) return out.answer({ items: grants.map(pendingDocument) }, "");
  const { id, who, role, createdAt, createdBy, reason, until } = words.lifecycle.pendingHeadings;
  out.table(
    [id, who, role, createdAt, createdBy, reason, until],
    grants.map((grant) => [
      grant.id,
      expectedName(grant),
      grant.role,
      rfc3339(grant.createdAt),
      grant.createdBy,
      printable(grant.reason ?? ""),
      grant.expiresAt === null ? "" : rfc3339(grant.expiresAt),
    ]),
  );
}
