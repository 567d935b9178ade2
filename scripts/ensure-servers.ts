import { programPath } from "../test/support/find-program.ts";
import { canInstallPackages, installPackages } from "./debian-packages.ts";

interface ServerProgram {
  /** What it is for, as a sentence goes on: "… need a Redis server". */
  readonly need: string;
  readonly program: string;
  readonly packages: { readonly debian: string; readonly fedora: string; readonly homebrew: string };
}

const SERVERS = {
  mariadb: {
    need: "The tests of the MySQL store need a MariaDB server",
    program: "mariadbd",
    packages: { debian: "mariadb-server", fedora: "mariadb-server", homebrew: "mariadb" },
  },
  redis: {
    need: "The tests of what stands beside the store need a Redis server (7.0 or newer)",
    program: "redis-server",
    packages: { debian: "redis-server", fedora: "redis", homebrew: "redis" },
  },
  pgbouncer: {
    need: "The tests of PostgreSQL behind a pooler need PgBouncer",
    program: "pgbouncer",
    packages: { debian: "pgbouncer", fedora: "pgbouncer", homebrew: "pgbouncer" },
  },
} as const satisfies Record<string, ServerProgram>;

/** Makes sure that the tests have these servers. @throws Error that says how to get one that is missing */
export async function ensureServers(...names: readonly (keyof typeof SERVERS)[]): Promise<void> {
  for (const name of names) await ensureServer(SERVERS[name]);
}

async function ensureServer({ need, program, packages }: ServerProgram): Promise<void> {
  const { debian, fedora, homebrew } = packages;
  if (programPath(program) !== null) return;
  if (canInstallPackages()) await installPackages([debian]);
  if (programPath(program) !== null) return;
  throw new Error(
    [
      `${need}, and none was found.`,
      `  Debian, Ubuntu   sudo apt-get install ${debian}`,
      `  Fedora           sudo dnf install ${fedora}`,
      `  macOS            brew install ${homebrew}`,
    ].join("\n"),
  );
}
