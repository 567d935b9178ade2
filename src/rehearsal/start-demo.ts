import { createServer, type Server } from "node:http";
import type { Express } from "express";
import { postern } from "../adapters/express.ts";
import { ConfigError } from "../errors.ts";
import { demoBackOffice } from "./demo-back-office.ts";
import { demoConfig, type Environment } from "./demo-config.ts";
import { type Rehearsal, startRehearsal } from "./start-rehearsal.ts";

/** A running demo. */
export interface Demo {
  /** `http://localhost:4180` */
  readonly url: string;
  readonly rehearsalUrl: string;
  /** Where everything is kept. */
  readonly database: string;
  /** Stops taking requests, finishes those under way, and lets go of the database. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Default 4180; 0 = the system picks one. */
  readonly port?: number;
  /** Default 4181; 0 = the system picks one. */
  readonly rehearsalPort?: number;
  /** Of a rehearsal provider that runs already; then none is started. */
  readonly rehearsalUrl?: string | undefined;
  /** Where `DATABASE_URL`, `POSTERN_SECRET` and the like are read. Default `process.env`. */
  readonly env?: Environment;
}

/** How long requests under way may still take when the demo ends, in milliseconds. */
const LAST_ANSWERS = 2_000;

/**
 * Starts the demo: the back office and, unless one runs already, the rehearsal provider beside it.
 * @throws ConfigError; Error when a port is taken or this is a production environment
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { env = process.env } = options;
  refuseProduction(env);
  const rehearsal =
    options.rehearsalUrl === undefined ? await startRehearsal({ port: options.rehearsalPort ?? 4181 }) : null;
  const rehearsalUrl = options.rehearsalUrl ?? rehearsal?.url ?? "";
  try {
    return await startBackOffice(options.port ?? 4180, rehearsalUrl, rehearsal, env);
  } catch (error) {
    await rehearsal?.close();
    throw error;
  }
}

/** The demo lets in whoever is picked from a list: never where real people are. */
function refuseProduction(env: Environment): void {
  if (env.NODE_ENV !== "production") return;
  throw new ConfigError([
    {
      path: "NODE_ENV",
      message: "is production, where the rehearsal provider does not run",
      fix: "Unset NODE_ENV to try the demo.",
    },
  ]);
}

async function startBackOffice(
  port: number,
  rehearsalUrl: string,
  rehearsal: Rehearsal | null,
  env: Environment,
): Promise<Demo> {
  const app = (await loadExpress())();
  // The address has to be known before the doors can be opened, and with port 0 only the listening server knows it.
  // Whoever asks in between, such as a page that is reloaded during a restart, waits instead of being told 404.
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const server = createServer((request, response) => void opened.then(() => app(request, response)));
  const url = `http://localhost:${await listen(server, port)}`;
  const config = demoConfig({ publicUrl: url, rehearsalUrl }, env);
  try {
    const door = await postern(config);
    demoBackOffice(app, door);
    open();
    return {
      url,
      rehearsalUrl,
      database: describe(config.database),
      async close() {
        await door.close({ server: { close: (done) => void closeServer(server).then(() => done()) } });
        await rehearsal?.close();
      },
    };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

/** Express belongs to the application, not to Postern, so it may not be there. */
async function loadExpress(): Promise<() => Express> {
  try {
    return (await import("express")).default;
  } catch (cause) {
    throw new Error("The demo is written with Express, which is not installed. Run: npm install express", {
      cause,
    });
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Only this machine: whoever reaches it picks who to be.
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Browsers open connections ahead of need; one that has never asked for anything does not count as idle.
    const impatient = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The database without user and password. */
function describe(database: string): string {
  const url = URL.parse(database);
  return url === null || url.protocol === "file:"
    ? database.replace(/^file:/, "")
    : `${url.protocol}//${url.host}${url.pathname}`;
}
