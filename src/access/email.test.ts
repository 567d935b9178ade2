import fc from "fast-check";
import { expect, test } from "vitest";
import { emailDomain, foldEmail } from "./email.ts";

test.each([
  ["ana@example.com", "ana@example.com"],
  ["Ana.B+tag@EXAMPLE.Com", "ana.b+tag@example.com"],
  ["zoe\u0308@example.com", "zoë@example.com"],
  ["ana@bücher.example", "ana@xn--bcher-kva.example"],
  ["ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"],
])("%s is compared as %s", (email, folded) => {
  expect(foldEmail(email)).toBe(folded);
});

test.each([
  null,
  "",
  "ana",
  "@example.com",
  "ana@evil.example@example.com",
  '"ana@evil.example"@example.com',
  "ana@",
  "ana @example.com",
  "ana@example.com\n",
  "ana@example.com\0",
  "ana@example.com.",
  "ana@.example.com",
  "ana@example..com",
  "ana@ｅxample.com",
  "ana@example。com",
  "ana@example%2ecom",
  "\u212aim@example.com",
])("%j is no address", (email) => {
  expect(foldEmail(email)).toBeNull();
});

test("the domain is what stands behind the @", () => {
  expect(emailDomain("ana@example.com")).toBe("example.com");
});

const visible = fc.stringMatching(/^[!-?A-~]{1,12}$/);
const anything = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });

test("folding twice changes nothing more", () => {
  fc.assert(
    fc.property(fc.oneof(visible, anything), fc.domain(), (local, domain) => {
      const folded = foldEmail(`${local}@${domain}`);
      if (folded !== null) expect(foldEmail(folded)).toBe(folded);
    }),
  );
});

test("a look-alike never becomes the real one: no character beyond ASCII folds to plain letters", () => {
  const becamePlain: string[] = [];
  for (let code = 0x80; code < 0x20000; code++) {
    const character = String.fromCodePoint(code);
    for (const email of [`a${character}@example.com`, `ana@a${character}.example`]) {
      const folded = foldEmail(email);
      if (folded !== null && /^[\0-\x7f]*$/.test(folded) && !folded.includes("xn--")) becamePlain.push(email);
    }
  }
  expect(becamePlain).toEqual([]);
});
