import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchPattern } from "./match-pattern.ts";

test.each([
  ["finance-*", "finance-eu", true],
  ["finance-*", "finance-", true],
  ["finance-*", "finance", false],
  ["finance-*", "Finance-eu", false],
  ["finance-*", "not-finance-eu", false],
  ["*-finance", "eu-finance", true],
  ["*-finance", "eu-finance-guests", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["?", "", false],
  ["?", "字", true],
  ["?", "😀", true],
  ["??", "😀", false],
  ["a?c", "abc", true],
  ["ab", "ab", true],
  ["ab", "ａb", false],
  ["a.c", "abc", false],
  ["[ab]", "a", false],
  ["*", "", true],
  ["a\\*", "a\\b", true],
  ["*\n*", "a\nb", true],
])("%j against %j: %s", (pattern, text, expected) => {
  expect(matchPattern(pattern, text)).toBe(expected);
});

test("agrees with a slow reading of what * and ? mean", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 12 });
  const patterns = fc.string({ unit: fc.constantFrom("a", "b", "😀", "*", "?"), maxLength: 8 });
  let matched = 0;
  fc.assert(
    fc.property(patterns, letters, (pattern, text) => {
      const expected = slowly([...pattern], [...text]);
      matched += Number(expected);
      expect(matchPattern(pattern, text)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(matched).toBeGreaterThan(100);
});

/** Every way to read every `*`: exponential, and plainly right. */
function slowly(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === "*") return text.some((_, index) => slowly(rest, text.slice(index))) || slowly(rest, []);
  return text.length > 0 && (first === "?" || first === text[0]) && slowly(rest, text.slice(1));
}

describe("takes time that grows like the text, whatever it holds", () => {
  const steps = (pattern: string, text: string) => {
    let count = 0;
    matchPattern(pattern, text, () => count++);
    return count;
  };

  test.each([
    ["*a*a*a*a*a*a*a*a*b", "a"],
    ["*aaaaaaaaaaaaaaab", "a"],
    ["a*a*a*a*a*a*a*a*a*c", "aab"],
    ["*?*?*?*?*?*?*?*?x", "y"],
    ["*ab?ab?ab?ab?c", "abaabaab"],
  ])("%j against many of %j", (pattern, unit) => {
    const [short, long] = [unit.repeat(500), unit.repeat(5000)];
    expect(steps(pattern, long) / steps(pattern, short)).toBeLessThan(11);
    expect(steps(pattern, long)).toBeLessThanOrEqual((long.length + 1) * (pattern.length + 1));
  });

  test("any pattern, any text", () => {
    const twoLetters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 300 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 40 });
    fc.assert(
      fc.property(pattern, twoLetters, (pattern, text) => {
        expect(steps(pattern, text)).toBeLessThanOrEqual((text.length + 1) * (pattern.length + 1));
      }),
      { numRuns: 2000 },
    );
  });
});
