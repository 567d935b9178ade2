import type { Locale } from "../../i18n/locale.ts";
import { en, type Texts } from "./en.ts";
import { zhCN } from "./zh-CN.ts";

/** What the checks say in that language. */
export function textsOf(locale: Locale): Texts {
  return locale === "zh-CN" ? zhCN : en;
}
