import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freshDatabase, startPostgres } from "../test/support/postgres.ts";
import { openRawDatabase } from "../test/support/raw-database.ts";
import { scratchFolder } from "../test/support/scratch-folder.ts";
import type { Cores } from "./cores.ts";
import { findGunicornPython } from "./prepare.ts";
import { startRedis } from "./redis.ts";
import { type ServerSettings, Unavailable } from "./server.ts";
import type { Target } from "./targets.ts";

/** What targets need around them: the stub provider, and stores that are started when the first target needs them. */
export interface Environment {
  readonly cores: Cores | null;
  /** With stores of its own, empty. @throws Unavailable */
  settingsFor(target: Target): Promise<ServerSettings>;
  /** `null` as long as no target needed it. */
  postgresVersion(): string | null;
  close(): Promise<void>;
}

export async function openEnvironment(cores: Cores | null): Promise<Environment> {
  const provider = fork(join(import.meta.dirname, "stub-provider.js"));
  const [issuer] = await once(provider, "message");
  const folder = scratchFolder();
  const closing: (() => unknown)[] = [() => provider.disconnect(), () => folder.remove()];
  let postgres: ReturnType<typeof startPostgres> | undefined;
  let postgresVersion: string | null = null;
  let files = 0;

  const freshPostgres = async () => {
    if (postgres === undefined) {
      postgres = startPostgres();
      const { stop, url } = await postgres;
      closing.push(stop);
      const database = await openRawDatabase(url);
      const [row] = await database.rows("show server_version");
      postgresVersion = String(row?.server_version).split(" ")[0] ?? null;
      await database.close();
    }
    return freshDatabase((await postgres).url);
  };
  const freshRedis = async () => {
    const { url, stop } = await startRedis();
    closing.push(stop);
    return url;
  };

  return {
    cores,
    postgresVersion: () => postgresVersion,
    settingsFor: async ({ keeps, framework }) => {
      const common = { issuer, clientId: "back-office", clientSecret: "stub-secret" };
      if (framework === "flask") return { ...common, python: gunicornPython() };
      if (keeps === "SQLite") return { ...common, database: folder.database(`${++files}.db`) };
      if (keeps === "PostgreSQL") return { ...common, database: await freshPostgres() };
      if (keeps === "Redis") return { ...common, redis: await freshRedis() };
      if (keeps === "PostgreSQL + Redis")
        return { ...common, database: await freshPostgres(), redis: await freshRedis() };
      return common;
    },
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}

function gunicornPython(): string {
  const python = findGunicornPython();
  if (python === null) throw new Unavailable("There is no Python with Flask, Authlib and gunicorn here.");
  return python;
}
