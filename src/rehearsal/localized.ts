import type { Locale } from "../i18n/locale.ts";

/** A text in both languages of the rehearsal pages. */
export type Localized = Readonly<Record<Locale, string>>;
