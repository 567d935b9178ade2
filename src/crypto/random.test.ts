import { expect, test } from "vitest";
import { newId, newReference, randomBase62, randomBytes, randomToken } from "./random.ts";

test("a token holds as many bytes as asked for, in base64url", () => {
  expect(randomToken()).toMatch(/^[\w-]{43}$/);
  expect(Buffer.from(randomToken(48), "base64url")).toHaveLength(48);
  expect(randomToken()).not.toBe(randomToken());
});

test("base62 text has the length asked for, also none", () => {
  for (const length of [0, 1, 22, 1000])
    expect(randomBase62(length)).toMatch(new RegExp(`^[0-9A-Za-z]{${length}}$`));
});

test("no letter or digit of base62 is likelier than another", () => {
  expect(chiSquare(randomBase62(620_000), 62)).toBeLessThan(upperBound(61));
});

test("the characters of an id's random part are equally likely", () => {
  const text = Array.from({ length: 20_000 }, () => newId("usr_", 0).slice(-16)).join("");
  expect(chiSquare(text, 32)).toBeLessThan(upperBound(31));
});

test("a reference has eight readable characters, equally likely", () => {
  const references = Array.from({ length: 40_000 }, newReference);
  for (const reference of references)
    expect(reference).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
  expect(chiSquare(references.join("").replaceAll("-", ""), 30)).toBeLessThan(upperBound(29));
});

test("an id is its prefix, the time and 80 random bits", () => {
  expect(newId("usr_", 0)).toMatch(/^usr_0{10}[0-9a-hjkmnp-tv-z]{16}$/);
  expect(newId("aud_", 2 ** 48 - 1)).toMatch(/^aud_7zzzzzzzzz[0-9a-hjkmnp-tv-z]{16}$/);
});

test("a hundred thousand ids differ and sort by the time they were made", () => {
  const start = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: 100_000 }, (_, index) => newId("ses_", start + index));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
});

test("a hundred thousand ids of one millisecond differ", () => {
  const ids = new Set(Array.from({ length: 100_000 }, () => newId("ses_", 1_767_225_600_000)));
  expect(ids.size).toBe(100_000);
});

test.each([-1, 0.5, Number.NaN, 2 ** 48])("%d is no time", (now) => {
  expect(() => newId("usr_", now)).toThrow(TypeError);
});

/** How far the counts are from even; a count that is missing altogether counts as zero. */
function chiSquare(text: string, kinds: number): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const expected = text.length / kinds;
  const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return seen + (kinds - counts.size) * expected;
}

/** Eight standard deviations above the mean: even counts exceed it less than once in a hundred million runs. */
function upperBound(degreesOfFreedom: number): number {
  return degreesOfFreedom + 8 * Math.sqrt(2 * degreesOfFreedom);
}

test("random bytes are never handed out twice, whatever the lengths", () => {
  const lengths = Array.from({ length: 3_000 }, (_, index) => 16 + (index % 50));
  const texts = [...lengths, 4_095, 4_096, 4_097, 100_000].map((length) => {
    const bytes = randomBytes(length);
    expect(bytes).toHaveLength(length);
    return bytes.toString("hex");
  });
  // Neither whole nor in part: the first 16 bytes of none of them stand anywhere in another.
  const all = texts.join(" ");
  for (const text of texts.slice(0, 60)) expect(all.split(text.slice(0, 32))).toHaveLength(2);
});

test("what was handed out stays what it was", () => {
  const bytes = randomBytes(32);
  const before = bytes.toString("hex");
  for (let count = 0; count < 500; count++) randomBytes(32);
  expect(bytes.toString("hex")).toBe(before);
});
