import { afterEach, expect, test } from "vitest";
import { runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";

let folder: ScratchFolder;
afterEach(() => folder.remove());

test("tokens reseal says how many it were, in both languages, and as JSON", async () => {
  folder = scratchFolder();
  const database = folder.database("postern.db");
  const config = writeConfig(database.slice("file:".length, -"/postern.db".length), {
    database,
    rehearsalUrl: "http://localhost:4181",
  });
  await runCommand(["migrate", "--config", config]);
  const reseal = (...more: readonly string[]) =>
    runCommand(["tokens", "reseal", "--config", config, ...more]);
  expect(await reseal()).toMatchObject({ code: 0, stdout: expect.stringContaining("newest secret already") });
  expect(JSON.parse((await reseal("--json")).stdout)).toMatchObject({ resealed: 0, unreadable: 0 });
  const chinese = await runCommand(["tokens", "reseal", "--config", config], {
    env: { POSTERN_LANG: "zh-CN" },
  });
  expect(chinese.stdout).toContain("最新的密钥");
});
