import { afterEach, expect, test } from "vitest";
import { runCommand, writeConfig } from "../../test/support/command-line.ts";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";
import { SILENT_LOG } from "../model/log.ts";
import { openStore } from "../storage/open-store.ts";

let folder: ScratchFolder;
afterEach(() => folder.remove());

test("housekeeping says what would leave, and then what has left, in both languages and as JSON", async () => {
  folder = scratchFolder();
  const database = folder.database("postern.db");
  const config = writeConfig(database.slice("file:".length, -"/postern.db".length), {
    database,
    rehearsalUrl: "http://localhost:4181",
  });
  await runCommand(["migrate", "--config", config]);
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  const before = Date.now() - 3 * 24 * 60 * 60 * 1_000;
  await store.transaction(async (tx) => {
    for (const state of ["one", "two"])
      await tx.limitCounts.put("somebody", [{ id: state, count: 1, expiresAt: before }]);
  });
  const keep = (env: Record<string, string>, ...more: readonly string[]) =>
    runCommand(["housekeeping", "--config", config, ...more], { env });

  const dry = await keep({}, "--dry-run");
  expect(dry).toMatchObject({
    code: 0,
    stdout: "Would remove what has had its time:\n  counts of limits: 2\n",
  });
  const chinese = await keep({ POSTERN_LANG: "zh-CN" }, "--dry-run");
  expect(chinese.stdout).toContain("限流计数: 2");
  const document = JSON.parse((await keep({}, "--json")).stdout);
  expect(document).toMatchObject({ dryRun: false, ran: true, removed: { limitCounts: 2, sessions: 0 } });
  expect((await keep({})).stdout).toBe("Nothing has had its time.\n");

  await store.transaction((tx) => tx.housekeeping.hold("a server", 60_000));
  const busy = await keep({});
  expect(busy).toMatchObject({ code: 0, stdout: expect.stringContaining("Another process") });
  expect(JSON.parse((await keep({}, "--json")).stdout)).toMatchObject({ ran: false });
  await store.close();
});
