import { PosternError } from "../errors.ts";
import type { Caller, Principal } from "../model/principal.ts";
import { type Permission, type RoleName, sufficientRoles } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { authenticate } from "../sessions/authenticate.ts";
import { isFresh } from "../sessions/freshness.ts";
import { readCookie } from "../web/cookies.ts";
import { header, type RequestHead } from "../web/headers.ts";
import { requestOrigin } from "../web/same-origin.ts";
import { admitKey, bearerOf } from "./bearer.ts";
import { answerGuardedPreflight, isPreflight, withCors } from "./cors.ts";
import { CrossOriginError } from "./cross-origin-error.ts";
import { answerGuardError } from "./guard-answer.ts";
import { freshnessWanted, type GuardOptions, type RoleArguments, splitRoles } from "./guard-options.ts";
import { secured } from "./secured.ts";
import { askToSignIn, askToStepUp, type GuardedRequest } from "./sign-in-first.ts";

/** What a guard says: come in, or this is the answer. */
export type GuardResult<Who = Principal> = { readonly admitted: true; readonly principal: Who } | Refusal;

/** Not in; what is to be answered instead. */
interface Refusal {
  readonly admitted: false;
  readonly response: Response;
}

/** Stands in front of a route of the application. Answers at once where it can: from the session cache, or from SQLite. */
export type Guard<Who = Principal> = (
  request: GuardedRequest,
) => GuardResult<Who> | Promise<GuardResult<Who>>;

/** Also lets machines pass that show an API key with the permission; `freshWithin` is asked of people alone. */
export interface KeyGuardOptions extends Partial<GuardOptions> {
  readonly apiKeys: true;
}

/** Lets people pass alone. An object that may allow keys is none of these, so that nobody takes a machine for a person. */
export interface PeopleGuardOptions extends GuardOptions {
  readonly apiKeys?: never;
}

/** Whom a guard lets pass, among those who are signed in. */
type Test = (principal: Principal) => boolean;

/** Anyone who is signed in and holds a role, whatever it is. */
export function requireUser(runtime: Runtime, options?: GuardOptions): Guard {
  return guard(runtime, () => true, options);
}

/**
 * Anyone who holds one of the roles, or a role that includes one. Only roles of the code: what it asks for must not
 * hang on what administrators call theirs; ask for a permission instead.
 * @throws PosternError `unknown_role` at once, not at the first request
 */
export function requireRole(runtime: Runtime, given: RoleArguments<RoleName>): Guard {
  const { roles, options } = splitRoles(given);
  for (const role of roles) runtime.policy.configured.requireKnownRole(role);
  const enough = sufficientRoles(roles);
  return guard(runtime, ({ user }) => user.roles.some((role) => enough.has(role)), options);
}

/**
 * Anyone whose roles give the permission; where keys are allowed, also whoever shows one that has it: it alone decides
 * then, otherwise the cookie does. @throws PosternError `unknown_permission` at once, not at the first request
 */
export function requirePermission(
  runtime: Runtime,
  permission: Permission,
  options?: PeopleGuardOptions | KeyGuardOptions,
): Guard<Caller> {
  runtime.policy.configured.requireKnownPermission(permission);
  const people = guard(runtime, ({ user }) => user.permissions.includes(permission), options);
  return options?.apiKeys === true ? orKey(runtime, permission, people) : people;
}

function orKey(runtime: Runtime, permission: Permission, people: Guard): Guard<Caller> {
  return async (request) => {
    const key = bearerOf(request);
    if (key === null) return people(request);
    const result = await admitKey(runtime, request, key, permission);
    return result.admitted ? result : refused(runtime, request, result.response);
  };
}

/** Who sends this request; `null` = nobody. On the path of every request of the application. @throws PosternError `shutting_down` */
export function authenticateRequest(
  runtime: Runtime,
  request: Pick<RequestHead, "headers">,
): Principal | null | Promise<Principal | null> {
  runtime.operation.gate.requireStore();
  return authenticate(
    runtime,
    readCookie(header(request.headers, "cookie"), runtime.settings.cookies.session),
  );
}

function guard(runtime: Runtime, passes: Test, options: GuardOptions | KeyGuardOptions | undefined): Guard {
  const within = freshnessWanted(options);

  function judge(request: GuardedRequest, principal: Principal | null): GuardResult {
    if (principal === null) return refused(runtime, request, askToSignIn(runtime, request));
    refuseForeignChange(runtime, request);
    if (principal.user.roles.length === 0) throw new PosternError("no_role", "The user holds no role.");
    if (!passes(principal))
      throw new PosternError("permission_denied", "The user's roles do not allow this.");
    if (within !== null && !isFresh(principal, within, runtime.now()))
      return refused(runtime, request, askToStepUp(runtime, request, within));
    return { admitted: true, principal };
  }

  function answer(request: GuardedRequest, principal: Principal | null): ReturnType<Guard> {
    try {
      return judge(request, principal);
    } catch (error) {
      return refusedBy(runtime, request, error, principal);
    }
  }

  // Not `async`: a promise for each request costs more than looking into the cache.
  return (request) => {
    // A preflight brings no cookie: it is answered for itself, and never with a 401 that would look like a broken route.
    if (isPreflight(request)) {
      return { admitted: false, response: secured(runtime, answerGuardedPreflight(runtime, request)) };
    }
    try {
      const found = authenticateRequest(runtime, request);
      if (!(found instanceof Promise)) return answer(request, found);
      return found.then(
        (principal) => answer(request, principal),
        (error) => refusedBy(runtime, request, error, null),
      );
    } catch (error) {
      return refusedBy(runtime, request, error, null);
    }
  };
}

async function refusedBy(
  runtime: Runtime,
  request: GuardedRequest,
  error: unknown,
  principal: Principal | null,
): Promise<Refusal> {
  return refused(runtime, request, await answerGuardError(runtime, request, error, principal?.user ?? null));
}

/** A front end that is listed may read why. */
function refused(runtime: Runtime, request: GuardedRequest, response: Response): Refusal {
  return { admitted: false, response: secured(runtime, withCors(runtime, request, response)) };
}

/**
 * The session cookie alone is no consent: a request that changes something must come from our own pages or from a front
 * end that is listed. SameSite=Lax stops other sites, not sibling hosts.
 */
function refuseForeignChange({ settings }: Runtime, request: GuardedRequest): void {
  const { method } = request;
  if (method === "HEAD" || method === "OPTIONS") return;
  if ((method === undefined || method === "GET") && !opensWebSocket(request)) return;
  if (requestOrigin(request, settings.publicUrl.origin, settings.allowedOrigins) === "cross") {
    throw new CrossOriginError(request, settings.publicUrl.origin);
  }
}

/**
 * A handshake is a GET that whoever made it may say anything through afterwards, and read the answers: CORS does not stand
 * in its way. This header alone is looked at, since every GET that is let in pays for it: without it nothing is switched
 * to (RFC 6455 §4.1), and over HTTP/2 the handshake is no GET (RFC 8441 §4).
 */
function opensWebSocket({ headers }: GuardedRequest): boolean {
  const upgrade = header(headers, "upgrade");
  return upgrade !== null && /\bwebsocket\b/i.test(upgrade);
}
