/**
 * A process that is a back office of the next version: its migrations are this version's and two more, of everything
 * that a migration may do. `node next-version-main.ts '{"rehearsalUrl":…,"database":…}'`.
 */

import { flushCompileCache } from "node:module";
import { SILENT_LOG } from "../../src/model/log.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { type BackOfficeOptions, startBackOffice } from "./back-office.ts";
import { NEXT_MIGRATIONS } from "./next-version.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as BackOfficeOptions & { readonly database: string };
const store = await openStore(options.database, {
  now: Date.now,
  log: SILENT_LOG,
  migrations: NEXT_MIGRATIONS,
});
await store.migrate();
await store.close();
const { url } = await startBackOffice(options);
console.log(url);
// It is killed: see back-office-main.ts.
flushCompileCache();
// Whoever started it holds the other end: no back office outlives its test.
process.stdin.on("end", () => process.exit()).resume();
