import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Door, doorOf, openCore, PRIVATE } from "../door.ts";
import type {
  Caller,
  Cors,
  CorsOptions,
  Guard,
  KeptProviderOf,
  PermissionOf,
  Postern,
  PosternOptions,
  Principal,
  RoleOf,
} from "../index.ts";
import {
  addHeaders,
  handleNodeRequest,
  isUnderMount,
  requestTarget,
  sendWebResponse,
} from "../web/node-bridge.ts";

/** Answers who may pass, or `null` where the answer has been sent: by itself, or by somebody else while it was asked. */
export type NodeGuard<Who = Principal> = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<Who | null>;

/** Adds headers for a front end; answers false after it has sent the whole answer itself. */
export type NodeCors = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Postern for `node:http`. */
export interface NodeDoor<
  Role extends string = string,
  Permission extends string = string,
  Kept extends string = string,
> extends Door<Role, Permission, Kept, Pick<IncomingMessage, "headers">, NodeGuard, NodeGuard<Caller>> {
  /** Puts Postern's own pages in front of the application's listener. */
  listener(application: RequestListener): RequestListener;
  /**
   * For routes that front ends of `allowedOrigins` call, in front of their guards: answers preflights, and lets script
   * read what the routes answer. `if (!(await cors(req, res))) return;`
   */
  cors(options?: CorsOptions): NodeCors;
}

/**
 * Opens Postern for a plain Node server; without options it reads `postern.config.ts`.
 *
 * @example
 * const door = await postern();
 * const admins = door.requireRole("admin");
 * createServer(door.listener(async (req, res) => {
 *   const principal = await admins(req, res);
 *   if (principal !== null) res.end(`Welcome, ${principal.user.name}`);
 * })).listen(3000);
 *
 * @throws ConfigError, PosternError `store_unavailable`, `migrations_pending`
 */
export async function postern<const Options extends PosternOptions>(
  options: Options,
): Promise<NodeDoor<RoleOf<Options>, PermissionOf<Options>, KeptProviderOf<Options>>>;
export async function postern(): Promise<NodeDoor>;
export async function postern(options?: PosternOptions): Promise<NodeDoor> {
  const core = await openCore(options);
  return {
    ...doorOf(core, {
      headersOf: (request: Pick<IncomingMessage, "headers">) => request.headers,
      middleware: (guard: Guard) => middleware(guard),
      keyMiddleware: (guard: Guard<Caller>) => middleware(guard),
    }),
    listener: (application) => listener(core, application),
    cors: (options) => cors(core.cors(options)),
  };
}

function listener(core: Postern, application: RequestListener): RequestListener {
  // No promise around the application: what it throws must surface as it would without us.
  return (request, response) => {
    if (!isUnderMount(request, core.mountPath)) return application(request, response);
    handleNodeRequest(core, request, response).then(
      (answered) => {
        if (!answered) application(request, response);
      },
      // Nobody stands behind a plain server to catch it: it may cost this connection, never the process.
      (error) => response.destroy(error),
    );
  };
}

function cors(check: Cors): NodeCors {
  return async (request, response) => {
    const { method, headers: sent } = request;
    const { headers, preflight } = check({ method, url: requestTarget(request), headers: sent });
    if (preflight === null) addHeaders(response, headers);
    else await sendWebResponse(preflight, response);
    return preflight === null;
  };
}

function middleware<Who>(guard: Guard<Who>): NodeGuard<Who> {
  return async (request, response) => {
    const { method, headers, socket: connection } = request;
    const answer = guard({ method, url: requestTarget(request), headers, connection });
    const result = answer instanceof Promise ? await answer : answer;
    if (!result.admitted) {
      await sendWebResponse(result.response, response);
      return null;
    }
    // A time-out of the application may have answered meanwhile: then there is nothing left to do for anybody.
    if (response.headersSent) return null;
    response.setHeader("cache-control", PRIVATE);
    return result.principal;
  };
}
