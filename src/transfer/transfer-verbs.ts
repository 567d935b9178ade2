import type { Runtime } from "../runtime.ts";
import type { Encoding } from "./decode-text.ts";
import { type ExportWish, exportPeople } from "./export-people.ts";
import type { ImportResult, ImportWish } from "./import-context.ts";
import { importPeople } from "./import-people.ts";
import { type OpenedTransfer, openTransfer, type TransferFormat } from "./read-transfer.ts";
import type { TransferRecord, TransferRow } from "./transfer-record.ts";

/** Taking people out of a database and into another. `actor` is who does it, for the audit log. */
export interface TransferVerbs {
  /** Everybody, as they all were at one moment. `reason` is why, in the actor's own words. */
  export(wish: ExportWish, actor: string, reason?: string): AsyncIterable<TransferRecord>;
  /** Reads a file row by row; tells its encoding and format unless they are given. @throws TransferFailure */
  read(
    bytes: AsyncIterable<Uint8Array>,
    given?: { readonly format?: TransferFormat | null; readonly encoding?: Encoding | null },
  ): Promise<OpenedTransfer>;
  /** Takes over rows; answers what became of each. @throws PosternError `permission_denied`, `store_unavailable` */
  import(rows: AsyncIterable<TransferRow>, wish: ImportWish, actor: string): AsyncIterable<ImportResult>;
}

/** Binds the verbs about moving people to a runtime. */
export function transferVerbs(runtime: Runtime): TransferVerbs {
  return {
    export: (wish, actor, reason) => exportPeople(runtime, wish, actor, reason),
    read: (bytes, { format = null, encoding = null } = {}) => openTransfer(bytes, { format, encoding }),
    import: (rows, wish, actor) => importPeople(runtime, rows, wish, actor),
  };
}
