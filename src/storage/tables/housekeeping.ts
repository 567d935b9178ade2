import { type Kysely, sql } from "kysely";
import type { HousekeepingReader, HousekeepingWriter } from "../../model/housekeeping.ts";
import { databaseClock } from "../clock.ts";
import type { EngineName, Schema } from "../schema.ts";
import { countOld, sweep } from "../sweep.ts";

const TABLE = "postern_leases";
const NAME = "housekeeping";
/** Held by nobody: keeps a moment beside the lease. */
const MOMENT = "housekeeping-moment";

/** Looking at what has had its time. */
export function housekeepingReader(db: Kysely<Schema>): HousekeepingReader {
  return {
    count: (old, most) => countOld(db, old, most),
    lastMoment: async () => {
      const kept = db.selectFrom(TABLE).where("name", "=", MOMENT).select("held_until");
      return (await kept.executeTakeFirst())?.held_until ?? null;
    },
  };
}

/** Removing it, inside a transaction; one instance at a time. */
export function housekeepingWriter(tx: Kysely<Schema>, engine: EngineName): HousekeepingWriter {
  const clock = databaseClock(engine);
  const lease = () => tx.updateTable(TABLE).where("name", "=", NAME);

  async function take(owner: string, milliseconds: number): Promise<boolean> {
    const taken = lease()
      .where((eb) => eb.or([eb("owner", "=", owner), eb("held_until", "<=", clock)]))
      .set({ owner, held_until: sql<number>`${clock} + ${Math.ceil(milliseconds)}` });
    return (await taken.executeTakeFirst()).numUpdatedRows === 1n;
  }

  /** Answers whether there was none. */
  async function makeRow(name: string): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto(TABLE)
      .values({ name, owner: "", held_until: 0, done: 0 })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  return {
    ...housekeepingReader(tx),

    remove: ({ kind, before }, most) => sweep(tx, engine, kind, before, most),

    hold: async (owner, milliseconds) => {
      if (await take(owner, milliseconds)) return true;
      return (await makeRow(NAME)) && take(owner, milliseconds);
    },

    release: async (owner) => {
      await lease().where("owner", "=", owner).set({ held_until: 0 }).execute();
    },

    noteMoment: async (moment) => {
      await makeRow(MOMENT);
      await tx.updateTable(TABLE).where("name", "=", MOMENT).set({ held_until: moment }).execute();
    },

    noteRemoved: async (events) => {
      await lease()
        .set((eb) => ({ done: eb("done", "+", events) }))
        .execute();
    },

    takeRemoved: async () => {
      const row = await tx.selectFrom(TABLE).where("name", "=", NAME).select("done").executeTakeFirst();
      const done = row?.done ?? 0;
      if (done > 0) await lease().set({ done: 0 }).execute();
      return done;
    },
  };
}
