import type { Kysely } from "kysely";
import type { AccessRequest, AccessRequestReader, AccessRequestWriter } from "../../model/access-request.ts";
import type { IdentityKey } from "../../model/identity.ts";
import { fixedQuery, type Value } from "../fixed-query.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "provider",
  "issuer",
  "subject",
  "user_id as userId",
  "handle",
  "name",
  "email",
  "email_verified",
  "note",
  "status",
  "created_at as createdAt",
  "decided_at as decidedAt",
  "decided_by as decidedBy",
  "role",
  "reason",
  "ask_again_at as askAgainAt",
  "entered_at as enteredAt",
] as const;

const FIND = fixedQuery((db, value: Value<IdentityKey>) =>
  db
    .selectFrom("postern_access_requests")
    .select(COLUMNS)
    .where("provider", "=", value("provider"))
    .where("issuer", "=", value("issuer"))
    .where("subject", "=", value("subject")),
);

/** Reading requests for access. */
export function accessRequestReader(db: Kysely<Schema>): AccessRequestReader {
  const requests = () => db.selectFrom("postern_access_requests").select(COLUMNS);
  return {
    get: async (id) => toAccessRequest(await requests().where("id", "=", id).executeTakeFirst()),

    find: async (key) => toAccessRequest(await FIND.first(db, key)),

    list: async ({ status, limit, after }) => {
      let query = requests().orderBy("id").limit(limit);
      if (status !== undefined) query = query.where("status", "=", status);
      if (after !== undefined) query = query.where("id", ">", after);
      return (await query.execute()).map(toAccessRequest).filter((request) => request !== null);
    },

    approvedAs: async (role) => {
      const approved = db
        .selectFrom("postern_access_requests")
        .where("status", "=", "approved")
        .where("role", "=", role)
        .where("entered_at", "is", null);
      return (await approved.select("id").orderBy("id").execute()).map(({ id }) => id);
    },
  };
}

/** Writing requests for access, inside a transaction; `lock` makes other transactions that call it wait. */
export function accessRequestWriter(tx: Kysely<Schema>, lock: () => Promise<void>): AccessRequestWriter {
  const table = "postern_access_requests";
  return {
    ...accessRequestReader(tx),
    lock,

    countSince: async (provider, since) => {
      const { count } = await tx
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number | string>().as("count"))
        .where("provider", "=", provider)
        .where("created_at", ">", since)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    insert: async (request) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto(table)
        .values(toRow(request))
        .onConflict((conflict) => conflict.columns(["provider", "issuer", "subject"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    delete: async (id) => {
      await tx.deleteFrom(table).where("id", "=", id).execute();
    },

    // One statement each, which looks and writes: of two at once the second finds it done.
    decide: async (id, from, decision) => {
      const { numUpdatedRows } = await tx
        .updateTable(table)
        .set({
          status: decision.status,
          decided_at: decision.decidedAt,
          decided_by: decision.decidedBy,
          role: decision.role,
          reason: decision.reason,
          ask_again_at: decision.askAgainAt,
        })
        .where("id", "=", id)
        .where("status", "=", from.status)
        .where("decided_at", from.decidedAt === null ? "is" : "=", from.decidedAt)
        .where("entered_at", "is", null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    move: async (from, to) => {
      await tx.updateTable(table).set({ user_id: to }).where("user_id", "=", from).execute();
    },

    enter: async (id, now) => {
      const { numUpdatedRows } = await tx
        .updateTable(table)
        .set({ entered_at: now })
        .where("id", "=", id)
        .where("status", "=", "approved")
        .where("entered_at", "is", null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

type Row = Omit<AccessRequest, "emailVerified"> & { readonly email_verified: number | null };

function toAccessRequest(row: Row | null | undefined): AccessRequest | null {
  if (row === null || row === undefined) return null;
  const { email_verified, ...rest } = row;
  return { ...rest, emailVerified: email_verified === null ? null : email_verified === 1 };
}

function toRow(request: AccessRequest): Schema["postern_access_requests"] {
  return {
    id: request.id,
    provider: request.provider,
    issuer: request.issuer,
    subject: request.subject,
    user_id: request.userId,
    handle: request.handle,
    name: request.name,
    email: request.email,
    email_verified: request.emailVerified === null ? null : Number(request.emailVerified),
    note: request.note,
    status: request.status,
    created_at: request.createdAt,
    decided_at: request.decidedAt,
    decided_by: request.decidedBy,
    role: request.role,
    reason: request.reason,
    ask_again_at: request.askAgainAt,
    entered_at: request.enteredAt,
  };
}
