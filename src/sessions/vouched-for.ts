import { OWNER_LINK_PROVIDER } from "../model/owner-link.ts";
import type { Session } from "../model/session.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Whether the provider that opened a session is still configured. Without it the session opens nothing, but it is not
 * ended either: an id that was mistyped must not throw everybody out for good. Nobody can use it, so that it runs out after
 * its idle time; when the provider is back before that, so is the session.
 */
export function isVouchedFor(
  { providers }: Pick<Runtime, "providers">,
  { provider }: Pick<Session, "provider">,
): boolean {
  // No provider stands behind a session that an owner link opened.
  return providers.has(provider) || provider === OWNER_LINK_PROVIDER;
}
