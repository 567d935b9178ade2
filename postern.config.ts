import { demoConfig } from "./src/rehearsal/demo-config.ts";

/** The configuration of this checkout is that of the demo, so that `npx postern users list` acts on what `npm start` runs. */
const { PORT = "4180", REHEARSAL_PORT = "4181", REHEARSAL_URL } = process.env;

export default demoConfig({
  publicUrl: `http://localhost:${PORT}`,
  rehearsalUrl: REHEARSAL_URL ?? `http://localhost:${REHEARSAL_PORT}`,
});
