import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type {
  WebhookClaim,
  WebhookDelivery,
  WebhookDeliveryReader,
  WebhookDeliveryWriter,
} from "../../model/webhook.ts";
import { lockFreeRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const TABLE = "postern_webhook_deliveries";
const COLUMNS = [
  "id",
  "endpoint",
  "event",
  "body",
  "state",
  "attempts",
  "created_at as createdAt",
  "next_attempt_at as nextAttemptAt",
  "last_status as lastStatus",
  "last_failure as lastFailure",
  "finished_at as finishedAt",
] as const;

/** Reading messages to webhooks. */
export function webhookDeliveryReader(db: Kysely<Schema>): WebhookDeliveryReader {
  return {
    list: async ({ limit, after }) => {
      const page = db.selectFrom(TABLE).select(COLUMNS).orderBy("id", "desc").limit(limit);
      return (after === undefined ? page : page.where("id", "<", after)).execute();
    },

    isAnyDue: async (claim) => {
      const found = due(db.selectFrom(TABLE), claim).select("id").limit(1);
      return (await found.executeTakeFirst()) !== undefined;
    },

    stoppedSince: async (endpoint) => {
      const stops = db.selectFrom("postern_webhook_stops").where("endpoint", "=", endpoint);
      return (await stops.select("stopped_at").executeTakeFirst())?.stopped_at ?? null;
    },
  };
}

/** Writing messages to webhooks, inside a transaction. */
export function webhookDeliveryWriter(tx: Kysely<Schema>, engine: EngineName): WebhookDeliveryWriter {
  return {
    ...webhookDeliveryReader(tx),

    insert: async (delivery) => {
      await tx.insertInto(TABLE).values(toRow(delivery)).execute();
    },

    claim: async (claim, pause) => {
      const found = due(tx.selectFrom(TABLE), claim).select(COLUMNS).orderBy("id").limit(claim.limit);
      // In SQLite a transaction that writes is alone. Elsewhere, what another instance is just taking is left to it.
      const rows = await lockFreeRows(engine, found).execute();
      const claimed: WebhookDelivery[] = [];
      for (const row of rows) {
        const attempts = row.attempts + 1;
        const nextAttemptAt = claim.now + pause(attempts);
        const change = { attempts, next_attempt_at: nextAttemptAt };
        await tx.updateTable(TABLE).set(change).where("id", "=", row.id).execute();
        claimed.push({ ...row, attempts, nextAttemptAt });
      }
      return claimed;
    },

    settle: async ({ id, attempts }, { state, lastStatus, lastFailure, finishedAt }) => {
      const settled = tx
        .updateTable(TABLE)
        .set({ state, last_status: lastStatus, last_failure: lastFailure, finished_at: finishedAt })
        .where("id", "=", id)
        .where("state", "=", "pending");
      // What has arrived has arrived, however late we hear of it.
      const { numUpdatedRows } = await (state === "delivered"
        ? settled
        : settled.where("attempts", "=", attempts)
      ).executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    dropPending: async (endpoint, now) => {
      const { numUpdatedRows } = await tx
        .updateTable(TABLE)
        .set({ state: "dropped", finished_at: now })
        .where("endpoint", "=", endpoint)
        .where("state", "=", "pending")
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    stop: async (endpoint, now) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_webhook_stops")
        .values({ endpoint, stopped_at: now })
        .onConflict((conflict) => conflict.column("endpoint").doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    resume: async (endpoint) => {
      const stops = tx.deleteFrom("postern_webhook_stops").where("endpoint", "=", endpoint);
      return (await stops.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}

type Deliveries = SelectQueryBuilder<Schema, typeof TABLE, object>;

function due(deliveries: Deliveries, { endpoint, now, farthest }: Omit<WebhookClaim, "limit">): Deliveries {
  return deliveries
    .where("endpoint", "=", endpoint)
    .where("state", "=", "pending")
    .where(sql<boolean>`(next_attempt_at <= ${now} or next_attempt_at > ${now + farthest})`);
}

function toRow(delivery: WebhookDelivery): Schema[typeof TABLE] {
  return {
    id: delivery.id,
    endpoint: delivery.endpoint,
    event: delivery.event,
    body: delivery.body,
    state: delivery.state,
    attempts: delivery.attempts,
    created_at: delivery.createdAt,
    next_attempt_at: delivery.nextAttemptAt,
    last_status: delivery.lastStatus,
    last_failure: delivery.lastFailure,
    finished_at: delivery.finishedAt,
  };
}
