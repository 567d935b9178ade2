import { setTimeout } from "node:timers/promises";
import { rankOf, requireMayGive } from "../access/actor-rights.ts";
import { type OwnerToCome, ownersToCome } from "../access/owners-to-come.ts";
import { newId } from "../crypto/random.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import { createDeletedPeople, type DeletedPeople } from "./deleted-people.ts";
import type { ImportContext, ImportResult, ImportRuntime, ImportWish, Outcome } from "./import-context.ts";
import { importGrant } from "./import-grant.ts";
import { importRole } from "./import-role.ts";
import { importUser } from "./import-user.ts";
import { createSeenTexts, type SeenTexts } from "./seen-texts.ts";
import type { TransferRecord, TransferRow } from "./transfer-record.ts";

/** One transaction each: small enough that sign-ins get their turn in between. */
const BATCH = 200;
/** Between two batches, in milliseconds: whoever waits for SQLite's one writer looks again every 50. */
const PAUSE = 10;

/**
 * Takes over row by row, in batches that are each one transaction with its audit events. What is interrupted can be done
 * once more: what is here already is left. A line that is wrong is told and left out.
 * @throws PosternError `permission_denied`, `store_unavailable`; whatever reading the rows throws
 */
export async function* importPeople(
  runtime: ImportRuntime,
  rows: AsyncIterable<TransferRow>,
  wish: ImportWish,
  actor: string,
): AsyncGenerator<ImportResult, void, undefined> {
  const importId = newId("imp_", runtime.now());
  // What a batch has written is gone before the next one looks: lines that are there twice have to be remembered.
  const seen = wish.dryRun === true ? createSeenTexts() : null;
  const deleted = createDeletedPeople(runtime.now);
  const options = { wish, actor, importId, seen, deleted, foreseen: new Set<RoleName>() };
  for await (const batch of inBatches(rows)) {
    const results = batch.some(isDefinition)
      ? await importRoles(runtime, batch, options)
      : await importBatch(runtime, batch, options);
    yield* results;
    if (wish.onConflict === "fail" && results.some(isConflict)) return;
    await setTimeout(PAUSE);
  }
}

async function* inBatches(rows: AsyncIterable<TransferRow>): AsyncGenerator<readonly TransferRow[]> {
  let batch: TransferRow[] = [];
  for await (const row of rows) {
    // Roles change the policy, which everything else holds on to: never both in one transaction.
    if (batch[0] !== undefined && isDefinition(batch[0]) !== isDefinition(row)) {
      yield batch;
      batch = [];
    }
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isDefinition(row: TransferRow): boolean {
  return "record" in row && row.record.kind === "role";
}

interface BatchOptions {
  readonly wish: ImportWish;
  readonly actor: string;
  readonly importId: string;
  readonly seen: SeenTexts | null;
  readonly deleted: DeletedPeople;
  /** Roles that a dry run would have made by now. */
  readonly foreseen: Set<RoleName>;
}

/** One transaction for each. */
async function importRoles(
  runtime: ImportRuntime,
  batch: readonly TransferRow[],
  { wish, actor, importId, foreseen }: BatchOptions,
): Promise<readonly ImportResult[]> {
  const results: ImportResult[] = [];
  for (const row of batch) {
    if (!("record" in row) || row.record.kind !== "role") continue;
    const { line, record } = row;
    const told = { line, who: record.name, userId: null, roles: [], problem: null };
    const outcome = foreseen.has(record.name)
      ? repeated({ wish })
      : await importRole({ runtime, wish, actor, importId }, record);
    if (wish.dryRun === true && outcome.action === "created") foreseen.add(record.name);
    const result = { ...told, ...outcome };
    results.push(result);
    if (wish.onConflict === "fail" && isConflict(result)) break;
  }
  return results;
}

/** Thrown to take back what was done, after it has been told. */
class TakeBack extends Error {
  readonly results: readonly ImportResult[];
  constructor(results: readonly ImportResult[]) {
    super("taken back");
    this.results = results;
  }
}

async function importBatch(
  runtime: ImportRuntime,
  batch: readonly TransferRow[],
  { wish, actor, importId, seen, deleted, foreseen }: BatchOptions,
): Promise<readonly ImportResult[]> {
  // Outside the transaction, which may have to begin again.
  const repeats = new Set(batch.filter((row) => seen !== null && !isNew(row, seen)));
  // Most of it before the transaction, which holds others up.
  await deleted.catchUp(runtime.store);
  try {
    const results = await runtime.store.transaction(async (tx) => {
      const now = runtime.now();
      // Before any other lock is taken.
      const { roles } = (await runtime.policy.within(tx)).roles;
      // Looked at in every batch: whoever loses the right meanwhile imports nothing more.
      await requireMayGive(tx, actor, wish.mayMakeOwners === true ? ["owner"] : []);
      const awaited = await protectedFrom(runtime, tx, batch, actor);
      await deleted.catchUp(tx);
      const known = [...roles, ...foreseen];
      const shared = { runtime, tx, wish, actor, importId, now };
      const context = { ...shared, known, deleted, ownersToCome: awaited };
      const done: ImportResult[] = [];
      for (const row of batch) {
        const result = await importRow(context, row, repeats.has(row));
        done.push(result);
        if (wish.onConflict === "fail" && isConflict(result)) throw new TakeBack([result]);
      }
      if (wish.dryRun === true) throw new TakeBack(done);
      return done;
    });
    for (const { userId, action } of results)
      if (userId !== null && action === "updated") runtime.sessionCache.forgetUser(userId);
    return results;
  } catch (error) {
    if (error instanceof TakeBack) return error.results;
    throw error;
  }
}

/** Read for those batches only that hold people: there may be many for whom roles wait. */
async function protectedFrom(
  { settings, now }: Pick<ImportRuntime, "settings" | "now">,
  tx: StoreTransaction,
  batch: readonly TransferRow[],
  actor: string,
): Promise<readonly OwnerToCome[] | null> {
  if ((await rankOf(tx, actor)) === "owner") return null;
  const holdsPeople = batch.some((row) => "record" in row && row.record.kind === "user");
  return holdsPeople ? ownersToCome(tx, settings, now()) : [];
}

async function importRow(
  context: ImportContext,
  row: TransferRow,
  isRepeated: boolean,
): Promise<ImportResult> {
  const { line } = row;
  if ("problem" in row)
    return { line, action: "failed", who: null, userId: null, roles: [], problem: row.problem };
  const { record } = row;
  const told = { line, who: nameOf(record), userId: null, roles: [], problem: null };
  if (record.kind === "role") throw new Error("A role is imported by itself.");
  const outcome = isRepeated
    ? repeated(context)
    : record.kind === "user"
      ? await importUser(context, record)
      : await importGrant(context, record);
  return { ...told, ...outcome };
}

function isNew(row: TransferRow, seen: SeenTexts): boolean {
  return "problem" in row || !keysOf(row.record).map(seen.add).includes(false);
}

function repeated({ wish }: Pick<ImportContext, "wish">): Outcome {
  return wish.onConflict === "fail"
    ? { action: "failed", problem: { code: "exists" } }
    : { action: "skipped" };
}

function keysOf(record: TransferRecord): readonly string[] {
  if (record.kind === "role") return [];
  if (record.kind === "waiting") return record.roles.map(({ role }) => `waiting ${role} ${record.who}`);
  const { id, identities } = record;
  return [
    ...(id === null ? [] : [id]),
    ...identities.map(({ provider, issuer, subject }) => JSON.stringify([provider, issuer, subject])),
  ];
}

function nameOf(record: TransferRecord): string | null {
  if (record.kind === "role") return record.name;
  if (record.kind === "waiting") return record.who;
  const [identity] = record.identities;
  return record.email ?? record.name ?? record.id ?? identity?.handle ?? identity?.subject ?? null;
}

function isConflict({ problem }: ImportResult): boolean {
  return problem?.code === "exists";
}
