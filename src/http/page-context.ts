import type { PrincipalUser } from "../model/principal.ts";
import { stylesheet } from "../pages/assets.ts";
import type { PageContext } from "../pages/page-context.ts";
import type { Call } from "./call.ts";

/** What the pages need to know about this call. `here` is where switching the language comes back to. */
export function pageContext(call: Call, here: string, user: PrincipalUser | null = null): PageContext {
  const { brand, mountPath, allowedOrigins } = call.runtime.settings;
  return {
    locale: call.locale,
    theme: call.theme,
    brand,
    mountPath,
    allowedOrigins,
    stylesheet: stylesheet.path(mountPath),
    preferencesReturnTo: here,
    user,
  };
}
