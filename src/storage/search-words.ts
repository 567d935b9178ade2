import { fold } from "./fold.ts";

/** How many characters of each are kept: nobody types more to find somebody, and an index has its limits. */
const LONGEST = 64;
/** How many are kept of one name or address, so that nobody fills the table with one name. */
const MOST = 16;

/** Where somebody may begin to type: at a word; in scripts that write no spaces, at every character. */
const BEGINNING =
  /(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]|[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]/gu;

/**
 * What a person is found by, folded: their name and e-mail address from the beginning of each of its words to its end.
 * Of `Ada Marsh` these are `ada marsh` and `marsh`. Whatever is typed has to be the beginning of one of them, which is
 * one look into an index, however many people there are.
 */
export function searchWords(name: string | null, email: string | null): readonly string[] {
  return [...new Set([...endings(name), ...endings(email)])];
}

/** What somebody has typed, as `searchWords` are written; empty = nothing to look for. */
export function searchedWord(text: string): string {
  const whole = tidy(text);
  const start = whole.search(/[\p{L}\p{N}]/u);
  // What stands before the first word, as in `@example.com`, is not needed to find it; alone it is all there is.
  return cut(start === -1 ? whole : whole.slice(start));
}

function endings(text: string | null): readonly string[] {
  if (text === null) return [];
  const whole = tidy(text);
  // The last part of a domain is everybody's, and nobody looks for it.
  const domain = whole.lastIndexOf("@") + 1;
  const last = domain === 0 ? whole.length : whole.lastIndexOf(".");
  const starts = [...whole.matchAll(BEGINNING)].map(({ index }) => index);
  const useful = starts.filter((start) => last < domain || start < last);
  return [0, ...useful]
    .slice(0, MOST)
    .map((start) => cut(whole.slice(start)))
    .filter((word) => word !== "");
}

function tidy(text: string): string {
  return fold(text).replace(/\s+/gu, " ").trim();
}

/** Never between the halves of a character. */
function cut(text: string): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
}
