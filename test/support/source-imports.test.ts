import { expect, test } from "vitest";
import { importsOf } from "./source-imports.ts";

const value = (specifier: string) => [{ specifier, typeOnly: false }];
const type = (specifier: string) => [{ specifier, typeOnly: true }];

test.each([
  [`import { a } from "./a.ts";`, value("./a.ts")],
  [`import a, {\n  // "not this"\n  b,\n} from './a.ts';`, value("./a.ts")],
  [`import "./a.ts";`, value("./a.ts")],
  [`import data from "./a.json" with { type: "json" };`, value("./a.json")],
  [`import { type A } from "./a.ts";`, value("./a.ts")],
  [`import type { A } from "./a.ts";`, type("./a.ts")],
  [`export * from "./a.ts";`, value("./a.ts")],
  [`export { a } from "./a.ts";`, value("./a.ts")],
  [`export type { A } from "./a.ts";`, type("./a.ts")],
  [`export type * from "./a.ts";`, type("./a.ts")],
  [`const a = await import("./a.ts");`, value("./a.ts")],
  ["const a = await import(`./a.ts`);", value("./a.ts")],
  [`let a: import("./a.ts").A;`, type("./a.ts")],
  [`type A = typeof import("./a.ts");`, type("./a.ts")],
  [`export const a = 1; const b = /"/; // import "./a.ts"`, []],
  ["const a = `import './a.ts'`;", []],
])("%s", (source, expected) => {
  expect(importsOf(source)).toEqual(expected);
});
