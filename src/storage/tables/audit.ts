import type { Kysely } from "kysely";
import type { AuditEvent, AuditReader, AuditWriter } from "../../model/audit-event.ts";
import type { Schema } from "../schema.ts";

/** Reading what happened, newest first. */
export function auditReader(db: Kysely<Schema>): AuditReader {
  return {
    list: async ({ reference, target, action, limit }) => {
      let events = db.selectFrom("postern_audit").selectAll().orderBy("id", "desc").limit(limit);
      if (reference !== undefined) events = events.where("reference", "=", reference);
      if (target !== undefined) events = events.where("target", "=", target);
      if (action !== undefined) events = events.where("action", "=", action);
      return (await events.execute()).map(toEvent);
    },
  };
}

/** Writing what happened, in the transaction that did it. */
export function auditWriter(tx: Kysely<Schema>): AuditWriter {
  return {
    ...auditReader(tx),

    insert: async ({ id, at, action, actor, target, reference, reason, address, detail }) => {
      const columns = { id, at, action, actor, target, reference, reason, address };
      await tx
        .insertInto("postern_audit")
        .values({ ...columns, detail: JSON.stringify(detail) })
        .execute();
    },
  };
}

function toEvent({ detail, ...rest }: Schema["postern_audit"]): AuditEvent {
  return { ...rest, detail: JSON.parse(detail) };
}
