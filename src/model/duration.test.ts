import { expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { type Duration, milliseconds } from "./duration.ts";

test.each<readonly [Duration, number]>([
  ["30s", 30_000],
  ["10m", 600_000],
  ["1h", 3_600_000],
])("%s", (duration, expected) => {
  expect(milliseconds(duration, "freshWithin")).toBe(expected);
});

test.each(["", "10", "m", "0m", "-5m", "1.5h", "10 m", "10M", "1d", "010m", "1e3s", "10m ", 600, null])(
  "%j is told, with what to write instead",
  (wrong) => {
    expect(() => milliseconds(wrong as Duration, "freshWithin")).toThrow(ConfigError);
    expect(() => milliseconds(wrong as Duration, "freshWithin")).toThrow(
      /freshWithin: is .*\n.*30s, 10m or 1h/,
    );
  },
);

test("most of them do not compile either", () => {
  // @ts-expect-error
  const wrong: readonly Duration[] = ["10", "m", "1.5h", "10M", "1d", "010m", ""];
  expect(wrong).toHaveLength(7);
});
