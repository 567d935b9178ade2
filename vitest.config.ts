import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Tests that share one PostgreSQL server; the others start without waiting for it. */
const WITH_POSTGRES = ["src/storage/**/*.test.ts", "test/{flows,browser,faults,attacks}/**/*.test.ts"];

/** Processes that are killed and stopped, hundreds of people at once: what runs beside them would be in their way. */
const UNDER_LOAD = [
  "test/faults/{refresh-processes,revocation-processes,under-load}.test.ts",
  "test/flows/{housekeeping-load,kill,lifecycle-model,rolling-upgrade,two-hundred-people}.test.ts",
];

const IGNORED = ["**/node_modules/**", "**/dist/**", "**/.generated/**"];

export default defineConfig({
  test: {
    // A browser or a database behind each worker: more than four only makes them wait for each other.
    maxWorkers: Math.min(4, availableParallelism()),
    // For machines that have other work to do: a test that waits for a browser takes a few seconds on one that has not.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
    // For the processes that tests start: each would compile the same modules anew, which is half of its start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compiled") },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    allowOnly: false,
    watch: false,
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["**/*.test.ts"],
          exclude: [...IGNORED, ...WITH_POSTGRES],
          // Modules stay loaded from file to file: loading them anew for each took more than half of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: WITH_POSTGRES,
          exclude: [...IGNORED, ...UNDER_LOAD],
          globalSetup: ["test/support/global-postgres.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "load",
          include: UNDER_LOAD,
          exclude: IGNORED,
          globalSetup: ["test/support/global-postgres.ts"],
        },
      },
    ],
  },
});
