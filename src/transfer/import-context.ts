import type { OwnerToCome } from "../access/owners-to-come.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import type { DeletedPeople } from "./deleted-people.ts";
import type { RowProblem } from "./transfer-record.ts";

/** How to import. */
export interface ImportWish {
  /** Of somebody who is here already: leave them, bring them up to date, or stop. Default `skip`. */
  readonly onConflict?: "skip" | "update" | "fail";
  /** Does everything and takes it back, batch by batch. */
  readonly dryRun?: boolean;
  /** Whether the role `owner` may be given: only whoever holds the server makes owners by a file. Default false. */
  readonly mayMakeOwners?: boolean;
  /** In the actor's own words, for the audit log. */
  readonly reason?: string;
}

/** What became of a line. `waiting` = their roles wait for their first sign-in. */
export interface ImportResult {
  readonly line: number;
  readonly action: "created" | "updated" | "skipped" | "waiting" | "failed";
  /** Who it is about, as the file names them. */
  readonly who: string | null;
  readonly userId: string | null;
  /** Roles that they got. */
  readonly roles: readonly RoleName[];
  readonly problem: RowProblem | null;
}

export type ImportRuntime = Pick<Runtime, "settings" | "store" | "policy" | "sessionCache" | "now">;

/** What taking over a line works with. */
export interface ImportContext {
  readonly runtime: ImportRuntime;
  readonly tx: StoreTransaction;
  readonly wish: ImportWish;
  readonly actor: string;
  readonly deleted: DeletedPeople;
  /** Whom only owners take over; `null` = an owner does this, or whoever holds the server. */
  readonly ownersToCome: readonly OwnerToCome[] | null;
  /** Every role that there is. */
  readonly known: readonly RoleName[];
  /** `imp_…`: what every event of this import names. */
  readonly importId: string;
  readonly now: number;
}

/** What became of a line, before it is told. */
export type Outcome = Pick<ImportResult, "action"> &
  Partial<Pick<ImportResult, "userId" | "roles" | "problem">>;
