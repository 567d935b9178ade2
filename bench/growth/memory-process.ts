/** `memory-process.ts DATABASE COUNT`: one process that sees so many sessions. Says what it then takes, in bytes. */

import { authenticate } from "../../src/sessions/authenticate.ts";
import { closeHouse, openHouse } from "./house.ts";
import { isSuspended, secretOf } from "./people.ts";

const [database = "", count = ""] = process.argv.slice(2);
const house = await openHouse(database, Number(count), "http://localhost:3001");
const { runtime } = house;
let largest = 0;
for (let n = 0; n < Number(count); n++) {
  const principal = await authenticate(runtime, secretOf(n));
  if ((principal === null) !== isSuspended(n)) throw new Error("Somebody was not let in.");
  if (n % 10_000 === 0) largest = Math.max(largest, process.memoryUsage.rss());
}
const rss = process.memoryUsage.rss();
const { size } = runtime.sessionCache;
const full = heapUsed();
runtime.sessionCache.clear();
const entry = (full - heapUsed()) / size;
await closeHouse(house);
process.send?.({ rss, largest: Math.max(largest, rss), cached: size, entry });

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
