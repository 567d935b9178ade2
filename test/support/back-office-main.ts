/** A process that is one back office: `node back-office-main.ts '{"rehearsalUrl":…,"database":…}'`. */

import { flushCompileCache } from "node:module";
import { type BackOfficeOptions, startBackOffice } from "./back-office.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as BackOfficeOptions;
const { url } = await startBackOffice(options);
console.log(url);
// Most are killed; only one that ends by itself would leave its compiled modules to the next.
flushCompileCache();
// Whoever started it holds the other end: no back office outlives its test.
process.stdin.on("end", () => process.exit()).resume();
