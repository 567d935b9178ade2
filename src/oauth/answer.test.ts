import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { type Codec, readAnswer } from "./answer.ts";

function read(codec: Codec, text: string): Promise<unknown> {
  return readAnswer(new Response(text), { codec }, "me");
}

test.each([
  ["json", '{"id":9007199254740993}', { id: "9007199254740993" }],
  ["json", "null", null],
  ["form", "a=1&b=x+y%26z&a=2", { a: "2", b: "x y&z" }],
  ["form", "a=\n", { a: "" }],
  ["form", "__proto__=1&a=1", { a: "1" }],
  ["jsonp", 'callback( {"id":9007199254740993} );\n', { id: "9007199254740993" }],
  ["jsonp", 'a.b$_1([")"])', [")"]],
  ["auto", '{"a":"b=c"}', { a: "b=c" }],
  ["auto", 'callback({"a":"b=c"});', { a: "b=c" }],
  ["auto", "a=(b)", { a: "(b)" }],
] as const)("%s: %j", async (codec, text, value) => {
  expect(await read(codec, text)).toEqual(value);
});

test.each([
  ["json", ""],
  ["json", "a=1"],
  ["form", "<html lang=en>"],
  ["form", '{"a":"b=c"}'],
  ["form", ""],
  ["jsonp", '{"a":1}'],
  ["jsonp", "callback({)"],
  ["jsonp", "alert(1); callback({})"],
  ["auto", "nothing of the kind"],
] as const)("%s is not %j", async (codec, text) => {
  await expect(read(codec, text)).rejects.toMatchObject({ code: "provider_untrusted" });
});

test("an answer that is made to take long does not", async () => {
  const before = performance.now();
  await expect(read("auto", `callback()${" ".repeat(200_000)}x`)).rejects.toThrow();
  await expect(read("auto", `${"(".repeat(200_000)}`)).rejects.toThrow();
  expect(performance.now() - before).toBeLessThan(1_000);
});
