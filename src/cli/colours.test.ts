import { expect, test } from "vitest";
import { createPaint } from "./colours.ts";

const TERMINAL = { isTTY: true };
const PIPE = {};
const RED = "\u001b[31mx\u001b[39m";

test.each([
  ["a terminal", TERMINAL, {}, {}, RED],
  ["a pipe", PIPE, {}, {}, "x"],
  ["NO_COLOR", TERMINAL, { NO_COLOR: "1" }, {}, "x"],
  ["an empty NO_COLOR, which counts for nothing", TERMINAL, { NO_COLOR: "" }, {}, RED],
  ["FORCE_COLOR in a pipe", PIPE, { FORCE_COLOR: "1" }, {}, RED],
  ["FORCE_COLOR=0", TERMINAL, { FORCE_COLOR: "0" }, {}, "x"],
  ["NO_COLOR against FORCE_COLOR", TERMINAL, { NO_COLOR: "1", FORCE_COLOR: "1" }, {}, "x"],
  ["a dumb terminal", TERMINAL, { TERM: "dumb" }, {}, "x"],
  ["--color=never", TERMINAL, { FORCE_COLOR: "1" }, { color: "never" }, "x"],
  ["--no-color", TERMINAL, {}, { noColor: true }, "x"],
  ["--color=always in a pipe", PIPE, { NO_COLOR: "1" }, { color: "always" }, RED],
])("%s", (_, screen, env, flags, painted) => {
  const paint = createPaint(screen, env, { color: undefined, noColor: false, ...flags });
  expect(paint("red", "x")).toBe(painted);
});
