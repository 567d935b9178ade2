import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CliFailure } from "./failure.ts";
import { OPTION_NAMES, spelled, valueName } from "./options.ts";
import { readWords } from "./read-words.ts";

const failureOf = (argv: readonly string[]) => {
  try {
    readWords(argv);
  } catch (error) {
    if (error instanceof CliFailure) return error;
    throw error;
  }
  throw new Error(`${argv.join(" ")} was understood.`);
};

describe("words and options", () => {
  test("come in any order", () => {
    const { words, flags, given } = readWords([
      "--json",
      "users",
      "--reason",
      "left",
      "revoke",
      "bo",
      "admin",
    ]);
    expect(words).toEqual(["users", "revoke", "bo", "admin"]);
    expect(flags).toMatchObject({
      json: true,
      reason: "left",
      dryRun: false,
      noInput: false,
      query: undefined,
    });
    expect(given).toEqual(["reason", "json"]);
  });

  test.each(OPTION_NAMES.filter((name) => valueName(name) === null))(
    "%s does not take the next word for its value",
    (name) => {
      const { words, flags, given } = readWords(["users", spelled(name), "bo"]);
      expect(words).toEqual(["users", "bo"]);
      expect(flags[name]).toBe(true);
      expect(given).toEqual([name]);
    },
  );

  test("the last of several counts", () => {
    expect(readWords(["--limit=1", "--limit", "2", "--json", "--json"]).flags).toMatchObject({
      limit: "2",
      json: true,
    });
  });

  test("behind -- everything is a word", () => {
    expect(readWords(["users", "show", "--", "--json", "-x", "--"]).words).toEqual([
      "users",
      "show",
      "--json",
      "-x",
      "--",
    ]);
  });

  test("-h is --help", () => {
    expect(readWords(["-h"]).flags.help).toBe(true);
  });

  test.each(["00412", "1e3", "0x10", "", "true", "false", "a=b", "-5", '李伟 "x"'])(
    "the value %j stays as it was typed",
    (reason) => {
      expect(readWords([`--reason=${reason}`]).flags.reason).toBe(reason);
    },
  );

  test("any value and any word stay as they were typed", () => {
    const text = fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0"));
    fc.assert(
      fc.property(text, fc.array(text.filter((word) => !word.startsWith("-"))), (reason, typed) => {
        const { words, flags } = readWords([...typed, `--reason=${reason}`, "--yes"]);
        expect(flags).toMatchObject({ reason, yes: true });
        expect(words).toEqual(typed);
      }),
    );
  });
});

describe("what is not understood", () => {
  test.each([
    ["--jsn", "--json"],
    ["--dryrun", "--dry-run"],
    ["--dryRun", "--dry-run"],
    ["--no-json", "--json"],
    ["--__proto__", null],
    ["--constructor", null],
    ["--json.x", "--json"],
    ["-x", null],
    ["-yq", null],
    ["-", null],
  ])("%s is named, with what it is close to: %s", (typed, didYouMean) => {
    expect(failureOf(["users", "list", typed])).toMatchObject({
      code: "unknown_option",
      more: { option: typed, didYouMean },
    });
  });

  test.each([["--reason"], ["--reason", "--json"], ["--reason", "-5"]])(
    "a missing value: %s %s",
    (...argv) => {
      expect(failureOf(argv).code).toMatch(/missing_value|unknown_option/);
    },
  );

  test.each(["--json=true", "--dry-run=false", "--no-input=1"])("a value too many: %s", (typed) => {
    expect(failureOf([typed]).code).toBe("unexpected_value");
  });
});
