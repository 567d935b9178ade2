import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initials, monogram } from "./initials.ts";

describe("initials", () => {
  it.each<[name: string | null, letters: string | null]>([
    ["Ada Lovelace", "AL"],
    ["ada", "A"],
    ["Jean-Luc van der Berg", "JB"],
    ["李伟", "伟"],
    ["欧阳 娜娜", "娜"],
    ["𠮷野", "野"],
    ["やまだ たろう", "やた"],
    ["김민수", "김"],
    ["Zoë Ångström", "ZÅ"],
    ["e\u0301mile Zola", "E\u0301Z"],
    ["👩‍👩‍👧‍👦 Family", "👩‍👩‍👧‍👦F"],
    ["🦊", "🦊"],
    ["mrossi@acme.example", "M"],
    ["(Ops) Tom", "OT"],
    ["", null],
    ["   ", null],
    ["--- ...", null],
    ["\u0000\u202E", null],
    [null, null],
  ])("of %j are %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it("cut a stack of combining marks down", () => {
    expect(initials(`Z${"\u0301".repeat(150)}`)).toBe("Z");
  });

  it("are short whatever the name is", () => {
    fc.assert(fc.property(anyString(), (name) => (initials(name)?.length ?? 0) <= 40));
  });
});

describe("monogram", () => {
  it.each([
    ["Acme Back Office", "A"],
    ["后台", "后"],
    ["  ops", "O"],
    ["", "·"],
  ])("of %j is %j", (name, letter) => {
    expect(monogram(name)).toBe(letter);
  });
});

/** Any sequence of UTF-16 units, halves of pairs among them. */
function anyString(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
}
