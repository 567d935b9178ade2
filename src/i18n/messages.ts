import { en, type Messages } from "./en.ts";
import type { Locale } from "./locale.ts";
import { zhCN } from "./zh-CN.ts";

const CATALOGUES: Readonly<Record<Locale, Messages>> = { en, "zh-CN": zhCN };

/** Everything that the pages say, in one language. */
export function messages(locale: Locale): Messages {
  return CATALOGUES[locale];
}

export type { Messages };
