import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { findProgram } from "./find-program.ts";
import { freePort, runServer, unprivilegedAccount } from "./server-process.ts";

export interface MysqlServer {
  /** Of the server, without a database. */
  readonly url: string;
  /** Ends the server and throws its data away. */
  stop(): Promise<void>;
  /** Ends the server, calls `meanwhile`, and starts it again on the same port with the same data. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
}

/** A MariaDB server of our own on a free port. Ends with this process, however that ends. */
export async function startMysql(): Promise<MysqlServer> {
  const program = findProgram("mariadbd");
  const account = unprivilegedAccount(["mysql", "nobody"]);
  const folder = mkdtempSync(join(tmpdir(), "postern-mysql-"));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = `--datadir=${join(folder, "data")}`;
  const install = ["--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"];
  execFileSync(findProgram("mariadb-install-db"), install, { ...account, cwd: folder, stdio: "pipe" });

  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}`;
  const start = () =>
    runServer({
      name: "MariaDB",
      command: [
        ...[program, "--no-defaults", data, `--port=${port}`, "--bind-address=127.0.0.1"],
        ...[`--socket=${join(folder, "socket")}`, `--pid-file=${join(folder, "pid")}`],
        // Speed; nobody needs these data after a power cut.
        ...["--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"],
        ...["--skip-log-bin", "--innodb-file-per-table=0", "--max-connections=200"],
      ],
      signal: "TERM",
      folder,
      account,
      ask: () => query(url, "select 1"),
    });
  let stopServer = await start();
  return {
    url,
    stop: async () => {
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
    restart: async (meanwhile = async () => {}) => {
      await stopServer();
      await meanwhile();
      stopServer = await start();
    },
  };
}

/** Makes an empty database; answers its address. */
export async function freshMysqlDatabase(serverUrl: string): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  // Of a language that folds case and accents, so that a column that forgot its own would show.
  await query(serverUrl, `create database ${name} character set utf8mb4 collate utf8mb4_general_ci`);
  return `${serverUrl}/${name}`;
}

async function query(url: string, text: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(text);
  } finally {
    await connection.end();
  }
}
