import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "../crypto/random.ts";
import { isKeyText, newKeyText } from "./key-text.ts";

const id = newId("key_", Date.UTC(2030, 0, 1));

test("a key names its id, holds 256 bits, and never comes twice", () => {
  const text = newKeyText(id);
  expect(text).toMatch(/^pst_[0-9a-z]{26}_[0-9A-Za-z]{49}$/);
  expect(text.split("_")[1]).toBe(id.slice("key_".length));
  expect(isKeyText(text)).toBe(true);
  expect(newKeyText(id)).not.toBe(text);
});

test("one character changed, moved, lost or added is no key, wherever it is", () => {
  const text = newKeyText(id);
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === "x" ? "y" : "x";
    expect(isKeyText(text.slice(0, at) + other + text.slice(at + 1)), `${at}`).toBe(false);
    expect(isKeyText(text.slice(0, at) + text.slice(at + 1))).toBe(false);
    expect(isKeyText(`${text.slice(0, at)}x${text.slice(at)}`)).toBe(false);
    const swapped = text.slice(0, at) + (text[at + 1] ?? "") + text[at] + text.slice(at + 2);
    expect(isKeyText(swapped)).toBe(swapped === text);
  }
  for (const around of [` ${text}`, `${text}\n`, `${text},${text}`, text.toUpperCase()])
    expect(isKeyText(around)).toBe(false);
});

test("no text whatever is taken for one", () => {
  fc.assert(fc.property(fc.string(), (text) => !isKeyText(text) && !isKeyText(`pst_${text}`)));
});
