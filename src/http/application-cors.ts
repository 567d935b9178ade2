import type { Runtime } from "../runtime.ts";
import { isUnderPath } from "../web/mount-path.ts";
import { answerGuardedPreflight, isPreflight, listedOrigin, readableBy } from "./cors.ts";
import type { GuardedRequest } from "./sign-in-first.ts";

/** What an application may say about its own routes. */
export interface CorsOptions {
  /** Response headers that script may read beside the ordinary ones: `["link", "retry-after"]`. Default none. */
  readonly exposeHeaders?: readonly string[] | undefined;
}

/** What to do about the origin of a request to a route of the application. */
export interface CorsAnswer {
  /** To add to the answer, whatever it is; `vary` to what it varies by already. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The whole answer when the browser only asks whether it may; `null` = go on. */
  readonly preflight: Response | null;
}

/** Tells what the front ends of `allowedOrigins` may do at the routes of the application. */
export type Cors = (request: GuardedRequest) => CorsAnswer;

/** For the application's own routes, in front of their guards. Our doors say for themselves who may read them. */
export function applicationCors(runtime: Pick<Runtime, "settings">, options: CorsOptions = {}): Cors {
  const { settings } = runtime;
  const exposed = options.exposeHeaders?.join(", ") ?? "";
  return (request) => {
    if (isUnderPath(pathOf(request), settings.mountPath)) return { headers: [], preflight: null };
    const origin = listedOrigin(settings, request);
    // Another origin's preflight is the application's: it may have routes that are for everybody.
    if (origin === null) return { headers: [["vary", "Origin"]], preflight: null };
    if (isPreflight(request)) return { headers: [], preflight: answerGuardedPreflight(runtime, request) };
    const more = exposed === "" ? [] : [["access-control-expose-headers", exposed] as const];
    return { headers: [["vary", "Origin"], ...readableBy(origin), ...more], preflight: null };
  };
}

/** The path as it was sent; what precedes it in a whole address is dropped. */
function pathOf({ url = "/" }: GuardedRequest): string {
  return url.startsWith("/") ? url : (URL.parse(url)?.pathname ?? "/");
}
