import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the server that all test files share; each makes its own database with `freshDatabase`. */
    postgresUrl: string;
  }
}

let server: PostgresServer | null = null;

/** Starts one PostgreSQL server for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  server = await startPostgres();
  project.provide("postgresUrl", server.url);
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
