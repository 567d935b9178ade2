/** The languages of the rehearsal pages. */
export type Language = "en" | "zh-CN";

/** A text in both languages. */
export type Localized = Readonly<Record<Language, string>>;

/** The language a browser asks for first (RFC 9110 §12.5.4); English when it asks for neither. */
export function preferredLanguage(acceptLanguage: string | null): Language {
  const wishes = (acceptLanguage ?? "").split(",").map(readWish);
  const best = wishes
    .filter(({ tag, weight }) => weight > 0 && /^(en|zh)(-|$)/.test(tag))
    .sort((a, b) => b.weight - a.weight)[0];
  return best?.tag.startsWith("zh") ? "zh-CN" : "en";
}

function readWish(wish: string): { tag: string; weight: number } {
  const [tag = "", ...parameters] = wish.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  return { tag, weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
