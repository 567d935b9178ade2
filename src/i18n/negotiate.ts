import { isLocale, type Locale } from "./locale.ts";

/** Longer headers are cut: no browser sends more, and the work stays small whatever arrives. */
const MAX_HEADER_LENGTH = 1024;

/** Which language to speak: the one chosen before (cookie), else the browser's wish (RFC 9110 §12.5.4), else `fallback`. */
export function negotiate(wishes: {
  readonly cookie?: string | null;
  readonly acceptLanguage?: string | null;
  readonly fallback: Locale;
}): Locale {
  const { cookie, acceptLanguage, fallback } = wishes;
  if (typeof cookie === "string" && isLocale(cookie)) return cookie;
  if (typeof acceptLanguage !== "string") return fallback;

  let best: { locale: Locale; quality: number } | null = null;
  for (const part of acceptLanguage.slice(0, MAX_HEADER_LENGTH).split(",")) {
    const [range = "", ...parameters] = part.split(";");
    const locale = localeFor(range.trim().toLowerCase(), fallback);
    const quality = qualityOf(parameters);
    if (locale !== null && quality > (best?.quality ?? 0)) best = { locale, quality };
  }
  return best?.locale ?? fallback;
}

/** Traditional Chinese is left to the fallback: its readers are not served by simplified characters. */
function localeFor(range: string, fallback: Locale): Locale | null {
  if (range === "*") return fallback;
  if (range === "en" || range.startsWith("en-")) return "en";
  if (/^zh(?:-hans(?:-[a-z]{2})?|-cn|-sg|-my)?$/.test(range)) return "zh-CN";
  return null;
}

/** 0–1, by default 1; a weight that is not a number counts as 0, so that garbage never wins. */
function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([^\s]*)\s*$/i.exec(parameter);
    if (match === null) continue;
    const written = match[1] ?? "";
    return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(written) ? Number(written) : 0;
  }
  return 1;
}
