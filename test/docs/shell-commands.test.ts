import { expect, test } from "vitest";
import { commandsOf, provenCommand } from "./shell-commands.ts";

test("reads the commands of a block", () => {
  const block =
    "# first\nnpm install postern   # from the registry\n\ncurl \\\n  --fail https://a.example/#x\n";
  expect(commandsOf(block)).toEqual(["npm install postern", "curl --fail https://a.example/#x"]);
});

test("a command is proven only as a whole", () => {
  const table = [
    { command: "npm install postern", provenBy: "a" },
    { command: /npm test|npx postern \w+/, provenBy: "b" },
  ];
  expect(provenCommand("npm install postern", table)?.provenBy).toBe("a");
  expect(provenCommand("npx postern doctor", table)?.provenBy).toBe("b");
  expect(provenCommand("npm install postern-extra", table)).toBeNull();
  expect(provenCommand("npm test; reboot", table)).toBeNull();
});
