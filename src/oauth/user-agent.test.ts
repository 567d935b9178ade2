import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { USER_AGENT } from "./user-agent.ts";

test("names this version of the package", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(USER_AGENT).toBe(`postern/${version}`);
});
