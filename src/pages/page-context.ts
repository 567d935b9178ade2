import type { Locale } from "../i18n/locale.ts";
import type { PrincipalUser } from "../model/principal.ts";
import type { Brand } from "../options.ts";

/** `system` follows the operating system. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What every page needs to know about the request it answers. */
export interface PageContext {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly brand: Brand;
  /** `/auth`. */
  readonly mountPath: string;
  /** Front ends on other origins that people may be led to. */
  readonly allowedOrigins: readonly string[];
  /** Path of the style sheet, from `stylesheet.path(mountPath)`. */
  readonly stylesheet: string;
  /** Local path where switching language or appearance comes back to. */
  readonly preferencesReturnTo: string;
  /** Who is signed in, `null` for nobody. */
  readonly user: Pick<PrincipalUser, "name" | "email"> | null;
}
