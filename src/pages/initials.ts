const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });
const HAN = /^[\p{Script=Han}]+$/u;
/** A family of emoji is one character of eleven units; a longer one is a stack of combining marks. */
const MAX_CHARACTER_UNITS = 16;

/**
 * What stands in the round picture of a person: `AL` for Ada Lovelace, `伟` for 李伟 (the given name is what tells
 * people apart), the first character otherwise, of an e-mail without its domain; `null` when there is no letter, digit
 * or picture in it.
 */
export function initials(name: string | null): string | null {
  const [local = ""] = (name ?? "").slice(0, 200).split("@");
  const words = local.match(/[^\s\p{Cc}\p{P}]+/gu) ?? [];
  const named = words.filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = named[0];
  if (first === undefined) return null;
  if (HAN.test(named.join(""))) return characters(named.join("")).at(-1) ?? null;

  const last = named.length > 1 ? named.at(-1) : undefined;
  const lettersOf = [first, last].map((word) => (word === undefined ? "" : (characters(word)[0] ?? "")));
  return lettersOf.join("").toUpperCase();
}

/** The one character that stands for the application: `A` for Acme, `后` for 后台. */
export function monogram(name: string): string {
  return characters(name.slice(0, 200).trim())[0]?.toUpperCase() ?? "·";
}

/** What people see as characters: an emoji with its modifiers is one. */
function characters(text: string): readonly string[] {
  return [...SEGMENTER.segment(text.toWellFormed())].map(({ segment }) =>
    segment.length <= MAX_CHARACTER_UNITS ? segment : ([...segment][0] ?? ""),
  );
}
