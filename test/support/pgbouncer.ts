import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { findProgram } from "./find-program.ts";
import { freePort, runServer, unprivilegedAccount } from "./server-process.ts";

export interface Pooler {
  /** Of the same database, through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A PgBouncer that lends each of its few connections for one transaction at a time. Ends with this process. */
export async function startPgbouncer(databaseUrl: string, connections: number): Promise<Pooler> {
  const { hostname, port: serverPort, pathname, username } = new URL(databaseUrl);
  const database = pathname.slice(1);
  const account = unprivilegedAccount(["postgres", "nobody"]);
  const folder = mkdtempSync(join(tmpdir(), "postern-pgbouncer-"));
  const port = await freePort();
  const settings = join(folder, "pgbouncer.ini");
  const lines = [
    "[databases]",
    `${database} = host=${hostname} port=${serverPort} dbname=${database} user=${username}`,
    "[pgbouncer]",
    `listen_port = ${port}`,
    "listen_addr = 127.0.0.1",
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    `default_pool_size = ${connections}`,
  ];
  writeFileSync(settings, `${lines.join("\n")}\n`);
  if (account.uid !== undefined)
    for (const path of [folder, settings]) chownSync(path, account.uid, account.gid);
  const url = `postgres://${username}@127.0.0.1:${port}/${database}`;
  const stopServer = await runServer({
    name: "PgBouncer",
    command: [findProgram("pgbouncer"), settings],
    signal: "INT",
    folder,
    account,
    ask: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    },
  });
  return {
    url,
    stop: async () => {
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
