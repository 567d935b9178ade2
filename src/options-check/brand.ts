import type { Report } from "../model/rule-vocabulary.ts";
import type { Brand, BrandOptions } from "../options.ts";
import { checkKeys } from "./keys.ts";

const BRAND_NAMES = ["name", "support", "places"] as const satisfies readonly (keyof BrandOptions)[];

/** Fills in `brand` and reports what is wrong with it. */
export function checkBrand(value: BrandOptions | undefined, report: Report): Brand {
  checkKeys(value ?? {}, BRAND_NAMES, "brand.", report);
  const name = value?.name ?? { en: "Back Office", "zh-CN": "后台" };
  const names: readonly unknown[] = typeof name === "string" ? [name] : [name.en, name["zh-CN"]];
  if (!names.every((text) => typeof text === "string" && text !== "")) {
    report(
      "brand.name",
      "is not a text in both languages",
      'Write "Acme" or { en: "Acme", "zh-CN": "Acme" }.',
    );
  }
  const support = value?.support ?? null;
  if (support !== null && !/^[^@\s]+@[^@\s]+$/.test(support) && URL.parse(support)?.protocol !== "https:") {
    report(
      "brand.support",
      `"${support}" is neither an e-mail address nor an https address`,
      'Use "it@example.com".',
    );
  }
  return {
    name: typeof name === "string" ? { en: name, "zh-CN": name } : name,
    support,
    places: value?.places ?? {},
  };
}
