import { type DeletedUser, RESTORABLE_FOR } from "../../model/deleted-user.ts";
import type { Postern } from "../../postern.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";

/** `postern users list --deleted`: who can be restored, last deleted first; 200 at most. */
export async function listDeleted({ words, out }: Invocation, door: Postern, limit: number): Promise<void> {
  const documents = (await door.users.deleted({ limit })).map(asDocument);
  if (out.jsonl) return void documents.forEach(out.jsonLine);
  if (out.json) return out.answer({ items: documents }, "");
  const { id, person, email, deletedAt, deletedBy, reason, until } = words.lifecycle.deletedHeadings;
  out.table(
    [id, person, email, deletedAt, deletedBy, reason, until],
    documents.map((one) => [
      one.id,
      one.name ?? "",
      one.email ?? "",
      one.deletedAt,
      one.deletedBy,
      one.reason ?? "",
      one.restorableUntil,
    ]),
  );
}

function asDocument({ user: { id, name, email }, deletedAt, deletedBy, reason }: DeletedUser) {
  const restorableUntil = rfc3339(deletedAt + RESTORABLE_FOR);
  return { id, name, email, deletedAt: rfc3339(deletedAt), deletedBy, reason, restorableUntil };
}
