import { describe, expect, test } from "vitest";
import { printable, printableJson } from "./printable.ts";
import { table, tabSeparated } from "./table.ts";
import { clip, textWidth } from "./text-width.ts";

describe("the width of a text", () => {
  test.each([
    ["Ada", 3],
    ["李伟", 4],
    ["ｱｲｳ", 3],
    ["カタカナ", 8],
    ["한국", 4],
    ["（全）", 6],
    ["👩‍💻", 2],
    ["❤️", 2],
    ["Zoë", 3],
    ["Zoe\u0308", 3],
    ["…", 1],
    ["", 0],
  ])("%s is %i", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test.each([
    ["李伟明", 6, "李伟明"],
    ["李伟明", 5, "李伟…"],
    ["李伟明", 4, "李…"],
    ["Margarethe", 4, "Mar…"],
  ])("%s cut to %i is %s", (text, columns, cut) => {
    expect(clip(text, columns)).toBe(cut);
    expect(textWidth(cut)).toBeLessThanOrEqual(columns);
  });
});

describe("a table", () => {
  test("is aligned also where characters are twice as wide", () => {
    expect(
      table(
        ["ID", "PERSON", "ROLES"],
        [
          ["1", "李伟", "admin"],
          ["2", "Ada", "owner"],
        ],
        80,
      ),
    ).toEqual(["ID  PERSON  ROLES", "1   李伟    admin", "2   Ada     owner"]);
  });

  test("cuts its widest cells to the terminal", () => {
    const row = ["Ada Marsh", "ada.the.countess@example.com", "active"];
    const lines = table(["PERSON", "E-MAIL", "STATUS"], [row], 40);
    expect(lines[1]).toBe("Ada Marsh  ada.the.countess@exa…  active");
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(40);
  });

  test("gives up where the terminal is too narrow for anything", () => {
    expect(table(["ID", "PERSON"], [["1234567890", "Ada Marsh"]], 5)[1]).toBe("1234567…  Ada Mar…");
  });

  test("for programs has tabs and no headings", () => {
    expect(
      tabSeparated([
        ["1", "Ada\tMarsh\n"],
        ["2", ""],
      ]),
    ).toEqual(["1\tAda Marsh", "2\t"]);
  });
});

test("a name cannot repaint the screen", () => {
  const name = "Ada\u001b[2J\u009b31m\u202egnp.exe\r\n";
  expect(printable(name)).toBe("Ada [2J 31m gnp.exe");
  const json = printableJson({ name }, 0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(JSON.parse(json)).toEqual({ name });
});
