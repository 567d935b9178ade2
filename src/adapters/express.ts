import type { NextFunction, Request, RequestHandler, Response } from "express";
import { type Door, doorOf, openCore, PRIVATE } from "../door.ts";
import type {
  Caller,
  Cors,
  CorsOptions,
  Guard,
  GuardResult,
  KeptProviderOf,
  PermissionOf,
  Postern,
  PosternOptions,
  PrincipalApiKey,
  PrincipalUser,
  RoleOf,
} from "../index.ts";
import {
  addHeaders,
  handleNodeRequest,
  isUnderMount,
  requestTarget,
  sendWebResponse,
} from "../web/node-bridge.ts";

declare global {
  namespace Express {
    interface Request {
      /** Who asks. Set by `requireUser`, `requireRole` and `requirePermission`; without one of them there is no user. */
      user: PrincipalUser;
      /** Set when a machine asks, behind `requirePermission(…, { apiKeys: true })`. */
      apiKey?: PrincipalApiKey | undefined;
    }
  }
}

/** Postern for Express 5. */
export interface ExpressDoor<
  Role extends string = string,
  Permission extends string = string,
  Kept extends string = string,
> extends Door<Role, Permission, Kept, Pick<Request, "headers">, RequestHandler> {
  /** Everything under the mount path: `app.use(door.routes())`. */
  routes(): RequestHandler;
  /**
   * For routes that front ends of `allowedOrigins` call: `app.use(door.cors())` in front of their guards. Answers
   * preflights, and lets script read what the routes answer.
   */
  cors(options?: CorsOptions): RequestHandler;
}

/**
 * Opens Postern for an Express 5 application; without options it reads `postern.config.ts`.
 *
 * @example
 * const door = await postern();
 * app.use(door.routes());
 * app.get("/admin", door.requireRole("admin"), (req, res) => res.send(`Welcome, ${req.user.name}`));
 *
 * @throws ConfigError, PosternError `store_unavailable`, `migrations_pending`
 */
export async function postern<const Options extends PosternOptions>(
  options: Options,
): Promise<ExpressDoor<RoleOf<Options>, PermissionOf<Options>, KeptProviderOf<Options>>>;
export async function postern(): Promise<ExpressDoor>;
export async function postern(options?: PosternOptions): Promise<ExpressDoor> {
  const core = await openCore(options);
  return {
    ...doorOf(core, {
      headersOf: (req: Pick<Request, "headers">) => req.headers,
      middleware,
      keyMiddleware: middleware,
    }),
    routes: () => routes(core),
    cors: (options) => cors(core.cors(options)),
  };
}

function routes(core: Postern): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    if (!isUnderMount(req, core.mountPath)) return next();
    handleNodeRequest(core, req, res).then((answered) => {
      if (!answered) next();
    }, next);
  };
}

function cors(check: Cors): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { headers, preflight } = check({
      method: req.method,
      url: requestTarget(req),
      headers: req.headers,
    });
    if (preflight !== null) return void sendWebResponse(preflight, res).catch(next);
    addHeaders(res, headers);
    next();
  };
}

function middleware(guard: Guard<Caller>): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { method, headers, socket: connection } = req;
    const result = guard({ method, url: requestTarget(req), headers, connection });
    return result instanceof Promise
      ? result.then((late) => goOn(late, req, res, next))
      : goOn(result, req, res, next);
  };
}

function goOn(result: GuardResult<Caller>, req: Request, res: Response, next: NextFunction) {
  if (!result.admitted) return sendWebResponse(result.response, res);
  // A time-out of the application may have answered meanwhile: then there is nothing left to do for the handler.
  if (res.headersSent) return;
  const { user, apiKey } = result.principal;
  req.user = user;
  if (apiKey !== undefined) req.apiKey = apiKey;
  res.setHeader("cache-control", PRIVATE);
  return next();
}
