/** The identity provider, in a process of its own, so that its CPU is not counted. */

import { startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";

const { url } = await startRehearsal();
process.on("disconnect", () => process.exit());
process.send?.(url);
