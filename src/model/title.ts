import { LOCALES, type Locale } from "../i18n/locale.ts";

/** What something is called, for people. */
export type Title = Readonly<Record<Locale, string>>;

/** A title as it is written: one text for every language, or one for each. */
export type TitleOption = string | Title;

/** The languages in which something is called something. */
export const TITLE_LANGUAGES: readonly string[] = LOCALES;

/** Longest title that is taken, in characters. */
const MOST_CHARACTERS = 100;

/** The title in every language; `null` = it is none: empty, too long, a language is missing, or it breaks lines. */
export function readTitle(value: unknown): Title | null {
  const texts: Partial<Record<Locale, unknown>> =
    typeof value === "string" ? { en: value, "zh-CN": value } : Object(value);
  const read = LOCALES.map((locale) => [locale, texts[locale]] as const);
  if (!read.every(([, text]) => isTitle(text))) return null;
  return Object.fromEntries(read.map(([locale, text]) => [locale, String(text).trim()])) as Title;
}

function isTitle(text: unknown): boolean {
  return (
    typeof text === "string" &&
    text.trim() !== "" &&
    text.length <= MOST_CHARACTERS &&
    text.isWellFormed() &&
    !/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u.test(text)
  );
}
