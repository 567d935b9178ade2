import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { freshMysqlDatabase, startMysql } from "../../test/support/mysql.ts";
import { freshDatabase } from "../../test/support/postgres.ts";
import { ConfigError } from "../errors.ts";
import { SILENT_LOG } from "../model/log.ts";
import { openStore } from "./open-store.ts";

const folder = mkdtempSync(join(tmpdir(), "postern-open-"));
const options = { now: Date.now, log: SILENT_LOG };

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["file:path", `file:${join(folder, "plain.db")}`, "plain.db"],
  ["file:///path", pathToFileURL(join(folder, "with space.db")).href, "with space.db"],
])("opens %s as SQLite", async (_, database, name) => {
  const store = await openStore(database, options);
  await store.migrate();
  await store.ping();
  expect(store.changeCounter).not.toBeNull();
  await store.close();
  expect(statSync(join(folder, name)).size).toBeGreaterThan(0);
});

test.each(["postgres:", "postgresql:"])("opens %s as PostgreSQL", async (scheme) => {
  const url = (await freshDatabase()).replace(/^postgres(ql)?:/, scheme);
  const store = await openStore(url, options);
  await store.migrate();
  await store.ping();
  await store.close();
});

test("opens mysql: and mariadb: as MySQL", { timeout: 120_000 }, async () => {
  const server = await startMysql();
  onTestFinished(() => server.stop());
  for (const scheme of ["mysql:", "mariadb:"]) {
    const url = (await freshMysqlDatabase(server.url)).replace(/^mysql:/, scheme);
    const store = await openStore(url, options);
    await store.migrate();
    await store.ping();
    await store.close();
  }
});

test.each([
  "",
  "file:",
  "file::memory:",
  ":memory:",
  "mssql://root:hunter2@db/x",
  "./postern.db",
  "file://host/x",
])("refuses %j and says what to write, without repeating it", async (database) => {
  const refused = openStore(database, options);
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow(/Write file:\.postern\/postern\.db .* postgres:\/\//);
  await expect(refused).rejects.not.toThrow("hunter2");
});
