import fc from "fast-check";
import { expect, test } from "vitest";
import { toBase62 } from "./base62.ts";

test("writes known numbers", () => {
  expect(toBase62(Buffer.from([0]), 3)).toBe("000");
  expect(toBase62(Buffer.from([61]), 2)).toBe("0z");
  expect(toBase62(Buffer.from([62]), 2)).toBe("10");
  expect(toBase62(Buffer.alloc(16, 0xff), 22)).toBe("7n42DGM5Tflk9n8mt7Fhc7");
});

test("keeps 16 bytes apart in 22 characters", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, (value) => {
      expect(fromBase62(toBase62(Buffer.from(value), 22))).toBe(
        BigInt(`0x${Buffer.from(value).toString("hex")}`),
      );
    }),
  );
});

function fromBase62(text: string): bigint {
  const digit = (character: string): number => {
    const code = character.charCodeAt(0);
    if (code <= 0x39) return code - 0x30;
    return code <= 0x5a ? code - 0x41 + 10 : code - 0x61 + 36;
  };
  return [...text].reduce((sum, character) => sum * 62n + BigInt(digit(character)), 0n);
}
