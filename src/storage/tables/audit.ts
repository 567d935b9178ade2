import type { Kysely } from "kysely";
import type { AuditEvent, AuditReader, AuditWriter } from "../../model/audit-event.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import type { Schema } from "../schema.ts";

const INSERT = fixedQuery((db, value: Value<Schema["postern_audit"]>) =>
  db
    .insertInto("postern_audit")
    .values(
      columns(value, ["id", "at", "action", "actor", "target", "reference", "reason", "address", "detail"]),
    ),
);

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

    insert: async ({ detail, ...event }) => {
      await INSERT.run(tx, { ...event, detail: JSON.stringify(detail) });
    },
  };
}

function toEvent({ detail, ...rest }: Schema["postern_audit"]): AuditEvent {
  return { ...rest, detail: JSON.parse(detail) };
}
