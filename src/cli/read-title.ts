import { LOCALES, type Locale } from "../i18n/locale.ts";
import type { Title, TitleOption } from "../model/title.ts";

/**
 * `--title`, which may be given several times: a text for every language, or `zh-CN=…` for one. A language of which
 * nothing is said is called as before. `undefined` = not given; `null` = none, for an empty text.
 */
export function readTitle(
  texts: readonly string[] | undefined,
  before: Title,
): TitleOption | null | undefined {
  if (texts === undefined) return undefined;
  const named = new Map<Locale, string>();
  let everywhere: string | null = null;
  for (const text of texts) {
    const locale = LOCALES.find((one) => text.startsWith(`${one}=`));
    if (locale === undefined) everywhere = text;
    else named.set(locale, text.slice(locale.length + 1));
  }
  if (named.size === 0) return everywhere || null;
  const title = (locale: Locale) => named.get(locale) ?? (everywhere || before[locale]);
  return { en: title("en"), "zh-CN": title("zh-CN") };
}
