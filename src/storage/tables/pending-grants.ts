import type { Kysely } from "kysely";
import type { PendingGrant, PendingGrantReader, PendingGrantWriter } from "../../model/pending-grant.ts";
import { byShape, fixedQuery, type Value } from "../fixed-query.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "provider",
  "who",
  "role",
  "created_at as createdAt",
  "created_by as createdBy",
  "reason",
  "expires_at as expiresAt",
] as const;

/** What stands in the column for "any provider". */
const ANY = "";

type Expected = { readonly now: number } & Readonly<Record<`who${number}` | `provider${number}`, string>>;

/** Somebody may be expected under so many names. */
const FIND_FOR = byShape((names: number) =>
  fixedQuery((db, value: Value<Expected>) =>
    db
      .selectFrom("postern_pending_grants")
      .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", value("now"))]))
      .where((eb) =>
        eb.or(
          Array.from({ length: names }, (_, n) =>
            eb.and([eb("who", "=", value(`who${n}`)), eb("provider", "=", value(`provider${n}`))]),
          ),
        ),
      )
      .select(COLUMNS)
      .orderBy("id"),
  ),
);

/** Reading the roles that wait for somebody. `now` is in milliseconds since the epoch. */
export function pendingGrantReader(db: Kysely<Schema>, now: () => number): PendingGrantReader {
  const grants = () =>
    db
      .selectFrom("postern_pending_grants")
      .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now())]))
      .select(COLUMNS)
      .orderBy("id");
  return {
    list: async () => (await grants().execute()).map(toPendingGrant),

    findFor: async (people) => {
      if (people.length === 0) return [];
      const names = people.flatMap(({ provider, who }, n) => [
        [`who${n}`, who],
        [`provider${n}`, provider ?? ANY],
      ]);
      const rows = await FIND_FOR(people.length).all(db, { now: now(), ...Object.fromEntries(names) });
      return rows.map(toPendingGrant);
    },
  };
}

/** Writing the roles that wait for somebody, inside a transaction. */
export function pendingGrantWriter(
  tx: Kysely<Schema>,
  engine: EngineName,
  now: () => number,
): PendingGrantWriter {
  return {
    ...pendingGrantReader(tx, now),

    insert: async ({ id, provider, who, role, createdAt, createdBy, reason, expiresAt }) => {
      await tx
        .deleteFrom("postern_pending_grants")
        .where("who", "=", who)
        .where("provider", "=", provider ?? ANY)
        .where("role", "=", role)
        .where("expires_at", "<=", now())
        .execute();
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_pending_grants")
        .values({
          id,
          provider: provider ?? ANY,
          who,
          role,
          created_at: createdAt,
          created_by: createdBy,
          reason,
          expires_at: expiresAt,
        })
        .onConflict((conflict) => conflict.columns(["who", "provider", "role"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    change: async (id, { reason, expiresAt }) => {
      const { numUpdatedRows } = await tx
        .updateTable("postern_pending_grants")
        .set({ reason, expires_at: expiresAt })
        .where("id", "=", id)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    takeExpired: async () => {
      const over = tx.selectFrom("postern_pending_grants").where("expires_at", "<=", now()).select(COLUMNS);
      const ended = await lockRows(engine, over).execute();
      const ids = ended.map(({ id }) => id);
      if (ids.length > 0) await tx.deleteFrom("postern_pending_grants").where("id", "in", ids).execute();
      return ended.map(toPendingGrant);
    },

    delete: async (id) => {
      const deleted = tx.deleteFrom("postern_pending_grants").where("id", "=", id);
      return (await deleted.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}

type Row = Omit<PendingGrant, "provider"> & { readonly provider: string };

function toPendingGrant({ provider, ...rest }: Row): PendingGrant {
  return { ...rest, provider: provider === ANY ? null : provider };
}
