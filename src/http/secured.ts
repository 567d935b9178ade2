import type { Runtime } from "../runtime.ts";
import { securityHeaders } from "../web/security-headers.ts";

/**
 * Gives an answer the security headers that it has not set itself: a page has said where its forms lead, an asset how
 * long it may be kept. Everything that leaves our doors goes through here, redirects and JSON too.
 */
export function secured({ settings }: Pick<Runtime, "settings">, response: Response): Response {
  const https = settings.publicUrl.protocol === "https:";
  for (const [name, value] of securityHeaders({ https, formAction: [] })) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
}
