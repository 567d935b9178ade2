import fc from "fast-check";
import { expect, test } from "vitest";
import { readCell, writeCell } from "./csv-cell.ts";
import { parseCsv } from "./parse-csv.ts";
import { readCsv } from "./read-csv.ts";
import type { TransferRow } from "./transfer-record.ts";

async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const rows = (text: string): Promise<TransferRow[]> => collect(readCsv(pieces(text, 1_000)));

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\tx",
  "\rx",
  "\n=x",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  "  =1",
  "\u3000=1",
  "'=1",
  "''@x",
])("%j is no formula any more, and comes back as it was", (text) => {
  const written = writeCell(text).replace(/^"|"$/g, "");
  expect(written.startsWith("'")).toBe(true);
  expect(readCell(written)).toBe(text);
});

test.each([
  ["x;=1+1;y", "x;'=1+1;y"],
  ["x; \t=1", "x;' \t'=1"],
  ['x;"=1', "x;'\"=1"],
  ["x;'@y", "x;''@y"],
  ["x\n-1\r\n+1", "x\n'-1\r'\n'+1"],
])("%j is no formula either where lists are separated by semicolons", (text, harmless) => {
  const written = writeCell(text);
  expect(written.slice(1, -1).replaceAll('""', '"')).toBe(harmless);
  expect(readCell(harmless)).toBe(text);
});

test("a long cell takes no time, whatever it holds", () => {
  for (const part of ["\n", "\n'", ";'", ";' ", "'", " ", '"', ";='"]) {
    const text = part.repeat(200_000 / part.length);
    // Each line looked at up to the end would be a minute.
    expect(writeCell(text).length, JSON.stringify(part)).toBeGreaterThanOrEqual(text.length);
    expect(readCell(text).length, JSON.stringify(part)).toBeLessThanOrEqual(text.length);
  }
});

test.each(["Ada", "O'Brien", "'tis", "a=b", "张伟", "", "1-2"])("%j is left as it is", (text) => {
  expect(writeCell(text)).toBe(text);
  expect(readCell(text)).toBe(text);
});

test("whatever cells hold comes back, however the file is cut into pieces", async () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && text.isWellFormed()),
    fc.string({ unit: fc.constantFrom("=", "'", '"', ",", ";", "\r", "\n", "\t", " ", "＝", "a") }),
  );
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (given, size) => {
      // The first line says which character is between the cells.
      const written = [["a", "b"], ...given].map((row) => `${row.map(writeCell).join(",")}\r\n`).join("");
      const read = await collect(parseCsv(pieces(`\uFEFF${written}`, Math.max(size, 4))));
      expect(read.slice(1).map(({ cells }) => cells.map(readCell))).toEqual(given);
    }),
    { numRuns: 300 },
  );
});

test("LF, CRLF and CR, semicolons and tabs, empty lines; each record knows its line", async () => {
  const read = await collect(parseCsv(pieces('a;b\r\n\r\n"x\ny";2\r3;4\n5;"6;"', 100)));
  expect(read).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 3, cells: ["x\ny", "2"] },
    { line: 5, cells: ["3", "4"] },
    { line: 6, cells: ["5", "6;"] },
  ]);
});

test.each([
  ["an open quote", 'a,b\n1,"2\n3', "quote_open", 2],
  ["a NUL", "a,b\n1,\0", "nul", 2],
  ["a quote that swallows everything", `a,b\n1,"${"x".repeat(1_100_000)}`, "too_long", 2],
])("%s ends the file at its line", async (_, text, problem, line) => {
  await expect(collect(parseCsv(pieces(text, 65_536)))).rejects.toMatchObject({ problem, line });
});

test.each([
  ["nothing at all", "", { problem: "no_header", line: 1 }],
  [
    "a column that is misspelt",
    "emial,roles\n",
    { problem: "column_unknown", about: "emial", guess: "email" },
  ],
  ["a column that is there twice", "email,E-Mail\n", { problem: "column_twice", about: "email" }],
  ["a column called __proto__", "email,__proto__\n", { problem: "column_unknown", guess: null }],
])("%s is told", async (_, text, expected) => {
  await expect(rows(text)).rejects.toMatchObject(expected);
});

test("what people write by hand: one identity in columns, an e-mail, provider:id", async () => {
  const text = `Email,Roles,Provider,Issuer,Subject,Name
ada@example.com,"admin, support",google,https://accounts.google.com,108,Ada
bo@example.com,member,,,,
,member,github,,583231,
,member,,,,
too,few
'=SUM(A1)@example.com,member,,,,`;
  expect(await rows(text)).toMatchObject([
    {
      line: 2,
      record: {
        kind: "user",
        email: "ada@example.com",
        roles: [{ role: "admin" }, { role: "support" }],
        identities: [{ provider: "google", subject: "108", emailVerified: null }],
      },
    },
    { line: 3, record: { kind: "waiting", who: "bo@example.com" } },
    { line: 4, record: { kind: "waiting", who: "github:583231" } },
    { line: 5, problem: { code: "not_recognisable" } },
    { line: 6, problem: { code: "too_few_cells", about: "2/6" } },
    { line: 7, record: { kind: "waiting", who: "=SUM(A1)@example.com" } },
  ]);
});
