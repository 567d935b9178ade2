import type { LocalPath } from "../web/return-to.ts";
import { isPolicyOrigin, securityHeaders } from "../web/security-headers.ts";
import type { Call } from "./call.ts";

/** What a page may add to its answer. */
export interface PageExtras {
  readonly status?: number;
  /** `Set-Cookie` values. */
  readonly cookies?: readonly string[];
  /** Origins that a form of the page may lead to. */
  readonly formAction?: readonly string[];
}

/** An HTML page with the headers that all our pages carry. */
export function page({ runtime }: Pick<Call, "runtime">, html: string, extras: PageExtras = {}): Response {
  const { status = 200, cookies = [], formAction = [] } = extras;
  const https = runtime.settings.publicUrl.protocol === "https:";
  // A provider may announce any address; one that no policy can hold must not cost the page for all the others.
  const headers = new Headers([...securityHeaders({ https, formAction: formAction.filter(isPolicyOrigin) })]);
  headers.set("content-type", "text/html; charset=utf-8");
  headers.append("vary", "Cookie, Accept-Language");
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(html, { status, headers });
}

/** JSON; `secured` says that nobody may keep it. */
export function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
}

/**
 * 303 See Other (RFC 9110 §15.4.4), so that a POST is never sent on. Only to a path of ours, or to the address that a
 * provider's definition has built.
 */
export function redirect(location: LocalPath | URL | string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: String(location) });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
