import type { Locale } from "../../i18n/locale.ts";
import { negotiate } from "../../i18n/negotiate.ts";
import type { Environment } from "../terminal.ts";
import { en, type Words } from "./en.ts";
import { zhCN } from "./zh-CN.ts";

/** The language of the person at the terminal: POSTERN_LANG, otherwise what the system says (POSIX, `zh_CN.UTF-8`). */
export function localeOf(env: Environment): Locale {
  const named = env.POSTERN_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  const [tag = ""] = named.split(/[.@]/);
  return negotiate({ acceptLanguage: tag.replaceAll("_", "-"), fallback: "en" });
}

/** What the command line says in that language. */
export function wordsOf(locale: Locale): Words {
  return locale === "zh-CN" ? zhCN : en;
}
