/** Another process of the same application: ends the sessions it is told to, and says when each had ended. */

import { createPostern } from "../../src/index.ts";
import { optionsFor } from "./applications.ts";

const door = await createPostern(optionsFor(process.argv[2] ?? ""));
process.on("message", async (session: { readonly id: string; readonly userId: string }) => {
  const ended = await door.sessions.end(session, "bench:other-process");
  // A clock that all processes of a machine share, in nanoseconds.
  process.send?.({ ended, at: String(process.hrtime.bigint()) });
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
