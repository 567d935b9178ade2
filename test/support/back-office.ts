import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeDoor, postern } from "../../src/adapters/node.ts";
import { type Log, PosternError, type PosternOptions } from "../../src/index.ts";
import { github } from "../../src/providers/github.ts";
import { google } from "../../src/providers/google.ts";
import { oidc } from "../../src/providers/oidc.ts";

export const SECRET = "a-secret-for-tests-0123456789-abcdefgh";

/** A back office of four pages behind the doors, on a port that the system picked. */
export interface BackOffice {
  readonly url: string;
  readonly door: NodeDoor;
  /** Everything that was logged, for looking for secrets in. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export interface BackOfficeOptions {
  readonly rehearsalUrl: string;
  /** Default: a new SQLite file in a temporary folder. */
  readonly database?: string;
  /** Keeps tokens, and takes a refresh over after so many milliseconds. Default: no tokens are kept. */
  readonly refreshLease?: number;
  readonly options?: Partial<PosternOptions>;
  /** Where the log is written too, a line each, so that it outlives the process. Default nowhere. */
  readonly logFile?: string;
}

export async function startBackOffice({
  rehearsalUrl,
  database,
  refreshLease,
  options,
  logFile,
}: BackOfficeOptions): Promise<BackOffice> {
  let listener: RequestListener = () => {};
  const server = createServer((request, response) => listener(request, response));
  const url = `http://localhost:${await listen(server)}`;
  const folder = database === undefined ? mkdtempSync(join(tmpdir(), "postern-")) : null;
  const logged: string[] = [];
  const door = await postern({
    publicUrl: url,
    secret: SECRET,
    database: database ?? `file:${join(folder ?? "", "postern.db")}`,
    providers: refreshLease === undefined ? rehearsalProviders(rehearsalUrl) : keepingProviders(rehearsalUrl),
    ...(refreshLease !== undefined && { refreshLease }),
    owners: ["rehearsal:ada@demo.example", "github:1001"],
    access: [
      { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
      { when: { emailDomain: "demo.example" }, then: "allow" },
    ],
    log: collect(logged, logFile),
    autoMigrate: true,
    ...options,
  });
  listener = door.listener(pages(door, url));
  return {
    url,
    door,
    logged,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await door.close();
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `/` for everybody, `/admin` for administrators, `/payroll` for whoever has confirmed that it is them, `/api/me` and everything else for whoever holds a role. */
function pages(door: NodeDoor, url: string): RequestListener {
  const user = door.requireUser();
  const admin = door.requireRole("admin");
  const fresh = door.requireUser({ freshWithin: "10m" });
  return async (request, response) => {
    const path = new URL(request.url ?? "/", url).pathname;
    if (path === "/") return void response.end("public");
    const guard = path === "/admin" ? admin : path.startsWith("/payroll") ? fresh : user;
    const principal = await guard(request, response);
    if (principal === null) return;
    if (path.startsWith("/api/at/")) return askProvider(door, principal.user, path, response);
    const api = path === "/api/me";
    response.setHeader("content-type", api ? "application/json" : "text/html; charset=utf-8");
    response.end(api ? JSON.stringify(principal.user) : `<h1>${path}</h1> ${principal.user.name}`);
  };
}

/** `/api/at/rehearsal`: what the provider's own API says about whoever asks, or how that failed. */
async function askProvider(
  door: NodeDoor,
  user: { readonly id: string },
  path: string,
  response: ServerResponse,
): Promise<void> {
  try {
    const provider = path.slice("/api/at/".length);
    const call = { google: "/v1/userinfo", github: "/user" }[provider] ?? "/userinfo";
    response.end(JSON.stringify(await door.api(user, provider).get(call).json()));
  } catch (error) {
    response.statusCode = error instanceof PosternError ? error.status : 500;
    const told = error instanceof PosternError ? { code: error.code, reason: error.reason } : {};
    response.end(JSON.stringify({ message: String(error), ...told }));
  }
}

/** Both kinds of the rehearsal provider, under the ids `rehearsal` and `github`. */
export function rehearsalProviders(rehearsalUrl: string): PosternOptions["providers"] {
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
  return [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: rehearsalUrl, ...client }),
    github({ baseUrl: `${rehearsalUrl}/github`, ...client }),
  ];
}

/** The same providers with tokens that are kept, and one whose refresh tokens can be used again. */
export function keepingProviders(rehearsalUrl: string): PosternOptions["providers"] {
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret", keepTokens: true };
  return [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: rehearsalUrl, apiUrl: rehearsalUrl, ...client }),
    github({ baseUrl: `${rehearsalUrl}/github`, ...client }),
    google({ baseUrl: `${rehearsalUrl}/no-second-refresh`, ...client }),
  ];
}

function collect(lines: string[], file?: string): Log {
  const write = (fields: object, message: string) => {
    const line = `${message} ${describe(fields)}`;
    lines.push(line);
    if (file !== undefined) appendFileSync(file, `${line}\n`);
  };
  return { debug: write, info: write, warn: write, error: write };
}

/** Errors with everything they hold, as a careless log would print them. */
function describe(fields: object): string {
  return JSON.stringify(fields, (_, value: unknown) =>
    value instanceof Error
      ? { ...value, message: value.message, stack: value.stack, cause: value.cause }
      : value,
  );
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
