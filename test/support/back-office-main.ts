/** A process that is one back office: `node back-office-main.ts '{"rehearsalUrl":…,"database":…}'`. */

import { type BackOfficeOptions, startBackOffice } from "./back-office.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as BackOfficeOptions;
const { url } = await startBackOffice(options);
console.log(url);
// Whoever started it holds the other end: no back office outlives its test.
process.stdin.on("end", () => process.exit()).resume();
